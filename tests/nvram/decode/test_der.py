import datetime
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from debian_firmware import VARS_4M_MS
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import peer
from stores import VENDOR, pristine

from ovmfgui.budgets import MOST_DER_PARTS
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.decode.certificate import read_certificate
from ovmfgui.nvram.decode.der import elements_of, read_names
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.nvram.signature_list import X509, build_signature_list, parse_signature_lists
from ovmfgui.refusal import Refused

EfiInputKey = ec.generate_private_key(ec.SECP256R1())
OID = x509.NameOID


def certificate(attributes, *, issuer=None, serial=7, first=2024, last=2034):
    subject = x509.Name([x509.NameAttribute(kind, value) for kind, value in attributes])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(EfiInputKey.public_key())
        .serial_number(serial)
        .not_valid_before(datetime.datetime(first, 1, 31, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(last, 12, 1, tzinfo=datetime.UTC))
        .sign(EfiInputKey, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def as_cryptography_reads_it(der):
    whole = x509.load_der_x509_certificate(der)
    names = []
    for name in (whole.subject, whole.issuer):
        common = name.get_attributes_for_oid(OID.COMMON_NAME)
        names.append(common[0].value if common else name.rfc4514_string())
    return (
        *names,
        whole.not_valid_before_utc.date().isoformat(),
        whole.not_valid_after_utc.date().isoformat(),
        f"{whole.serial_number:x}",
    )


NAMES = st.lists(
    st.tuples(
        st.sampled_from((OID.COMMON_NAME, OID.ORGANIZATION_NAME, OID.LOCALITY_NAME)),
        st.text("abcÄ変 0", min_size=1, max_size=20).filter(lambda text: text == text.strip()),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(NAMES, st.integers(1, 2**150), st.integers(1951, 2100))
def test_names_dates_and_serials_are_those_that_cryptography_reads(attributes, serial, first):
    der = certificate(attributes, serial=serial, first=first, last=first + 1)
    assert tuple(read_names(der)) == as_cryptography_reads_it(der)


@pytest.mark.firmware
def test_real_certificates_are_read_alike():
    store = read_store(VARS_4M_MS.read_bytes())
    ders = [
        signature.data
        for name in ("PK", "KEK", "db")
        for each in parse_signature_lists(store.find(name).data).lists
        for signature in each.signatures
    ]
    assert len(ders) == 5
    for der in ders:
        assert tuple(read_names(der)) == as_cryptography_reads_it(der)


# Signatures differ from run to run, and in their length too.
MINE = certificate([(OID.COMMON_NAME, "Mine")])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.integers(0, 255), st.integers(0, 260))
def test_damaged_certificates_are_none_and_never_an_exception(at, value, cut):
    changed = MINE[:at] + bytes([value]) + MINE[at + 1 :]
    for damaged in (changed, MINE[:cut]):
        found = read_certificate(damaged)
        assert found is None or len(found.sha256) == 64


def test_a_certificate_of_microsofts_name_alone_is_told_from_the_real_one():
    name = "Microsoft UEFI CA 2023"
    fake = certificate([(OID.COMMON_NAME, name)])
    found = read_certificate(fake)
    assert (found.authority, found.only_by_subject) == ("Microsoft 2023 by its subject", True)
    data = pristine("4M")
    lists = build_signature_list(X509, [(VENDOR, fake)])
    for key, guid in (("PK", vendors.GLOBAL), ("db", vendors.IMAGE_SECURITY)):
        data = Editor(data).set_variable(key, guid, lists, 0x27).after
    store = read_store(data)
    assert "db: Microsoft 2023 by its subject" in secure_boot(store).summary
    (finding,) = decode(store.find("db")).findings
    assert finding.id == "certificate-subject"
    assert name in finding.text


@pytest.mark.firmware
def test_microsofts_certificates_of_2011_are_known_by_their_fingerprints():
    store = read_store(VARS_4M_MS.read_bytes())
    found = [entry for name in ("KEK", "db") for entry in decode(store.find(name)).value]
    assert [(e["authority"], e["genuine"]) for e in found if "2011" in e["subject"]] == [
        ("Microsoft 2011", True)
    ] * 3


def test_microsofts_certificates_of_2023_are_known_by_their_fingerprints():
    # virt-firmware, which the tests compare with anyway, brings copies of them.
    pems = peer("lib/python3*/site-packages/virt/firmware/certs/microsoft.com/*2023.pem")
    assert len(pems) == 5
    for pem in pems:
        (each,) = parse_signature_lists(read_keys(pem.read_bytes(), VENDOR).lists).lists
        found = read_certificate(each.signatures[0].data)
        assert (found.authority, found.only_by_subject) == ("Microsoft 2023", False)
        assert "2023" in found.subject or found.subject == "Windows OEM Devices PK"


def test_what_openssl_would_not_take_is_not_enrolled():
    whole = certificate([(OID.COMMON_NAME, "Mine")])
    # A public key of a kind that does not exist, names and dates as they should be.
    broken = whole.replace(bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d027f"))
    assert broken != whole
    assert read_certificate(broken) is not None
    with pytest.raises(Refused):
        read_keys(broken, VENDOR)


def test_a_listing_of_certificates_does_without_cryptography(tmp_path):
    path = tmp_path / "VARS.fd"
    lists = build_signature_list(X509, [(VENDOR, certificate([(OID.COMMON_NAME, "Mine")]))])
    path.write_bytes(Editor(pristine("4M")).set_variable("PK", vendors.GLOBAL, lists, 0x27).after)
    code = (
        # What measures coverage has modules of its own there already.
        "import sys; before = set(sys.modules); "
        "import ovmfgui.cli.main as m; m.main(sys.argv[1:]); "
        "print([n for n in ('cryptography', 'numpy', 'json') if n in set(sys.modules) - before])"
    )
    command = [sys.executable, "-c", code, "vars", "list", str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "PK: Mine" in out
    assert out.splitlines()[-1] == "[]"


def test_more_parts_than_are_read_are_told():
    assert len(elements_of(b"\2\1\0" * MOST_DER_PARTS)) == MOST_DER_PARTS
    with pytest.raises(ValueError, match="more than the 64 parts"):
        elements_of(b"\2\1\0" * (MOST_DER_PARTS + 1))
