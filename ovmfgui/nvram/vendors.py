"""GUIDs of the vendors whose variables are decoded, by edk2's names."""

from __future__ import annotations

from uuid import UUID

# MdePkg/Include/Guid/GlobalVariable.h, gEfiGlobalVariableGuid.
GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
# MdePkg/Include/Guid/ImageAuthentication.h, gEfiImageSecurityDatabaseGuid.
IMAGE_SECURITY = UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
# SecurityPkg and MdeModulePkg, Include/Guid/AuthenticatedVariableFormat.h.
SECURE_BOOT_ENABLE = UUID("f0a30bc7-af08-4556-99c4-001009c93a44")
CUSTOM_MODE = UUID("c076ec0c-7028-4399-a072-71ee5c448b9f")
VENDOR_KEYS_NV = UUID("9073e4e0-60ec-4b6e-9903-4c223c260f3c")
CERT_DB = UUID("d9bee56e-75dc-49d9-b4d7-b534210f637a")
# MdeModulePkg/Include/Guid.
MTC = UUID("eb704011-1402-11d3-8e77-00a0c969723b")
MEMORY_TYPE = UUID("4c19049f-4137-4dd3-9c10-8b97a83ffdfa")
VAR_ERROR_FLAG = UUID("04b37fe8-f6ae-480b-bdd5-37d98c5e89aa")
# SecurityPkg and MdePkg: TCG physical presence, memory overwrite.
MEMORY_OVERWRITE = UUID("e20939be-32d4-41be-a150-897f85d49829")
MEMORY_OVERWRITE_LOCK = UUID("bb983ccf-151d-40e1-a07b-4a17be168292")
TCG_PPI = UUID("0f6499b1-e9ad-493d-b9c2-2f90815c6cbc")
TCG2_PPI = UUID("aeb9c5c1-94f1-4d02-bfd9-4602db2d3c54")
# NetworkPkg.
IP4_CONFIG = UUID("5b446ed1-e30b-4faa-871a-3654eca36080")
IP4_CONFIG_DATA = UUID("9b942747-154e-4d29-a436-bf7100c8b53b")
IP6_CONFIG = UUID("937fe521-95ae-4d1a-8929-48bcd90ad31a")
ISCSI_CONFIG = UUID("4b47d616-a8d6-4552-9d44-ccad2e0f4cf9")
ISCSI_INITIATOR = UUID("59324945-ec44-4c0d-b1cd-9db139df070c")
TLS_CA = UUID("fd2340d0-3dab-4349-a6c7-3b4f12b48eae")
# NetworkPkg/Include/Guid/HttpTlsCipherList.h.
HTTP_TLS_CIPHERS = UUID("46ddb415-5244-49c7-9374-f0e298e7d386")
# OvmfPkg/Include/Guid/OvmfPlatformConfig.h.
OVMF_PLATFORM = UUID("7235c51c-0c80-4cab-87ac-3b084a6304b1")
# shim (lib/guid.c, SHIM_LOCK_GUID) and systemd-boot (the boot loader interface).
SHIM = UUID("605dab50-e046-4300-abb6-3dd810dd8b23")
LOADER = UUID("4a67b082-0a4c-41cf-b6c7-440b29bb8c4f")

ALL = (
    GLOBAL,
    IMAGE_SECURITY,
    SECURE_BOOT_ENABLE,
    CUSTOM_MODE,
    VENDOR_KEYS_NV,
    CERT_DB,
    MTC,
    MEMORY_TYPE,
    VAR_ERROR_FLAG,
    MEMORY_OVERWRITE,
    MEMORY_OVERWRITE_LOCK,
    TCG_PPI,
    TCG2_PPI,
    IP4_CONFIG,
    IP4_CONFIG_DATA,
    IP6_CONFIG,
    ISCSI_CONFIG,
    ISCSI_INITIATOR,
    TLS_CA,
    HTTP_TLS_CIPHERS,
    OVMF_PLATFORM,
    SHIM,
    LOADER,
)
