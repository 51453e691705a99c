"""What one package's firmware descriptors promise and another's do not.

The features are those of QEMU's docs/interop/firmware.json, FirmwareFeature; whoever makes a
machine (libvirt, virt-install, Proxmox) chooses its firmware by them.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.hosts.package import Form
from ovmfgui.hosts.package_finding import PackageFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.hosts.package_reading import ReadPackage
    from ovmfgui.machine.descriptors import Descriptor

_LOST = {
    "secure-boot": "a domain that asks for Secure Boot is not given it any more",
    "requires-smm": "machines are made without SMM: an SMM build hangs there, any other leaves its "
    "Secure Boot variables to the guest",
    "enrolled-keys": "machines are made without keys, with Secure Boot off",
    "amd-sev": "a domain with AMD SEV finds no firmware",
    "amd-sev-es": "a domain with AMD SEV-ES finds no firmware",
    "amd-sev-snp": "a domain with AMD SEV-SNP finds no firmware",
    "intel-tdx": "a domain with Intel TDX finds no firmware",
    "acpi-s3": "a domain that is to suspend to memory finds no firmware",
    "acpi-s4": "a domain that is to suspend to disk finds no firmware",
    "host-uefi-vars": "machines are made without QEMU's uefi-vars device, where the variables are",
    "verbose-dynamic": "messages of the firmware cannot be asked for by debug console",
    "verbose-static": "the firmware writes no messages",
}
_NARROWS = {
    "requires-smm": "a machine without SMM (pc-i440fx, smm=off) cannot have it any more",
    "enrolled-keys": "a domain that asks for firmware without keys does not find it any more",
    "secure-boot": "a domain that asks for firmware without Secure Boot does not find it any more",
    "host-uefi-vars": "it needs a QEMU with the uefi-vars device",
}
"""Features that leave out machines which were served without them."""


def descriptor_findings(here: ReadPackage, there: ReadPackage) -> Iterator[PackageFinding]:
    """What has changed of each descriptor of ``here``, and what those of ``there`` lack."""
    for name, own in sorted(here.descriptors.items()):
        other = there.descriptors.get(name) or _renamed(own, there)
        if other is not None:
            for finding in _compared(own, other):
                yield PackageFinding(other.path, finding)
        elif there.package.form is Form.TREE is here.package.form:
            text = (
                f"{name} is not in {there.package.name}: whoever chooses firmware by its features "
                f"does not find {own.executable} any more"
            )
            yield PackageFinding(own.path, Finding("descriptor-missing", Severity.ERROR, text))
    for name, other in sorted(there.descriptors.items()):
        yield from _files_missing(name, other, here, there)


def _renamed(own: Descriptor, there: ReadPackage) -> Descriptor | None:
    """Another name changes its place in the order only."""
    same = (d for d in there.descriptors.values() if d.files == own.files)
    return next((each for each in same if _targets(each) & _targets(own)), None)


def _compared(own: Descriptor, other: Descriptor) -> Iterator[Finding]:
    name, before = PurePosixPath(other.path).name, PurePosixPath(own.path).name
    if name != before:
        text = f"{before} is called {name} now: the order in which firmware is chosen is by name"
        yield Finding("descriptor-renamed", Severity.WARNING, text)
    for feature in (each for each in own.features if each not in other.features):
        means = _LOST.get(feature, "whoever asks for it does not find this firmware any more")
        yield Finding("feature-lost", Severity.ERROR, f"{name}: {feature} is gone: {means}")
    for feature in (each for each in other.features if each not in own.features):
        narrows = _NARROWS.get(feature)
        text = f"{name}: {feature} is new" + (f": {narrows}" if narrows else "")
        severity = Severity.ERROR if narrows else Severity.INFO
        yield Finding("feature-gained", severity, text)
    for architecture, machine in sorted(_targets(own) - _targets(other)):
        text = f"{name}: {architecture} {machine} is not served any more"
        yield Finding("target-lost", Severity.ERROR, text)
    for interface in (each for each in own.interfaces if each not in other.interfaces):
        yield Finding("interface-lost", Severity.ERROR, f"{name}: is no {interface} any more")
    if _mapping(own) != _mapping(other):
        text = (
            f"{name}: the image is mapped as {_mapping(other)}, it was {_mapping(own)}: machines "
            "made before go on as they were"
        )
        yield Finding("mapping-changed", Severity.ERROR, text)
    if own.named != other.named:
        text = (
            f"{name} names {', '.join(other.named)}, it named {', '.join(own.named)}: new "
            "machines get these, and those that choose by feature at each start change over"
        )
        yield Finding("descriptor-files-changed", Severity.WARNING, text)


def _targets(descriptor: Descriptor) -> set[tuple[str, str]]:
    return {
        (each.architecture, machine) for each in descriptor.targets for machine in each.machines
    }


def _mapping(descriptor: Descriptor) -> str:
    formats = "/".join(dict.fromkeys(descriptor.formats))
    where = " ".join(filter(None, (descriptor.device, descriptor.mode)))
    uefi_vars = " with uefi-vars" if descriptor.uefi_vars is not None else ""
    return f"{where} {formats}{uefi_vars}"


def _files_missing(
    name: str, other: Descriptor, here: ReadPackage, there: ReadPackage
) -> Iterator[PackageFinding]:
    """Files that a descriptor names and its package lacks, unless the old one lacked them too."""
    own = here.descriptors.get(name)
    for path in (each for each in other.named if there.package.at(each) is None):
        if own is not None and path in own.named and here.package.at(path) is None:
            continue
        text = f"{name} names {path}, which {there.package.name} does not have"
        yield PackageFinding(other.path, Finding("descriptor-file-missing", Severity.ERROR, text))
