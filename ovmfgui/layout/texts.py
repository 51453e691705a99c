"""The sentences of the verdict: what it means for the machine and its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_MIB = 1 << 20


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _with_variables(pair: Pairing) -> str:
    """``, its 31 variables with it``; nothing where the store holds none."""
    count = len(pair.store.live)
    return f", its {_plural(count, 'variable')} with it" if count else ""


def _expected_volume(pair: Pairing) -> str:
    return f"this firmware expects a store of {exact_size_text(pair.expected.fv_length or 0)}"


def refused_size(pair: Pairing) -> str:
    """QEMU does not start, in its own words."""
    board = pair.board
    if board is not None:
        wrong = next(s for s in (pair.code_size, pair.vars_size) if s != board.chip_size)
        words = f"device requires {board.chip_size} bytes, block backend provides {wrong} bytes"
        return f"QEMU refuses to start: “{words}”."
    sizes = {"pflash0": pair.code_size}
    if not pair.unified:
        sizes["pflash1"] = pair.vars_size
    for name, size in sizes.items():
        # The raw block driver rounds a file up to whole sectors of 512 bytes.
        rounded = -(-size // 512) * 512
        if rounded % 4096:
            words = f"system firmware block device {name} has invalid size {rounded}"
            return f"QEMU refuses to start: “{words}”; the size must be a multiple of 4,096 bytes."
    words = f"combined size of system firmware exceeds {8 * _MIB} bytes"
    return f"QEMU refuses to start: “{words}” (these are {sum(sizes.values()):,} bytes)."


def no_witness(pair: Pairing) -> str:
    """Nothing in CODE tells what it expects."""
    return f"Nothing in CODE tells what store it expects: {pair.expects.reason}."


def blank_initialised(pair: Pairing) -> str:
    """A blank chip is formatted."""
    fill = "zeros" if pair.seen.blank == "zero" else "0xFF"
    return (
        f"VARS is blank (nothing but {fill}). This firmware formats it at the first start "
        "and boots with an empty store."
    )


def formatted_anew(pair: Pairing) -> str:
    """ARM firmware erases what it does not recognise."""
    reasons = [difference.text for difference in pair.differences]
    reasons += [f.text.rstrip(".") for f in pair.seen.findings if f.severity == "error"]
    why = f" ({reasons[0]})" if reasons else ""
    return (
        f"This firmware does not accept the store{why}. It erases it{_with_variables(pair)}, and "
        "formats it anew: enrolled keys are gone too."
    )


def _elsewhere(pair: Pairing) -> str:
    return (
        f"VARS measures {exact_size_text(pair.vars_size)}, {_expected_volume(pair)} and looks for "
        "it at an address where there is none."
    )


def too_small_volatile(pair: Pairing) -> str:
    """The store is not where the firmware looks; it emulates one in memory."""
    return (
        f"{_elsewhere(pair)} It will boot, but save nothing; the file stays as it is"
        f"{_with_variables(pair)}."
    )


def too_small_no_boot(pair: Pairing) -> str:
    """The same in an SMM build."""
    return (
        f"{_elsewhere(pair)} This build keeps variables in SMM and has no store in memory to fall "
        "back to: it stops with an exception; the file stays as it is"
        f"{_with_variables(pair)}."
    )


def no_flash_seen(pair: Pairing) -> str:
    """The probe finds no byte that it could tell flash by."""
    ending = (
        "It will boot, but save nothing."
        if pair.expects.has_emu_variable_fvb
        else "This build has no store in memory to fall back to: it does not boot."
    )
    return (
        "The first block of VARS is blank, so the firmware's probe does not recognise it as flash "
        f"and leaves it alone. {ending}"
    )


def too_large(pair: Pairing) -> str:
    """The firmware takes the end of a larger store for its own and erases it."""
    start, end = pair.window_offset, pair.vars_size
    inside = [r for r in pair.store.live if r.span.end > start]
    lives = (
        f"{_plural(len(inside), 'variable')} in there will be lost"
        if inside
        else f"what stands in front of it stays whole{_with_variables(pair)}"
    )
    return (
        f"VARS measures {exact_size_text(pair.vars_size)}, {_expected_volume(pair)} and finds the "
        f"bytes 0x{start:X} to 0x{end - 1:X} of the file in its place. It erases them, writes a "
        f"header of its own there and stops with an exception; {lives}."
    )


def other_file_system(_pair: Pairing) -> str:
    """A volume of another kind."""
    return (
        "The volume header is sound, but FileSystemGuid is not that of a variable store. The "
        "variable driver gives up and the firmware stops with an exception; nothing is written."
    )


def volume_rebuilt(pair: Pairing) -> str:
    """x86 firmware erases a volume that it does not accept."""
    facts = ("fv_length", "block_size")
    reasons = [d.text for d in pair.differences if d.fact in facts]
    reasons += [f.text.split(":")[0].rstrip(".") for f in pair.seen.findings if f.id[:3] == "fv-"]
    why = reasons[0] if reasons else "there is no volume header"
    return (
        f"The flash driver does not accept the volume ({why}). It erases the whole store"
        f"{_with_variables(pair)}, writes an empty header and stops with an exception, at every "
        "start from then on."
    )


def no_store_header(_pair: Pairing) -> str:
    """A sound volume without a store in it."""
    return (
        "The volume header is sound, but no valid variable store header follows it. The variable "
        "driver finds no store and the firmware stops with an exception."
    )


def record_beyond_store(_pair: Pairing) -> str:
    """A record whose sizes lie."""
    return (
        "A variable record claims more bytes than the store has. The firmware follows it out of "
        "the store and stops with an exception."
    )


def _where_they_differ(pair: Pairing) -> str:
    boundaries = [d.text for d in pair.differences if d.fact != "event_log_offset"]
    return (
        "File and volume are of the right size, but inside the regions lie elsewhere: "
        f"{'; '.join(boundaries[:2])}."
    )


def other_boundaries(pair: Pairing) -> str:
    """Volumes of equal length, regions that overlap."""
    live = sum(each.live for each in pair.overlaps)
    harm = f"{live:,} bytes of live variables lie there" if live else "data will be lost"
    caveat = ""
    if pair.region_too_large:
        caveat = (
            " It also reads past the memory that it sets aside for the variables, on which some "
            "builds stop with an exception."
        )
    return (
        f"{_where_they_differ(pair)} A release build boots without a word and puts its FTW areas "
        f"where the other side keeps variables: {harm}.{caveat}"
    )


def other_boundaries_halt(pair: Pairing) -> str:
    """The same with assertions compiled in."""
    return (
        f"{_where_they_differ(pair)} This is a debug build: it halts on an assertion before it "
        f"writes anything; the file stays as it is{_with_variables(pair)}."
    )


def region_too_large(pair: Pairing) -> str:
    """The same in SMM, with a store that is larger than expected."""
    return (
        f"{_where_they_differ(pair)} This build keeps variables in SMM: it writes an FTW working "
        "block of its own, reads past the memory that it sets aside for the variables and stops "
        "with an exception."
    )


def plain_store(_pair: Pairing) -> str:
    """No authenticated variables."""
    return (
        "The store keeps variables without authentication. The firmware boots and saves, but "
        "Secure Boot keys cannot be kept in it."
    )


def odd_name(_pair: Pairing) -> str:
    """GetNextVariableName breaks at a record."""
    return (
        "A record has a name of an odd number of bytes. The firmware boots, but stops listing "
        "variables there: what stands behind it seems to be gone."
    )


def ftw_pending(pair: Pairing) -> str:
    """An interrupted reclaim."""
    ftw = pair.seen.ftw
    if ftw is not None and ftw.pending == "spare-complete":
        return (
            "The machine was stopped while the store was being compacted. The new contents lie "
            "complete in the spare area; the firmware finishes the write at its next start."
        )
    return (
        "The machine was stopped when a compaction of the store had just begun. The firmware "
        "drops that write at its next start; every variable is whole."
    )


def ftw_working_block_rebuilt(_pair: Pairing) -> str:
    """No usable FTW working block."""
    return (
        "CODE and VARS agree, but the FTW working block is damaged or missing. The firmware makes "
        "a new one at its next start; variables are not affected."
    )


def torn_records(_pair: Pairing) -> str:
    """A write that was cut off."""
    return (
        "CODE and VARS agree. A variable write was cut off once; the firmware passes over what is "
        "left of it."
    )


def agrees(pair: Pairing) -> str:
    """All constants agree."""
    count = len(pair.store.live)
    contents = f"The store holds {_plural(count, 'variable')}." if count else "The store is empty."
    return f"CODE and VARS agree about the store's structure: it boots and saves. {contents}"
