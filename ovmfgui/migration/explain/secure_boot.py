"""Messages about Secure Boot: of firmware, shim, MokManager, GRUB, kernels and updaters of keys."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_WOULD = "ovmfgui secureboot VARS --efi FILE"
_STATUS = (
    r"(?P<status>Security Violation|Security Policy Violation|Access Denied|Not Found"
    r"|Out of Resources|Volume Full|Invalid Parameter|Device Error|Unsupported|Load Error)"
)

MESSAGES = (
    Message(
        "security-violation",
        "edk2",
        'BdsDxe: failed to load Boot0001 "…" from …: Security Violation',
        r"BdsDxe: failed to (?:load|start) Boot[0-9A-F]{4}[^\n]*"
        r"(?:Security Violation|Access Denied)",
        "Secure Boot does not let this boot loader start: no key in db vouches for it, or dbx "
        "forbids it.",
        "VARS has Microsoft's keys enrolled and the loader is unsigned, such as the firmware's own "
        "shell; it is signed by a generation (2011, 2023) that db does not hold; or a dbx update "
        "has revoked it.",
        f"Ask about the disk or the loader: {_WOULD}. Take a signed loader, enrol the missing "
        "generation (ovmfgui vars enrol VARS --profile microsoft-2011+2023), or use a VARS without "
        "keys.",
        "MdeModulePkg/Universal/BdsDxe",
        causes=(
            ("It is unsigned.", f"{_WOULD} says that it carries no signature."),
            ("db lacks who signed it.", "secureboot lists db with the generations."),
            ("dbx has it, or its signer.", "secureboot --efi names the entry."),
        ),
    ),
    Message(
        "image-verification",
        "edk2, DEBUG builds",
        "DxeImageVerificationLib: Image is signed but signature is not allowed by DB and SHA256 "
        "hash of image is not found in DB/DBX.",
        r"DxeImageVerificationLib: (?P<said>[^\n]{4,120})",
        "Firmware judges an image that it is to start: {said}",
        "Not signed: it carries no signature, and its hash is not in db. Forbidden by DBX: the "
        "hash or a certificate of its chain is revoked. Not allowed by DB: nothing in db leads to "
        "its signer.",
        f"See the keys and ask about the loader: {_WOULD}.",
        "edk2 SecurityPkg/Library/DxeImageVerificationLib",
    ),
    Message(
        "variable-refused",
        "UEFI shell, efitools, mokutil",
        "dmpstore: Failed to set variable db: Security Violation.",
        r"(?:Failed to (?:set variable|update)|Unable to set|Cannot write to)[^\n]{0,60}?"
        r"(?P<name>PK|KEK|dbx|dbt|db)\b[^\n]*"
        r"(?:Security Violation|Operation not permitted|Permission denied)",
        "Firmware refuses this update of {name}: its signature does not hold, its signer may not "
        "change {name}, or its time is not later than the one that {name} has.",
        "In user mode db and dbx are changed by whoever is in KEK or has the PK, KEK and PK by the "
        "PK's owner alone; an update that takes the place of what is there has to be newer; one "
        "that is signed to be appended cannot be set, nor the other way round.",
        "Ask which it is, without writing: ovmfgui vars append VARS {name} --keys FILE.auth "
        "--dry-run (or vars set).",
        "edk2 SecurityPkg/Library/AuthVariableLib; seen on OVMF 2022.11",
    ),
    Message(
        "shim-verification",
        "shim",
        "Verification failed: (0x1A) Security Violation",
        r"Verification failed: (?:\(0x1A\) )?Security Violation|bad shim signature"
        r"|Bootloader has not verified loaded image",
        "shim or GRUB does not find a key that vouches for what comes next.",
        "The loader or kernel is unsigned, its key is neither in db nor in MokList nor inside "
        "shim, or dbx, MokListX or shim's own list forbids it.",
        f"Ask about the disk, step by step: {_WOULD}. Boot a signed kernel, or enrol its key with "
        "mokutil --import.",
        "shim shim.c, verify_image; GRUB kern/efi/sb.c",
        causes=(
            ("What is started is not signed.", "sbverify --list FILE shows no signature."),
            ("Its key is not enrolled here.", "VARS is a new one: MokList is missing in it."),
            ("It was revoked.", "dbx has its hash, or its SBAT generation is too low."),
        ),
    ),
    Message(
        "shim-next",
        "shim",
        "Failed to open \\EFI\\debian\\grubx64.efi - Not Found",
        r"(?:Failed to (?:open|load image)(?! \S*\bmm\w+\.efi)[^\n]{0,200}?(?: - |: )"
        r"|start_image\(\) returned )" + _STATUS,
        "shim could not start the next loader: {status}.",
        "Not Found: the loader is not beside shim on that partition, or the boot entry names a "
        "partition that is gone. Security Violation: nothing vouches for it.",
        "See what lies on the disk and what would start: ovmfgui secureboot VARS --efi DISK.",
        "shim shim.c, load_image and start_image",
    ),
    Message(
        "shim-sbat",
        "shim",
        "Something has gone seriously wrong: SBAT self-check failed: Security Policy Violation",
        r"SBAT self-check failed|Verifying shim SBAT data failed|import of SBAT data failed",
        "shim is older than the SBAT level that the guest's store demands, and refuses itself.",
        "An update (of Windows, of another system in this guest) has raised SbatLevel in VARS.",
        "Boot a newer shim. Or turn Secure Boot off once and delete the level: mokutil --set-sbat-"
        "policy delete, then start twice.",
        "shim shim.c, sbat.c",
    ),
    Message(
        "shim-sbat-next",
        "shim",
        "image did not pass SBAT verification",
        r"did not pass SBAT verification|No \.sbat section data|Could not parse \.sbat section",
        "What shim is to start is revoked by its SBAT generation, or says none.",
        "Its component (grub, grub.debian, …) is of a generation below the level that SbatLevel in "
        "VARS, or shim itself, demands; shim starts no loader without an SBAT section.",
        f"See both generations: {_WOULD}. Update the loader.",
        "shim sbat.c, verify_sbat",
    ),
    Message(
        "shim-sbat-level",
        "shim",
        "New SbatLevel would self-revoke current shim. Not applied",
        r"New SbatLevel would self-revoke|SbatLevel UEFI variable setting failed"
        r"|SbatLevel variable (?:writing|delete|initialization) failed"
        r"|Cannot reset SBAT policy: Secure Boot is enabled",
        "shim leaves SbatLevel as it is.",
        "The new level would revoke this shim itself, Secure Boot is on while the policy asks for "
        "a reset, or the store has no room.",
        "Update shim first. A reset needs Secure Boot off for one start.",
        "shim sbat.c, set_sbat_uefi_variable",
        proof.room,
    ),
    Message(
        "shim-insecure",
        "shim",
        "Booting in insecure mode",
        r"Booting in insecure mode|Continuing boot since secure mode is disabled"
        r"|secure boot not enabled, not validating",
        "shim checks nothing that it starts.",
        "Its validation was switched off (mokutil --disable-validation: MokSBState in VARS), or "
        "Secure Boot is off.",
        "See it: ovmfgui vars get VARS MokSBState. Switch it on again: mokutil "
        "--enable-validation.",
        "shim shim.c; GRUB kern/efi/sb.c",
    ),
    Message(
        "shim-mirror",
        "shim",
        "Could not create MokListXRT: Volume Full",
        r"Could(?: not|n't) (?:create|mirror)(?: mok variable)? \"?(?P<name>\w+)\"?: "
        r"(?P<status>Volume Full|Out of Resources|Invalid Parameter)"
        r"|Failed to set (?P<name2>Mok\w+|Sbat\w+): "
        r"(?P<status2>Volume Full|Out of Resources|Invalid Parameter|Security Violation)"
        r"|Importing MOK states has failed|import_mok_state\(\) failed",
        "shim could not put its lists of keys into memory for the system.",
        "The lists (db, dbx, MokListX) have become large: variables that are not saved have little "
        "room too. Or a variable of shim's name was made by somebody else, with other attributes.",
        "Compact the store, or carry it over into a larger one: ovmfgui convert VARS --for CODE "
        "-o NEW. See shim's variables: ovmfgui vars list VARS.",
        "shim mok.c, import_one_mok_state",
        proof.room,
    ),
    Message(
        "mok-manager",
        "shim",
        "Could not find MokManager",
        r"Could not find MokManager|MokManager is missing|Failed to start MokManager"
        r"|Failed to open [^\n]*\bmm\w+\.efi",
        "shim wants to ask a person about keys (a request of mokutil, or a loader that it does not "
        "trust), and MokManager is not beside it.",
        "mmx64.efi (mmaa64.efi) was not installed on the EFI system partition, or the boot medium "
        "leaves it out; shim looks for it only when something was refused or asked for.",
        f"Look for the refusal before it: {_WOULD}. Put MokManager of the same shim beside it, or "
        "take the request back: mokutil --revoke-import.",
        "shim shim.c; mok.c",
    ),
    Message(
        "mok-compromised",
        "MokManager",
        "MokList is compromised!",
        r"MokListX? is compromised|Invalid MOK detected",
        "shim has erased its list of keys: the variable was not one that only firmware's drivers "
        "could have written.",
        "MokList or MokListX in VARS has other attributes than NV and BS (RT among them), or is no "
        "list of signatures.",
        "Write it with these attributes: ovmfgui vars set VARS MokList --attributes NV,BS --keys "
        "CERT.",
        "shim MokManager.c; mok.c",
    ),
    Message(
        "grub-policy",
        "GRUB",
        "error: prohibited by secure boot policy.",
        r"prohibited by secure boot policy|verification requested but nobody cares"
        r"|shim_lock protocol not found",
        "GRUB may not load this file while Secure Boot is on.",
        "The file is a module, a font or a kind of file that nothing verifies; or GRUB was started "
        "without shim, which it asks about kernels.",
        "Start GRUB through shim; take what is built into the signed GRUB, and no module from the "
        "disk.",
        "GRUB kern/efi/sb.c, kern/verifiers.c",
    ),
    Message(
        "grub-kernel",
        "GRUB",
        "error: /boot/vmlinuz has invalid signature.",
        r"[\w/.+-]+ has invalid signature|Kernel signature verification failed"
        r"|the command is not allowed when lockdown is enforced",
        "GRUB does not start this kernel, or does not run this command, with Secure Boot on.",
        "The kernel is unsigned or its key is not known to shim (built by yourself, or of another "
        "distribution); commands that could get around it are locked.",
        "Sign it and enrol the key: mokutil --import; or take the distribution's kernel.",
        "GRUB (Debian), loader/i386/efi/linux.c and kern/lockdown.c",
    ),
    Message(
        "module-rejected",
        "Linux",
        "modprobe: ERROR: could not insert 'vboxdrv': Key was rejected by service",
        r"Key was rejected by service|Required key not available"
        r"|Loading of (?:unsigned )?module[^\n]* is rejected"
        r"|Lockdown: [^\n]*unsigned module loading is restricted",
        "The kernel refuses a module: Secure Boot is on, and no key that it knows signed it.",
        "The module was built here (DKMS), and its key is not in MokList, or the kernel does not "
        "trust MokList's keys.",
        "Enrol the key that signs modules: mokutil --import; see MokList: ovmfgui secureboot VARS. "
        "A VARS that was made anew has lost it.",
        "Linux kernel/module/signing.c, security/lockdown",
    ),
    Message(
        "fwupd-blocked",
        "fwupd",
        "Blocked executable in the ESP, ensure grub and shim are up to date: "
        "/boot/efi/EFI/debian/shimx64.efi Authenticode checksum is present in dbx",
        r"Blocked executable in the ESP|Authenticode checksum \[?\w*\]? ?is present in dbx",
        "fwupd does not install the new dbx: with it a loader of this guest would not start any "
        "more.",
        "The loader on the EFI system partition is one that the update revokes.",
        "Update shim and GRUB first. Ask which dbx revokes it: ovmfgui secureboot NEW_VARS --efi "
        "FILE.",
        "fwupd, uefi-dbx plugin",
    ),
    Message(
        "windows-signature",
        "Windows boot manager",
        "Status: 0xc0000428 Info: The digital signature for this file couldn't be verified.",
        r"0xc0000428|digital signature for this file (?:couldn't|could not) be verified",
        "Windows' boot manager does not start what comes next: its signature does not hold, or is "
        "revoked.",
        "dbx or the boot manager's own policy revokes Windows' PCA 2011, or an SVN in dbx is "
        "higher than this loader's; or Secure Boot was switched on behind an unsigned loader.",
        "See dbx, its certificates and its SVNs: ovmfgui secureboot VARS. Boot newer media, signed "
        "by Windows UEFI CA 2023.",
        "Microsoft Support, KB5025885",
    ),
)
