"""The sentences of the verdict: what it means for the machine and its variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.words import FACT_NAMES
from ovmfgui.wording import count as counted
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_MIB = 1 << 20


def _with_variables(pair: Pairing) -> str:
    """``, its 31 variables with it``; nothing where the store holds none."""
    count = len(pair.store.live) + len(pair.store.carved)
    return f", its {counted(count, 'variable')} with it" if count else ""


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
    if pair.held is not None:
        return (
            f"{_whole_store(pair)}, and the firmware looks for it at 0x{pair.window_offset:X}, in "
            f"padding that its probe does not recognise as flash. {ending} The file stays as it is."
        )
    return (
        "The first block of VARS is blank, so the firmware's probe does not recognise it as flash "
        f"and leaves it alone. {ending}"
    )


def _whole_store(pair: Pairing) -> str:
    """A sound store that is not where the firmware looks."""
    held = pair.held
    assert held is not None
    where = "at its start" if held.offset == 0 else f"at 0x{held.offset:X}"
    return (
        f"VARS measures {exact_size_text(pair.vars_size)} and holds a whole store of "
        f"{exact_size_text(held.fv_length)} with {_count_held(pair)} {where}"
    )


def no_reset_vector(pair: Pairing) -> str:
    """Padding where the processor starts."""
    fill = f"0x{pair.code_data[-1]:02X}"
    return (
        f"The firmware image ends in padding ({fill}), and an x86 processor starts 16 bytes below "
        "its end: it never leaves real mode, and nothing is written."
    )


def cut_code(pair: Pairing) -> str:
    """Cut the padding behind CODE."""
    size = len(pair.code_data) - pair.padding_behind
    return f"Cut the padding: truncate -s {size} CODE. Padding, where it has to be, goes in front."


def cut_code_front(pair: Pairing) -> str:
    """Cut the padding in front of CODE."""
    return (
        f"Cut the padding in front of CODE: tail -c +{pair.padding + 1} CODE > NEW. "
        "The store stays as it is."
    )


def store_on_code_chip(pair: Pairing) -> str:
    """Padding in front of CODE where the store should be."""
    ending = (
        "It will boot, but save nothing"
        if pair.expects.has_emu_variable_fvb
        else "This build has no store in memory to fall back to: it does not boot"
    )
    return (
        f"CODE has {exact_size_text(pair.padding)} of padding in front, so the store lies below "
        f"the address where this firmware looks for it. {ending}; the file stays as it is"
        f"{_with_variables(pair)}."
    )


def placed_cure(pair: Pairing) -> str:
    """Put the store where CODE looks, without losing a variable."""
    held = pair.held
    if pair.padding and not pair.unified:
        return cut_code_front(pair)
    if held is not None:
        holds = f"its {_count_held(pair)} stay whole"
        if held.offset == 0:
            return (
                f"Cut the file to its store (truncate -s {held.fv_length} VARS), or have QEMU map "
                f"that much of it (size={held.fv_length}): {holds}."
            )
        return (
            f"Cut the store out (tail -c +{held.offset + 1} VARS | head -c {held.fv_length} > "
            f"NEW): {holds}."
        )
    return template_cure(pair)


def _count_held(pair: Pairing) -> str:
    return counted(pair.held_variables, "variable")


def template_cure(pair: Pairing) -> str:
    """Carry variables over where there are some; the template only where there are none."""
    if pair.store.carved:
        return (
            "Recover the store into a new file first (ovmfgui vars recover), then carry its "
            "variables over (ovmfgui convert NEW --for CODE)."
        )
    if pair.store.live:
        return (
            "Carry its variables over (ovmfgui convert VARS --for CODE -o NEW), or give the "
            "machine the CODE that this store was made for."
        )
    return "Give the machine the VARS template that belongs to this CODE."


def blank_cure(pair: Pairing) -> str:
    """A blank chip, or a blank stretch where the store should be."""
    if pair.held is not None:
        return placed_cure(pair)
    if pair.store.live or pair.store.carved:
        return template_cure(pair)
    return "x86 firmware does not format a blank file: copy the VARS template of this CODE."


def backup_cure(pair: Pairing) -> str:
    """A store whose headers are gone: what stands behind them comes first."""
    if pair.store.live or pair.store.carved:
        return "Recover the store into a new file first (ovmfgui vars recover)."
    return "Restore the store from a backup, or start over with the template."


def too_large(pair: Pairing) -> str:
    """The firmware takes the end of a larger store for its own and erases it."""
    start, end = pair.window_offset, pair.vars_size
    if pair.padding and not pair.unified:
        return (
            f"CODE has {exact_size_text(pair.padding)} of padding in front, so the firmware looks "
            f"for its store at 0x{start:X} of VARS. It takes what is there for a damaged store, "
            "erases and writes in it and stops with an exception."
        )
    if pair.held is not None:
        return (
            f"{_whole_store(pair)}, and the firmware looks for it at 0x{start:X}. It takes what is "
            "there for a damaged store, erases and writes in it and stops with an exception."
        )
    inside = [r for r in pair.store.live if r.span.end > start]
    lives = (
        f"{counted(len(inside), 'variable')} in there will be lost"
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


def _where_they_differ(pair: Pairing) -> str:
    boundaries = [d.text for d in pair.differences if d.fact != "event_log_offset"]
    return (
        "File and volume are of the right size, but inside the regions lie elsewhere: "
        f"{'; '.join(boundaries[:2])}."
    )


def _harm(pair: Pairing) -> str:
    live = sum(each.live for each in pair.overlaps)
    return f"{live:,} bytes of live variables lie there" if live else "data will be lost"


def other_boundaries(pair: Pairing) -> str:
    """Volumes of equal length, regions that overlap."""
    return (
        f"{_where_they_differ(pair)} A release build boots without a word and puts its FTW areas "
        f"where the other side keeps variables: {_harm(pair)}."
    )


def region_larger(pair: Pairing) -> str:
    """A store that is larger than what CODE sets memory aside for."""
    return (
        f"{_where_they_differ(pair)} The firmware reads past the memory that it sets aside for the "
        "variables. Some release builds hang or stop with an exception; others boot and put their "
        f"FTW areas where the store keeps variables: {_harm(pair)}."
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


def _untold(pair: Pairing, facts: tuple[str, ...]) -> str:
    """Of which constants nothing is known, and why, as a part of a sentence."""
    names = [
        " and ".join(FACT_NAMES[fact] for fact in facts if (fact in pair.expects.disputed) is said)
        for said in (False, True)
    ]
    parts = (f"nothing in it tells {names[0]}", f"its witnesses disagree about {names[1]}")
    return " and ".join(part for part, name in zip(parts, names, strict=True) if name)


def constants_unknown(pair: Pairing) -> str:
    """Some boundary of the store's regions is not known."""
    return (
        "CODE and VARS differ in nothing that CODE tells, but "
        f"{_untold(pair, pair.unknown_boundaries)}: whether the store's regions are where this "
        "firmware expects them is not known."
    )


def agrees(pair: Pairing) -> str:
    """All constants agree, as far as they are known."""
    count = len(pair.store.live)
    contents = f"The store holds {counted(count, 'variable')}." if count else "The store is empty."
    if not pair.unknown:
        return f"CODE and VARS agree about the store's structure: it boots and saves. {contents}"
    return (
        "It boots and saves: CODE and VARS differ in nothing that CODE tells; "
        f"{_untold(pair, pair.unknown)}. {contents}"
    )
