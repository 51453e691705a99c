"""PKCS#7 out of hostile bytes: an answer or a ValueError, and no changed content passes."""

import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from debian_firmware import VARS_4M_MS
from signed_updates import OWNER, made_key, own_key, signed_update

from ovmfgui.budgets import MOST_CERTIFICATES
from ovmfgui.nvram import vendors
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signed_update import read_signed_update, signature_of
from ovmfgui.refusal import Refused
from ovmfgui.trust import pkcs7 as pkcs7_module
from ovmfgui.trust.certificate_chain import leads_to, vouches
from ovmfgui.trust.pkcs7 import read_signed_data
from ovmfgui.trust.update_verdict import update_verdict

UPDATE = (Path(__file__).parents[1] / "data" / "dbx" / "2025-02-24-aarch64.bin").read_bytes()
KEY = (vendors.IMAGE_SECURITY, "dbx")


def mutated(seed, start, end):
    chance = random.Random(seed)
    data = bytearray(UPDATE)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(start, end)
        data[at] = chance.choice((chance.randrange(256), data[at] ^ 1, 0x30, 0x80, 0xFF, 0))
    return bytes(data)


@pytest.mark.firmware
def test_damaged_signatures_end_in_an_answer():
    store = read_store(VARS_4M_MS.read_bytes())
    end = 40 + len(signature_of(UPDATE))
    for seed in range(1500):
        verdict = update_verdict(store, KEY, 0x27, mutated(seed, 40, end), appending=True)
        assert "\n" not in verdict.sentence
    for seed in range(300):
        changed = mutated(seed, end, len(UPDATE))
        verdict = update_verdict(store, KEY, 0x27, changed, appending=True)
        assert verdict.accepted is (changed == UPDATE)


@pytest.mark.parametrize("cut", range(0, 1200, 13))
def test_a_cut_off_signature_is_a_value_error(cut):
    with pytest.raises(ValueError, match=r"."):
        read_signed_data(signature_of(UPDATE)[:cut])


def test_what_is_in_a_message_is_read():
    message = read_signed_data(signature_of(UPDATE))
    assert (message.digest, message.wrapped, len(message.signers)) == ("SHA256", False, 1)
    assert message.signers[0].certificate in message.certificates
    payload = read_signed_update(UPDATE).payload
    assert UPDATE.endswith(payload)


def test_many_certificates_are_bounded():
    key = own_key("KEK")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"x")
    builder = builder.add_signer(key.certificate, key.private, hashes.SHA256())
    for number in range(MOST_CERTIFICATES - 1):
        builder = builder.add_certificate(own_key(f"Many {number % 4}").certificate)
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
    message = read_signed_data(builder.sign(serialization.Encoding.DER, options))
    assert len(message.certificates) == MOST_CERTIFICATES
    builder = builder.add_certificate(own_key("Many 0").certificate)
    with pytest.raises(ValueError, match="more than the 64 certificates"):
        read_signed_data(builder.sign(serialization.Encoding.DER, options))


@pytest.mark.firmware
def test_an_update_whose_signature_is_not_read_whole_is_not_known_to_be_refused(monkeypatch):
    store = read_store(VARS_4M_MS.read_bytes())
    key = own_key("Other")
    update = signed_update(key, "dbx", KEY[0], key.lists, attributes=0x67)
    refused = update_verdict(store, KEY, 0x27, update, appending=True)
    assert refused.sentence.startswith("firmware refuses")
    monkeypatch.setattr(pkcs7_module, "MOST_CERTIFICATES", 0)
    unknown = update_verdict(store, KEY, 0x27, update, appending=True)
    assert (unknown.accepted, unknown.known) == (False, False)
    assert unknown.sentence.startswith("whether firmware takes this update of dbx is not known")


def test_a_chain_is_followed_to_its_end():
    chain = [own_key("KEK")]
    for number in range(20):
        chain.append(made_key(f"Link {number}", chain[-1]))
    between = [each.certificate for each in chain[1:-1]]
    assert leads_to(chain[-1].certificate, between, chain[0].certificate)
    assert not leads_to(chain[-1].certificate, between[:9] + between[10:], chain[0].certificate)


def test_who_vouches_for_whom():
    root, leaf = own_key("KEK"), own_key("Leaf", "KEK", authority=False)
    assert vouches(root.certificate, leaf.certificate)
    assert not vouches(leaf.certificate, root.certificate)
    assert leads_to(leaf.certificate, (), root.certificate)
    assert leads_to(leaf.certificate, (), leaf.certificate)
    assert not leads_to(root.certificate, (leaf.certificate,), leaf.certificate)
    # One that is no authority vouches for nobody, whatever it signed.
    last = own_key("No authority", authority=False)
    below = made_key("Below", last, authority=False)
    assert not vouches(last.certificate, below.certificate)


def test_a_certificate_of_no_version_is_refused_in_a_line():
    der = bytearray(own_key("KEK").der)
    at = der.index(b"\xa0\x03\x02\x01\x02") + 4
    der[at] = 15
    with pytest.raises(Refused):
        read_keys(bytes(der), OWNER)
    update = signed_update(own_key("KEK"), "dbx", KEY[0], own_key("KEK").lists)
    whole = own_key("KEK").der
    broken = update.replace(whole, bytes(der), 1)
    assert broken != update
    with pytest.raises(ValueError, match="damaged"):
        read_signed_data(signature_of(broken))
