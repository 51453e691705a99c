import datetime
import struct

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from debian_firmware import VARS_4M_MS
from stores import OTHER, VENDOR, pristine

from ovmfgui.cli.main import main
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.nvram.signature_list import SHA256, X509, build_signature_list, parse_signature_lists
from ovmfgui.refusal import Refused

PKCS7 = bytes.fromhex("9dd2af4adf68ee498aa9347d375665a7")
STAMP = timestamp.from_text("2024-05-31T12:00:00")


def certificate(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2034, 1, 1, tzinfo=datetime.UTC))
        .sign(key, hashes.SHA256())
    )


def der(name):
    return certificate(name).public_bytes(serialization.Encoding.DER)


def signed_update(payload, signature=b"PKCS7"):
    head = struct.pack("<IHH", 24 + len(signature), 0x0200, 0x0EF1) + PKCS7
    return STAMP + head + signature + payload


def enrolled(**switches):
    data = pristine("4M")
    keys = build_signature_list(X509, [(VENDOR, der("Owner of this machine"))])
    dbx = build_signature_list(SHA256, [(VENDOR, bytes(32)), (VENDOR, b"\1" * 32)])
    for name, guid, value in (
        ("PK", vendors.GLOBAL, keys),
        ("KEK", vendors.GLOBAL, keys),
        ("db", vendors.IMAGE_SECURITY, keys),
        ("dbx", vendors.IMAGE_SECURITY, dbx),
    ):
        data = Editor(data).set_variable(name, guid, value, 0x27, timestamp=STAMP).after
    for name, value in switches.items():
        guid = {"SecureBootEnable": vendors.SECURE_BOOT_ENABLE, "CustomMode": vendors.CUSTOM_MODE}
        data = Editor(data).set_variable(name, guid[name], value, 3).after
    return read_store(data)


def test_without_a_pk_it_is_setup_mode():
    state = secure_boot(read_store(pristine()))
    assert (state.setup_mode, state.enabled, state.keys) == (True, False, ())
    assert "setup mode" in state.summary
    assert secure_boot(read_store(pristine(plain=True))) is None


@pytest.mark.parametrize(
    ("switches", "enabled"),
    [({}, True), ({"SecureBootEnable": b"\1"}, True), ({"SecureBootEnable": b"\0"}, False)],
)
def test_with_a_pk_it_is_on_unless_switched_off(switches, enabled):
    state = secure_boot(enrolled(**switches))
    assert (state.setup_mode, state.enabled) == (False, enabled)
    assert ("switched off" in state.summary) != enabled


def test_the_summary_names_keys_and_the_age_of_dbx():
    state = secure_boot(enrolled(CustomMode=b"\1"))
    assert state.custom_mode
    assert "PK: Owner of this machine" in state.summary
    assert "dbx: 2 hashes" in state.summary


def test_the_time_stamp_of_dbx_is_not_taken_for_its_age():
    """All of Microsoft's updates of dbx have the stamp 2010-03-06: only its content tells."""
    state = secure_boot(enrolled())
    assert state is not None
    assert state.summary.endswith("dbx: 2 hashes")
    assert state.keys[-1].stamped == "2024-05-31T12:00:00"


@pytest.mark.firmware
def test_microsofts_keys_are_known():
    state = secure_boot(read_store(VARS_4M_MS.read_bytes()))
    assert state.enabled
    kek = next(each for each in state.keys if each.name == "KEK")
    assert kek.authorities == ("Microsoft 2011",)
    assert kek.others == ("Debian UEFI Secure Boot (PK/KEK key)",)


def signers(lists):
    return [
        (each.type, s.owner, s.data)
        for each in parse_signature_lists(lists).lists
        for s in each.signatures
    ]


def test_certificates_come_as_der_or_pem():
    one, two = certificate("One"), certificate("Two")
    ders = [c.public_bytes(serialization.Encoding.DER) for c in (one, two)]
    pem = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (one, two))
    assert signers(read_keys(ders[0], OTHER).lists) == [(X509, OTHER, ders[0])]
    assert signers(read_keys(b"a comment\n" + pem, OTHER).lists) == [
        (X509, OTHER, each) for each in ders
    ]


def test_signature_lists_and_signed_updates_keep_their_owners():
    lists = build_signature_list(SHA256, [(VENDOR, bytes(32))])
    assert read_keys(lists, OTHER) == (lists, None)
    assert read_keys(signed_update(lists), OTHER) == (lists, STAMP)


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"text",
        bytes(100),
        signed_update(b"no lists"),
        signed_update(b"")[:30],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        der("Cut")[:-1],
    ],
    # A certificate is another each time; what a test is called is the same in each worker.
    ids=["empty", "text", "zeros", "no-lists", "update-cut", "pem-of-nothing", "certificate-cut"],
)
def test_other_files_are_refused(contents):
    with pytest.raises(Refused):
        read_keys(contents, OTHER)


def test_keys_are_enrolled_on_the_command_line(tmp_path, capsys):
    path, pem, auth = tmp_path / "VARS.fd", tmp_path / "key.pem", tmp_path / "dbx.auth"
    path.write_bytes(pristine("4M"))
    pem.write_bytes(certificate("Mine").public_bytes(serialization.Encoding.PEM))
    auth.write_bytes(signed_update(build_signature_list(SHA256, [(VENDOR, bytes(32))])))
    for name in ("PK", "KEK", "db"):
        arguments = ["set", str(path), name, "--keys", str(pem), "--owner", str(OTHER)]
        assert main(["vars", *arguments]) == 0
    # Its signature is none, which firmware in user mode refuses.
    assert main(["vars", "append", str(path), "dbx", "--keys", str(auth)]) == 2
    assert main(["vars", "append", str(path), "dbx", "--keys", str(auth), "--force"]) == 0
    store = read_store(path.read_bytes())
    assert "on; PK: Mine; KEK: Mine; db: Mine; dbx: 1 hash" in secure_boot(store).summary
    assert store.find("dbx").timestamp == STAMP
    assert signers(store.find("PK").data)[0][1] == OTHER
    capsys.readouterr()
    assert main(["vars", "set", str(path), "db", "--keys", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
