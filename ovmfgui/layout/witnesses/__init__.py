"""Witnesses: what each place in a CODE image says about the store it expects.

Heard in the order of the table: later ones may build on what earlier ones said.
"""

from ovmfgui.layout.witness import Witness
from ovmfgui.layout.witnesses import nor_flash, sizes, tdvf, templates, x86_constants

_QEMU_FLASH = "OvmfPkg/QemuFlashFvbServicesRuntimeDxe"
_VIRT_NOR = "OvmfPkg/VirtNorFlashDxe/VirtNorFlashFvb.c, ValidateFvHeader"

WITNESSES = (
    Witness("flash template", templates.hear_flash_template, f"{_QEMU_FLASH}/FvbInfo.c"),
    Witness(
        "emulation template",
        templates.hear_emulation_template,
        "OvmfPkg/EmuVariableFvbRuntimeDxe/Fvb.c",
    ),
    Witness("TDVF metadata", tdvf.hear_tdvf, "OvmfPkg/ResetVector/X64/IntelTdxMetadata.nasm.inc"),
    Witness("flash base", x86_constants.hear_flash_base, f"{_QEMU_FLASH}/QemuFlash.c"),
    Witness(
        "FTW addresses", x86_constants.hear_ftw_addresses, f"{_QEMU_FLASH}/FwBlockServiceDxe.c"
    ),
    Witness(
        "FTW sizes",
        x86_constants.hear_ftw_sizes,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c",
    ),
    Witness(
        "variable region",
        x86_constants.hear_variable_size,
        "OvmfPkg/Library/PlatformInitLib/Platform.c",
    ),
    Witness(
        "store length",
        x86_constants.hear_store_length,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c",
    ),
    Witness(
        "store GUID",
        x86_constants.hear_store_guid,
        "OvmfPkg/Library/PlatformInitLib/Platform.c, PlatformValidateNvVarStore",
    ),
    Witness("NOR flash driver", nor_flash.hear_flash_driver, _VIRT_NOR),
    Witness(
        "FTW constants",
        nor_flash.hear_ftw_driver,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c",
    ),
    Witness("NOR flash store GUID", nor_flash.hear_store_guid, _VIRT_NOR),
    Witness("file size", sizes.hear_sizes, "OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc"),
)
