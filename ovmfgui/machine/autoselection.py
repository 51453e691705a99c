"""Firmware that libvirt chooses itself: ``<os firmware='efi'>`` and the host's descriptors.

The order and the tests are those of libvirt's src/qemu/qemu_firmware.c (qemuFirmwareMatchDomain,
qemuFirmwareFillDomain), held against what two real hosts chose.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.machine.descriptors import Descriptor


@dataclass(frozen=True, slots=True)
class Wish:
    """What a domain asks of the firmware that libvirt is to choose.

    Attributes:
        architecture: as QEMU calls it.
        board: the machine type.
        features: of ``<firmware>``: name to whether it is wanted or refused.
        secure: ``<loader secure=…>``.
        stateless: ``<loader stateless=…>``.
        loader: the path, where the domain names one already.
        loader_type: ``pflash`` or ``rom``; empty where the domain leaves it open.
        loader_format: as declared; None where nothing is.
        store_format: of ``<nvram>``, as declared; None where nothing is.
        wakes: whether S3 and S4 are asked for (``<pm>``).
        sev: what ``<launchSecurity>`` asks for; empty where there is none.
    """

    architecture: str
    board: str
    features: tuple[tuple[str, bool], ...] = ()
    secure: bool | None = None
    stateless: bool | None = None
    loader: str = ""
    loader_type: str = ""
    loader_format: str | None = None
    store_format: str | None = None
    wakes: tuple[str, ...] = ()
    sev: str = ""


_SEV = {"sev": "amd-sev", "sev-es": "amd-sev-es", "sev-snp": "amd-sev-snp", "tdx": "intel-tdx"}


def choose(wish: Wish, descriptors: Iterable[Descriptor]) -> Descriptor | None:
    """The first descriptor, best first, that matches; None where none does."""
    return next((each for each in descriptors if _matches(wish, each)), None)


def _matches(wish: Wish, descriptor: Descriptor) -> bool:
    return (
        (not descriptor.interfaces or "uefi" in descriptor.interfaces)
        and _target_matches(wish, descriptor)
        and _image_matches(wish, descriptor)
        and _features_match(wish, descriptor)
    )


def _target_matches(wish: Wish, descriptor: Descriptor) -> bool:
    return any(
        target.architecture == wish.architecture
        and any(fnmatchcase(_canonical(wish.board), pattern) for pattern in target.machines)
        for target in descriptor.targets
    )


def _canonical(board: str) -> str:
    """An alias as libvirt writes it down when a domain is defined: ``q35`` is ``pc-q35-7.2``."""
    prefix = {"q35": "pc-q35-", "pc": "pc-i440fx-", "virt": "virt-", "microvm": "microvm"}
    return prefix.get(board, board)


def _image_matches(wish: Wish, descriptor: Descriptor) -> bool:
    if wish.loader and wish.loader != descriptor.executable:
        return False
    if descriptor.device == "memory":
        return wish.loader_type in ("", "rom") and not _wants_flash(wish)
    if descriptor.device != "flash" or wish.loader_type == "rom":
        return False
    wanted = "stateless" if wish.stateless else "split"
    code_format, store_format = descriptor.formats
    if descriptor.mode != wanted:
        return False
    if code_format != (wish.loader_format or "raw"):
        return False
    # The store is copied into the format that is asked for; libvirt before 9.2 knows raw alone.
    return store_format == "raw" or store_format == (wish.store_format or "raw")


def _wants_flash(wish: Wish) -> bool:
    """Whether the domain says what only flash has: libvirt then passes ROM images over."""
    said = (wish.secure, wish.store_format, wish.loader_format)
    return any(each is not None for each in said)


def _features_match(wish: Wish, descriptor: Descriptor) -> bool:
    features = descriptor.features
    if any((name in features) != wanted for name, wanted in wish.features):
        return False
    if wish.secure and "requires-smm" not in features:
        return False
    if wish.secure is False and "requires-smm" in features:
        return False
    if any(f"acpi-{state}" not in features for state in wish.wakes):
        return False
    return not wish.sev or _SEV.get(wish.sev, wish.sev) in features
