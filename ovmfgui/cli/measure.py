"""``ovmfgui measure``: what attestation says of an image (SEV-SNP, TDX)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.flash.image import Role
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused
from ovmfgui.trust.launch_digest import (
    FEATURES,
    MODELS,
    MOST_PROCESSORS,
    launch_digest,
    signature_of,
)
from ovmfgui.trust.mrtd import mrtd

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_VERSION = re.compile(r"-(?:v\d+|IBPB)\Z")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="CODE", help="the image that the guest starts with (-bios)")
    parser.add_argument("--vcpus", metavar="N", type=int, default=1, help="virtual processors (1)")
    parser.add_argument(
        "--vcpu-type",
        metavar="T",
        default="EPYC-v4",
        help=f"as QEMU calls them: {', '.join(MODELS)}, with or without a version (EPYC-v4)",
    )
    parser.add_argument(
        "--vcpu-sig", metavar="N", help="EAX of CPUID function 1, for any other processor"
    )
    parser.add_argument(
        "--guest-features", metavar="N", default=hex(FEATURES), help="SEV_FEATURES (0x1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.epilog = (
        "SEV-SNP: of a guest that QEMU starts on KVM without a kernel of its own (-kernel); "
        "compare it with MEASUREMENT in the attestation report. It changes with the firmware "
        "package, the number of processors and their model. TDX: MRTD in the quote; which of the "
        "two orders a hypervisor takes is its own affair."
    )


def run(arguments: Namespace) -> int:
    """Print the measurements."""
    image = open_image([arguments.file])
    index = image.file_with(Role.CODE, Role.UNIFIED)
    if index is None:
        msg = f"{arguments.file} holds no CODE; give the image that the guest starts with"
        raise Refused(msg)
    data = image.files[index].data
    missing: list[str] = []
    snp = _sev_snp(data, arguments, missing)
    tdx = _tdx(data, missing)
    if snp is None and tdx is None:
        msg = f"{arguments.file}: {'; '.join(missing)}"
        raise Refused(msg)
    if arguments.json:
        print_json({"files": files_of_image(image), "sev_snp": snp, "tdx": tdx})
        return ALL_WELL
    if snp is not None:
        print(f"SEV-SNP launch digest: {snp['launch_digest']}")
        say(f"  {arguments.vcpus} × {arguments.vcpu_sig or arguments.vcpu_type}, QEMU on KVM")
    if tdx is not None:
        print(f"TDX MRTD: {tdx['mrtd']}")
        print(f"  where each page is measured when it is added: {tdx['mrtd_by_page']}")
    for reason in missing:
        print(reason[0].upper() + reason[1:] + ".")
    return ALL_WELL


def _sev_snp(data: bytes, arguments: Namespace, missing: list[str]) -> dict[str, Any] | None:
    signature = _signature(arguments)
    features = _number("--guest-features", arguments.guest_features)
    if not 1 <= arguments.vcpus <= MOST_PROCESSORS:
        msg = f"--vcpus {arguments.vcpus} is no number of virtual processors"
        raise Refused(msg)
    try:
        found = launch_digest(data, arguments.vcpus, signature, features)
    except Refused as refusal:
        missing.append(str(refusal))
        return None
    return {
        "launch_digest": found.digest.hex(),
        "image_digest": found.image.hex(),
        "vcpus": arguments.vcpus,
        "vcpu_signature": signature,
        "guest_features": features,
        "pages": found.pages,
    }


def _tdx(data: bytes, missing: list[str]) -> dict[str, Any] | None:
    try:
        found = mrtd(data)
    except Refused as refusal:
        missing.append(str(refusal))
        return None
    return {"mrtd": found.by_section.hex(), "mrtd_by_page": found.by_page.hex()}


def _signature(arguments: Namespace) -> int:
    if arguments.vcpu_sig is not None:
        return _number("--vcpu-sig", arguments.vcpu_sig)
    model = MODELS.get(_VERSION.sub("", arguments.vcpu_type))
    if model is None:
        known = ", ".join(MODELS)
        msg = f"--vcpu-type {arguments.vcpu_type} is none of {known}; give its --vcpu-sig"
        raise Refused(msg)
    return signature_of(*model)


def _number(name: str, text: str) -> int:
    try:
        value = int(text, 0)
    except ValueError:
        value = -1
    if not 0 <= value < 1 << 32:
        msg = f"{name} {text!r} is no number of 32 bits such as 0x1"
        raise Refused(msg)
    return value
