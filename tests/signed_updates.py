"""Signed updates of variables, made by cryptography and by sbvarsign, with keys of our own.

The keys that real firmware sees are kept in data/keys, so that what is made with them is the same
each time and its answer can be read from its record; others are made anew.
"""

import datetime
import functools
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from ovmfgui.nvram.signature_list import X509, build_signature_list

OWNER = UUID("11111111-2222-3333-4444-123456789abc")
TIMED = 0x27
APPEND = 0x40
_KEYS = Path(__file__).parent / "data" / "keys"
_PKCS7 = UUID("4aafd29d-68df-49ee-8aa9-347d375665a7")


@dataclass(frozen=True)
class Key:
    """A private key and its certificate, with that of who vouches for it."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def lists(self):
        """The certificate as a signature list."""
        return build_signature_list(X509, [(OWNER, self.der)])


@functools.cache
def own_key(name, issuer=None, *, authority=True):
    """A key of that name, signed by the key ``issuer``, or by itself; ended long ago."""
    above = None if issuer is None else own_key(issuer)
    private = kept_key(name) if _kept(name).exists() else None
    return made_key(name, above, authority=authority, private=private)


def _kept(name):
    return _KEYS / f"{name.lower().replace(' ', '-')}.pem"


def kept_key(name):
    """The private key of that name in data/keys, of RSA, whose signatures are alike each time."""
    return serialization.load_pem_private_key(_kept(name).read_bytes(), password=None)


def made_key(name, above, *, authority=True, private=None):
    """The same with a key that is made anew, or given; signed by a key that is given."""
    serial = x509.random_serial_number() if private is None else sum(name.encode()) + 1
    private = private or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    began = datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if above is None else above.certificate.subject)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(began)
        .not_valid_after(began + datetime.timedelta(days=1000))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(private if above is None else above.private, hashes.SHA256())
    )
    return Key(private, made, () if above is None else (above.certificate, *above.above))


def efi_time(text):
    moment = datetime.datetime.fromisoformat(text)
    return struct.pack("<HBBBBBBIhBB", *moment.timetuple()[:6], 0, 0, 0, 0, 0)


def signed_update(
    key,
    name,
    guid,
    payload,
    *,
    time="2020-01-01",
    attributes=TIMED,
    digest=None,
    wrapped=False,
    plain=True,
    chain=True,
):
    """An update as SetVariable takes it.

    ``wrapped`` leaves the ContentInfo around it; ``plain`` leaves out signed attributes; ``chain``
    takes the certificates above the signer's along.
    """
    stamp = efi_time(time)
    content = name.encode("utf-16-le") + guid.bytes_le + struct.pack("<I", attributes) + stamp
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content + payload)
    builder = builder.add_signer(key.certificate, key.private, digest or hashes.SHA256())
    for each in key.above if chain else ():
        builder = builder.add_certificate(each)
    if plain:
        options.append(pkcs7.PKCS7Options.NoAttributes)
    signature = builder.sign(serialization.Encoding.DER, options)
    return authenticated(stamp, signature if wrapped else _unwrapped(signature), payload)


def authenticated(stamp, signature, payload):
    """EFI_VARIABLE_AUTHENTICATION_2 around a signature, and the value."""
    head = struct.pack("<IHH", 24 + len(signature), 0x200, 0xEF1)
    return stamp + head + _PKCS7.bytes_le + signature + payload


def _unwrapped(signature):
    """SignedData alone: behind SEQUENCE, the OID and [0], whose lengths have two bytes here."""
    assert signature[:2] == signature[15:16].replace(b"\xa0", b"\x30") + b"\x82"
    return signature[19:]


def sbvarsign(folder, key, name, guid, payload, *, append=False):
    """The same by sbvarsign, stamped with the time of today."""
    folder = Path(folder)
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    none = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private.private_bytes(pem, form, none))
    (folder / "cert.pem").write_bytes(key.certificate.public_bytes(pem))
    (folder / "value").write_bytes(payload)
    attributes = "NON_VOLATILE,BOOTSERVICE_ACCESS,RUNTIME_ACCESS"
    subprocess.run(
        [
            *("sbvarsign", "--key", "key.pem", "--cert", "cert.pem", "--guid", str(guid)),
            *("--attr", attributes + (",APPEND_WRITE" if append else "")),
            *("--output", "signed", name, "value"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "signed").read_bytes()
