"""Sets of public keys that are enrolled together."""

from __future__ import annotations

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.signature_list import X509, build_signature_list
from ovmfgui.trust.known import MICROSOFT_OWNER, known_certificates


class Profile(NamedTuple):
    """What is enrolled; files of resources/certificates by variable.

    ``PK`` is enrolled only where there is none: who owns the machine stays.
    """

    name: str
    what: str
    PK: tuple[str, ...]
    KEK: tuple[str, ...]
    db: tuple[str, ...]


_2011 = (("ms-kek-2011.pem",), ("ms-uefi-2011.pem", "windows-2011.pem"))
_2023 = (("ms-kek-2023.pem",), ("ms-uefi-2023.pem", "windows-2023.pem", "ms-uefi-rom-2023.pem"))
_PK = ("ms-oem-pk-2023.pem",)

PROFILES: tuple[Profile, ...] = (
    Profile("microsoft-2023", "Microsoft's keys of 2023 alone", _PK, *_2023),
    Profile(
        "microsoft-2011+2023",
        "Microsoft's keys of both generations: loaders signed with either start",
        _PK,
        (*_2011[0], *_2023[0]),
        (*_2011[1], *_2023[1]),
    ),
    Profile(
        "microsoft-2011",
        "Microsoft's keys of 2011 alone, which have all ended: machines as they were before",
        _PK,
        *_2011,
    ),
    Profile(
        "distribution",
        "the keys of Debian, Ubuntu, Fedora, Red Hat and CentOS, for their loaders without shim",
        (),
        (),
        (
            "debian-2016.pem",
            "ubuntu-2012.pem",
            "fedora-2020.pem",
            "redhat-2014.pem",
            "redhat-2020.pem",
            "redhat-2023.pem",
            "rh-uefi-2024.pem",
            "centos-2018.pem",
            "centos-2020.pem",
            "centos-2025.pem",
        ),
    ),
)


def profile_named(name: str) -> Profile | None:
    """The profile of that name; None where there is none."""
    return next((each for each in PROFILES if each.name == name), None)


def signature_lists(files: tuple[str, ...]) -> bytes:
    """Signature lists of certificates, one list each, owned by Microsoft where they are its own."""
    known = {each.file: each for each in known_certificates().values()}
    lists = b""
    for file in files:
        certificate = known[file]
        # Distributions' keys carry Microsoft's owner GUID in most stores too; firmware ignores it.
        lists += build_signature_list(X509, [(MICROSOFT_OWNER, certificate.der)])
    return lists
