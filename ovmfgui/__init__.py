"""Inspector for the flash of virtual machines that boot UEFI firmware (OVMF, AAVMF)."""

__version__ = "0.2.0"
