"""Where Debian puts the firmware that the tests read (packages ovmf, ovmf-ia32, qemu-efi-*)."""

from pathlib import Path

OVMF = Path("/usr/share/OVMF")
AAVMF = Path("/usr/share/AAVMF")
UNIFIED_2M = Path("/usr/share/ovmf/OVMF.fd")

CODE_2M = OVMF / "OVMF_CODE.fd"
CODE_2M_SECBOOT = OVMF / "OVMF_CODE.secboot.fd"
CODE_4M = OVMF / "OVMF_CODE_4M.fd"
CODE_4M_SECBOOT = OVMF / "OVMF_CODE_4M.secboot.fd"
CODE_IA32 = OVMF / "OVMF32_CODE_4M.secboot.fd"
CODE_AA64 = AAVMF / "AAVMF_CODE.fd"

VARS_2M = OVMF / "OVMF_VARS.fd"
VARS_2M_MS = OVMF / "OVMF_VARS.ms.fd"
VARS_4M = OVMF / "OVMF_VARS_4M.fd"
VARS_4M_MS = OVMF / "OVMF_VARS_4M.ms.fd"
VARS_4M_SNAKEOIL = OVMF / "OVMF_VARS_4M.snakeoil.fd"
VARS_IA32 = OVMF / "OVMF32_VARS_4M.fd"
VARS_AA64_BLANK = AAVMF / "AAVMF_VARS.fd"
VARS_AA64_MS = AAVMF / "AAVMF_VARS.ms.fd"
VARS_AA64_SNAKEOIL = AAVMF / "AAVMF_VARS.snakeoil.fd"

X86_CODE = (CODE_2M, CODE_2M_SECBOOT, CODE_4M, CODE_4M_SECBOOT, CODE_IA32)
