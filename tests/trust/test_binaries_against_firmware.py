"""Would this binary start? Real firmware does what the tool says, for every key set and binary."""

import datetime
import functools
import subprocess
import tempfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from debian_firmware import VARS_4M, VARS_4M_MS
from secure_boots import offered
from signed_updates import kept_key

from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import SHA256, X509, build_signature_list
from ovmfgui.trust.binary import judge, read_binary
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.known import MICROSOFT_OWNER, known_certificates
from ovmfgui.trust.overview import overview
from ovmfgui.trust.profiles import profile_named

pytestmark = [pytest.mark.firmware, pytest.mark.boots]

SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
GRUB = Path("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")
TODAY = datetime.date(2026, 11, 1)


@functools.cache
def own_key(folder: str) -> bytes:
    """A key pair as PEM files in a folder; its certificate, DER."""
    key = kept_key("Own key")
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Own key")])
    now = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=10_000))
        .sign(key, hashes.SHA256())
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    Path(folder, "key.pem").write_bytes(key.private_bytes(pem, form, none))
    Path(folder, "cert.pem").write_bytes(made.public_bytes(pem))
    return made.public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="binaries-") as name:
        own_key(name)
        yield Path(name)


@pytest.fixture(scope="module")
def binaries(folder) -> dict[str, bytes]:
    """Shim with both of Microsoft's signatures, with one, with none, with ours; grub is last."""

    def stripped(name: str, *numbers: int) -> Path:
        path = folder / f"{name}.efi"
        path.write_bytes(SHIM.read_bytes())
        for number in numbers:
            command = ["sbattach", "--signum", str(number), "--remove", path]
            subprocess.run(command, check=True, capture_output=True)
        return path

    unsigned = stripped("unsigned", 2, 1)
    own = folder / "own.efi"
    subprocess.run(
        [
            "sbsign",
            "--key",
            folder / "key.pem",
            "--cert",
            folder / "cert.pem",
            "--output",
            own,
            unsigned,
        ],
        check=True,
        capture_output=True,
    )
    return {
        "both": SHIM.read_bytes(),
        "2011": stripped("2011", 2).read_bytes(),
        "2023": stripped("2023", 1).read_bytes(),
        "unsigned": unsigned.read_bytes(),
        "own": own.read_bytes(),
        "grub": GRUB.read_bytes(),
    }


def known(file: str) -> bytes:
    return next(each.der for each in known_certificates().values() if each.file == file)


def with_profile(name: str, base: bytes) -> bytes:
    profile = profile_named(name)
    assert profile is not None
    return enrol(base, of_profile(profile, read_store(base))).after


def lists(*ders: bytes) -> bytes:
    return b"".join(build_signature_list(X509, [(MICROSOFT_OWNER, der)]) for der in ders)


def store_of(name: str, folder: Path, binaries: dict[str, bytes]) -> bytes:
    plain = VARS_4M.read_bytes()
    own = lists(own_key(str(folder)))
    match name:
        case "setup":
            return plain
        case "debian":
            return VARS_4M_MS.read_bytes()
        case "microsoft-2023" | "microsoft-2011+2023":
            return with_profile(name, plain)
        case "distribution":
            return enrol(with_profile("distribution", plain), {"KEK": own, "PK": own}).after
        case "own":
            return enrol(plain, {"db": own, "KEK": own, "PK": own}).after
        case "hash in db":
            path = folder / "hashed.efi"
            path.write_bytes(binaries["unsigned"])
            digest = build_signature_list(
                SHA256, [(MICROSOFT_OWNER, read_binary(str(path)).digest)]
            )
            return enrol(plain, {"db": digest, "KEK": own, "PK": own}).after
        case "hash in dbx":
            path = folder / "hashed.efi"
            path.write_bytes(binaries["both"])
            digest = build_signature_list(
                SHA256, [(MICROSOFT_OWNER, read_binary(str(path)).digest)]
            )
            base = enrol(with_profile("microsoft-2011+2023", plain), {"dbx": digest})
            return enrol(base.after, {"db": own}).after
        case _:
            assert name == "2011 in dbx"
            revoked = lists(known("ms-uefi-2011.pem"))
            return enrol(with_profile("microsoft-2011+2023", plain), {"dbx": revoked}).after


STORES = (
    "setup",
    "debian",
    "microsoft-2023",
    "microsoft-2011+2023",
    "distribution",
    "own",
    "hash in db",
    "hash in dbx",
    "2011 in dbx",
)


@pytest.mark.parametrize("name", STORES)
def test_firmware_starts_what_the_tool_says(name, folder, binaries):
    data = store_of(name, folder, binaries)
    store = read_store(data)
    seen = overview(
        {record.key: record.data for record in store.live},
        authenticated=store.authenticated,
        room=None,
        today=TODAY,
    )
    said = {}
    for binary, contents in binaries.items():
        path = folder / f"said-{binary}.efi"
        path.write_bytes(contents)
        said[binary] = judge(read_binary(str(path)), seen).starts
    # Its signature has the time of day in it.
    alike = binaries | {"own": own_key(str(folder)) + binaries["unsigned"]}
    did = offered(data, list(binaries.values()), list(alike.values()))
    assert dict(zip(binaries, did, strict=True)) == said
