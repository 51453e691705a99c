"""Values that are one number, a list of numbers, or a string."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Undecodable, Value, named
from ovmfgui.nvram.faults import visible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

# EFI_OS_INDICATIONS_* (UEFI specification, section 8.5.4).
OS_INDICATIONS = {
    0x01: "boot to firmware setup",
    0x02: "timestamp revocation",
    0x04: "capsules in files",
    0x08: "capsules of firmware management",
    0x10: "capsule result variables",
    0x20: "start OS recovery",
    0x40: "start platform recovery",
    0x80: "refresh JSON configuration",
}
SWITCH = {0: "off", 1: "on"}
CUSTOM_MODE = {0: "standard mode", 1: "custom mode"}
VENDOR_KEYS = {0: "keys were changed", 1: "only the vendor's keys"}
# VAR_ERROR_FLAG, MdeModulePkg/Include/Guid/VarErrorFlag.h: bits are cleared when true.
VAR_ERRORS = {
    0xFF: "no errors",
    0xEF: "a system variable did not fit",
    0xFE: "a user variable did not fit",
    0xEE: "system and user variables did not fit",
}
_FOREVER = 0xFFFF


def _exactly(value: Value, size: int) -> int:
    if len(value.data) != size:
        raise Undecodable(f"it has {len(value.data)} bytes, not {size}")
    return value.uint(0, size)


def _choice(meanings: Mapping[int, str], size: int = 1) -> Callable[[Value], Decoded]:
    def decode(value: Value) -> Decoded:
        number = _exactly(value, size)
        meaning = meanings.get(number, f"0x{number:0{2 * size}X}")
        return Decoded(meaning, (value.number(value.name, 0, size, meaning),), number)

    return decode


def _timeout(value: Value) -> Decoded:
    seconds = _exactly(value, 2)
    if seconds == _FOREVER:
        summary = "waits for a key"
    else:
        summary = f"{seconds} second{'' if seconds == 1 else 's'}"
    return Decoded(summary, (value.number("Timeout", 0, 2, summary),), seconds)


def _boot_number(value: Value) -> Decoded:
    number = _exactly(value, 2)
    kind = "Boot" if value.name.startswith("Boot") else value.name[:6]
    summary = f"{kind}{number:04X}"
    return Decoded(summary, (value.number(value.name, 0, 2, summary),), f"{number:04X}")


def _order(value: Value) -> Decoded:
    if len(value.data) % 2:
        raise Undecodable(f"it has {len(value.data)} bytes, an odd number")
    kind = value.name.removesuffix("Order")
    numbers = [value.uint(at, 2) for at in range(0, len(value.data), 2)]
    fields = tuple(
        value.number(f"[{index}]", 2 * index, 2, f"{kind}{number:04X}")
        for index, number in enumerate(numbers)
    )
    twice = (
        sorted({number for number in numbers if numbers.count(number) > 1})
        if (len(numbers) < 0x1000)
        else []
    )
    findings = (
        (value.finding("order-duplicate", f"{value.name} names {kind}{twice[0]:04X} twice."),)
        if twice
        else ()
    )
    shown = ", ".join(f"{number:04X}" for number in numbers[:32])
    more = f" … ({len(numbers)} in all)" if len(numbers) > 32 else ""
    listed = [f"{number:04X}" for number in numbers]
    return Decoded((shown + more) or "empty", fields, listed, findings)


def _os_indications(value: Value) -> Decoded:
    number = _exactly(value, 8)
    names = [meaning for bit, meaning in OS_INDICATIONS.items() if number & bit]
    unknown = number & ~sum(OS_INDICATIONS)
    if unknown:
        names.append(f"0x{unknown:X}")
    summary = ", ".join(names) or "none"
    return Decoded(summary, (value.number(value.name, 0, 8, summary),), number)


def _number(value: Value) -> Decoded:
    size = len(value.data)
    if size not in (1, 2, 4, 8):
        raise Undecodable(f"a number of {size} bytes")
    number = value.uint(0, size)
    return Decoded(f"{number} (0x{number:X})", (value.number(value.name, 0, size),), number)


def _mtc(value: Value) -> Decoded:
    number = _exactly(value, 4)
    summary = f"{number} (the machine's starts, more or less)"
    return Decoded(summary, (value.number("MTC", 0, 4, "high half of the count"),), number)


def _memory_overwrite(value: Value) -> Decoded:
    number = _exactly(value, 1)
    parts = ["clear memory at the next start" if number & 1 else "do not clear memory"]
    if number & 0x10:
        parts.append("whatever the shutdown was like")
    return Decoded(", ".join(parts), (value.number(value.name, 0, 1, ", ".join(parts)),), number)


def _bytes_order(value: Value) -> Decoded:
    numbers = list(value.data[:256])
    fields = tuple(value.number(f"[{at}]", at, 1) for at in range(len(numbers)))
    return Decoded(", ".join(map(str, numbers)) or "empty", fields, numbers)


def _ascii(value: Value) -> Decoded:
    text = value.data.split(b"\0", 1)[0].decode("latin-1")
    shown = visible_name(text)
    rest = len(value.data) - len(text) - 1
    findings = (
        (value.finding("text-trailing", f"{rest} bytes follow the string's end.", len(text) + 1),)
        if rest > 0 and value.data[len(text) + 1 :].strip(b"\0")
        else ()
    )
    field = value.field(value.name, 0, min(len(text) + 1, len(value.data)), shown)
    return Decoded(shown or "empty", (field,), text, findings)


def _lines(value: Value) -> Decoded:
    """Comma-separated lines, as in SBAT data."""
    text = value.data.rstrip(b"\0").decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    fields, at = [], 0
    for line in value.data.rstrip(b"\0").split(b"\n")[:256]:
        shown = visible_name(line.decode("utf-8", "replace"))
        fields.append(value.field(shown.split(",", 1)[0] or "line", at, len(line), shown))
        at += len(line) + 1
    level = lines[0].split(",")[2:3] if lines else []
    summary = f"level {level[0]}, {len(lines)} entries" if level else f"{len(lines)} entries"
    return Decoded(visible_name(summary), tuple(fields), lines)


def _utf16(value: Value) -> Decoded:
    if len(value.data) % 2:
        raise Undecodable(f"a UTF-16 string of {len(value.data)} bytes, an odd number")
    text = value.data.decode("utf-16-le", "surrogatepass")
    # LoaderEntries holds several strings, each with its NUL.
    strings = [part for part in text.split("\0") if part]
    shown = [visible_name(part) for part in strings]
    field = value.field(value.name, 0, len(value.data), ", ".join(shown))
    safe = [part.encode("utf-8", "replace").decode("utf-8") for part in strings]
    return Decoded(", ".join(shown)[:200] or "empty", (field,), safe[0] if len(safe) == 1 else safe)


def _loader(guid: UUID, name: str) -> bool:
    return (
        guid == vendors.LOADER
        and re.match("(Loader|Stub)", name) is not None
        and (
            name not in ("LoaderFeatures", "StubFeatures", "LoaderRandomSeed", "LoaderSystemToken")
        )
    )


_GLOBAL, _SHIM = vendors.GLOBAL, vendors.SHIM

DECODERS = (
    Decoder(
        "timeout",
        named(_GLOBAL, "Timeout"),
        _timeout,
        "How long the boot menu waits. OVMF on x86 sets it anew at every start; ARM honours it.",
    ),
    Decoder(
        "boot number",
        named(_GLOBAL, "BootNext", "BootCurrent"),
        _boot_number,
        "The boot entry to use at the next start, once.",
    ),
    Decoder(
        "order",
        named(_GLOBAL, "BootOrder", "DriverOrder", "SysPrepOrder"),
        _order,
        "The order in which entries are tried.",
    ),
    Decoder(
        "OS indications",
        named(_GLOBAL, "OsIndications", "OsIndicationsSupported"),
        _os_indications,
        "What the operating system asks of firmware at the next start.",
    ),
    Decoder(
        "switch",
        named(vendors.SECURE_BOOT_ENABLE, "SecureBootEnable"),
        _choice(SWITCH),
        "Whether Secure Boot is enforced once a PK is enrolled.",
    ),
    Decoder(
        "mode",
        named(vendors.CUSTOM_MODE, "CustomMode"),
        _choice(CUSTOM_MODE),
        "Whether keys may be changed in firmware setup without a signature.",
    ),
    Decoder(
        "flag",
        named(vendors.VENDOR_KEYS_NV, "VendorKeysNv"),
        _choice(VENDOR_KEYS),
        "Whether the Secure Boot keys are still those that the vendor shipped.",
    ),
    Decoder(
        "error flag",
        named(vendors.VAR_ERROR_FLAG, "VarErrorFlag"),
        _choice(VAR_ERRORS),
        "Whether a variable was lost at the last start for want of room.",
    ),
    Decoder(
        "counter",
        named(vendors.MTC, "MTC"),
        _mtc,
        "High half of the monotonic counter; grows by one with every start.",
    ),
    Decoder(
        "memory overwrite",
        named(vendors.MEMORY_OVERWRITE, "MemoryOverwriteRequestControl"),
        _memory_overwrite,
        "Asks firmware to clear memory, so that no secrets outlive a reset.",
    ),
    Decoder(
        "number",
        named(vendors.MEMORY_OVERWRITE_LOCK, "MemoryOverwriteRequestControlLock"),
        _number,
        "Locks the request to clear memory.",
    ),
    Decoder(
        "language",
        named(_GLOBAL, "Lang", "LangCodes", "PlatformLang", "PlatformLangCodes"),
        _ascii,
        "The language of firmware's own texts.",
    ),
    Decoder(
        "iSCSI attempts",
        named(vendors.ISCSI_CONFIG, "InitialAttemptOrder", "AttemptOrder"),
        _bytes_order,
        "The order of iSCSI connection attempts.",
    ),
    Decoder(
        "iSCSI name",
        named(vendors.ISCSI_INITIATOR, "I_NAME"),
        _ascii,
        "The initiator name that this machine gives to iSCSI targets.",
    ),
    Decoder(
        "SBAT",
        named(_SHIM, "SbatLevel", "SbatLevelRT"),
        _lines,
        "The oldest generations of boot loaders that shim still starts.",
    ),
    Decoder(
        "switch",
        named(
            _SHIM,
            "SHIM_DEBUG",
            "SHIM_VERBOSE",
            "SHIM_RETAIN_PROTOCOL",
            "FB_NO_REBOOT",
            "MokListTrusted",
            "MokListTrustedRT",
            "MokPolicy",
            "SbatPolicy",
            "FALLBACK_VERBOSE",
        ),
        _number,
        "A setting of shim's.",
    ),
    Decoder("boot loader", _loader, _utf16, "What the boot loader tells the operating system."),
)
