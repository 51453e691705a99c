"""Whether a CODE image enforces Secure Boot at all, and whether its keys are out of reach.

With SECURE_BOOT_ENABLE DxeImageVerificationLib is linked into SecurityStubDxe (the .dsc files of
OvmfPkg and ArmVirtPkg), which judges every image before it starts; it reads db and dbx, and so
holds the GUID that these have. Without it the same driver lets everything start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.modules import (
    FVB,
    NOR_FLASH,
    SECURITY_STUB,
    VARIABLE,
    VIRT_MM_VARIABLES,
    CodeImage,
    code_image,
)
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.vendors import IMAGE_SECURITY

if TYPE_CHECKING:
    from ovmfgui.flash.image import Image
    from ovmfgui.machine.model import Machine

_GUID = IMAGE_SECURITY.bytes_le
# Drivers of the same phase: where none of them is seen, SecurityStubDxe would not be either.
_LOADED_WITH_IT = (VARIABLE, FVB, NOR_FLASH, VIRT_MM_VARIABLES)


class Enforcement(NamedTuple):
    """What a CODE image does with the keys.

    Attributes:
        enforced: whether it checks what it starts; None where that is not known.
        why: the witness, or why there is none, in a clause.
        protected: whether an operating system is kept from changing the keys behind the firmware's
            back (variables in SMM, and flash that is written from SMM alone); None where that is
            not known.
    """

    enforced: bool | None
    why: str
    protected: bool | None = None


NO_CODE = Enforcement(None, "no CODE was named")


def checks_images(code: CodeImage) -> Enforcement:
    """Whether a CODE image checks what it starts."""
    if not any(code.has(family) for family in _LOADED_WITH_IT):
        return Enforcement(None, "the drivers of CODE cannot be read")
    # Not cut out first: that would copy every module of the image.
    knowing = [
        module
        for module in code.modules
        if module.data.find(_GUID, module.span.start, module.span.end) >= 0
    ]
    if not knowing:
        return Enforcement(False, "none of its modules knows db: the build is without it")
    stubs = list(code.of(SECURITY_STUB))
    if not stubs:
        return Enforcement(None, f"it has no SecurityStubDxe, though {knowing[0].name} knows db")
    if any(stub in knowing for stub in stubs):
        return Enforcement(True, "its SecurityStubDxe looks into db and dbx")
    return Enforcement(False, "its SecurityStubDxe knows no db: the build is without it")


def enforcement_of(image: Image, machine: Machine | None = None) -> Enforcement:
    """What the CODE in an image does with the keys, in a machine where one is known."""
    code = code_image(image)
    if code is None:
        return NO_CODE
    found = checks_images(code)
    if not code.has(VARIABLE):
        return found
    return in_machine(found, machine, smm=any(each.in_mm for each in code.of(VARIABLE)))


def in_machine(found: Enforcement, machine: Machine | None, *, smm: bool) -> Enforcement:
    """The same once the machine is known.

    Args:
        found: what the build does.
        machine: as it is defined; None where that is not known.
        smm: whether the build keeps its variables in SMM.
    """
    if not smm:
        return found._replace(protected=False)
    if machine is None or machine.secure is None:
        return found
    return found._replace(protected=machine.secure and machine.smm is not False)
