"""The sentences of the verdict on what a definition declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.placement import PC_MAX_FIRMWARE
from ovmfgui.machine.model import Kind

if TYPE_CHECKING:
    from ovmfgui.layout.situation import Situation
    from ovmfgui.machine.chips import ChipFile


def _named(file: ChipFile | None) -> str:
    return "the file" if file is None else file.named


def _clause(file: ChipFile | None) -> str:
    return "" if file is None else f"{file.named} {file.words}"


def not_understood(case: Situation) -> str:
    """Statements that may decide, each named."""
    said = "; ".join(f"{each.text} ({each.why})" for each in case.machine.not_understood[:4])
    return f"The definition says what is not understood here: {said}."


def refused(case: Situation) -> str:
    """QEMU's or libvirt's own words."""
    said = "; ".join(case.machine.refusals[:4])
    who = "libvirt" if case.machine.kind is Kind.LIBVIRT else "QEMU"
    return f"{who} does not take this definition: {said}."


def board_without_flash(case: Situation) -> str:
    """A PC without flash chips."""
    words = "machine type does not support if=pflash,bus=0,unit=0"
    return f"{case.board_name} has no flash chips: QEMU refuses to start (“{words}”)."


def board_not_known(case: Situation) -> str:
    """One of QEMU's other machine types."""
    return (
        f"What flash chips the machine type {case.board_name} has, and where they lie, is not "
        "known here."
    )


def processor_32_bit(case: Situation) -> str:
    """A 64-bit emulator that plays an old processor."""
    return (
        f"CODE is built for {case.architecture}, and the processor is a {case.machine.processor}, "
        "which has no 64-bit mode: nothing is ever printed; the store stays as it is."
    )


def other_processor(case: Situation) -> str:
    """What runs such CODE."""
    model = "qemu64" if case.x86 else "cortex-a57"
    return f"Name a 64-bit processor (-cpu {model}, or <cpu mode='host-passthrough'/>)."


def rom_size(case: Situation) -> str:
    """A ROM of a size that QEMU does not load."""
    size = 0 if case.code is None else case.code.size
    return (
        f"{_named(case.firmware)} is mapped as ROM, and {size:,} bytes are no multiple of 64 KiB: "
        f"QEMU refuses to start (“could not load PC BIOS '{_named(case.firmware)}'”)."
    )


def smm_missing_on_some(case: Situation) -> str:
    """A descriptor that promises too much."""
    return (
        f"The descriptor is for {', '.join(case.machine.boards)}, and this build keeps its "
        "variables in SMM: on those of the i440FX it hangs before it prints anything."
    )


def readable_firmware(case: Situation) -> str:
    """What to do about CODE that was not read."""
    return _readable(case.firmware)


def readable_store(case: Situation) -> str:
    """What to do about a store that was not read."""
    return _readable(case.store)


def _readable(file: ChipFile | None) -> str:
    if file is not None and file.problem == "unreadable":
        return "Run this as a user who may read it (root, or the user that runs QEMU)."
    return "Give a copy of its contents as a raw file."


def no_firmware(case: Situation) -> str:
    """No image is named at all."""
    return f"{case.machine.title} names no firmware image."


def firmware_missing(case: Situation) -> str:
    """CODE is gone; where libvirt starts the machine it is QEMU too that says so (seen on 9.0)."""
    path = _named(case.firmware)
    return (
        f"CODE is gone: {path} does not exist. The machine does not start: QEMU says "
        f"“Could not open '{path}': No such file or directory”."
    )


def firmware_unknown(case: Situation) -> str:
    """CODE is there and cannot be judged."""
    return f"CODE cannot be judged: {_clause(case.firmware)}."


def not_qcow2(case: Situation) -> str:
    """Declared qcow2, and none."""
    wrong = case.firmware if case.firmware and case.firmware.problem == "not-qcow2" else case.store
    return f"{_clause(wrong)}. QEMU refuses to start: “Image is not in qcow2 format”."


def too_short(case: Situation) -> str:
    """``size=`` beyond the file."""
    wrong = case.firmware if case.firmware and case.firmware.problem == "too-short" else case.store
    return f"{_clause(wrong)}: QEMU refuses to start."


def firmware_declared_raw(case: Situation) -> str:
    """The processor would start inside a container."""
    content = case.firmware.content if case.firmware else ""
    return (
        f"{_named(case.firmware)} is a {content} image, and the definition has it mapped as raw: "
        "the processor starts in the container's bytes, and nothing ever runs."
    )


def swapped(case: Situation) -> str:
    """VARS where the processor starts."""
    return (
        f"{_named(case.firmware)} is mapped as the firmware and is a variable store: the processor "
        "starts in its bytes, and nothing ever runs."
    )


def other_architecture(case: Situation) -> str:
    """CODE for another processor."""
    what = f"CODE is built for {case.architecture}, and the machine is {case.machine.architecture}"
    board = case.board
    if board is not None and case.code is not None and case.code.size != board.chip_size:
        sizes = f"{board.chip_size} bytes, block backend provides {case.code.size} bytes"
        return f"{what}. QEMU refuses to start: “device requires {sizes}”."
    if refused_by_x86(case):
        words = "combined size of system firmware exceeds 8388608 bytes"
        return f"{what}. QEMU refuses to start: “{words}”."
    return f"{what}: its processor cannot run it."


def refused_by_x86(case: Situation) -> bool:
    """Whether an x86 board refuses chips of these sizes."""
    x86 = case.machine.architecture in ("x86_64", "i386")
    return x86 and case.code is not None and case.code.size > PC_MAX_FIRMWARE


def smm_missing(case: Situation) -> str:
    """An SMM build where there is no SMM."""
    board = case.board_name
    why = "SMM is switched off" if case.machine.smm is False else f"{board} has no SMM"
    return (
        f"This build keeps its variables in SMM, and {why}: it hangs before it prints anything; "
        "the store stays as it is."
    )


def code_not_read(case: Situation) -> str:
    """Other firmware, or UEFI that could not be unpacked."""
    return (
        f"No firmware module could be read in {_named(case.firmware)}: whether it is UEFI, and "
        "boots without a store, is not known."
    )


def code_size(case: Situation) -> str:
    """A chip that QEMU does not take, in its own words."""
    size = 0 if case.code is None else case.code.size
    if case.one_chip and case.store is not None and case.store.file is not None:
        words = f"{size} and {case.store.file.size} bytes"
        return f"QEMU refuses to start for the sizes of the two chips, {words}."
    if case.board is not None:
        words = f"device requires {case.board.chip_size} bytes, block backend provides {size} bytes"
    elif size > PC_MAX_FIRMWARE:
        words = f"combined size of system firmware exceeds {PC_MAX_FIRMWARE} bytes"
    else:
        words = f"system firmware block device has invalid size {size}"
    return f"{_named(case.firmware)} is no flash chip: QEMU refuses to start (“{words}”)."


def code_ends_in_padding(case: Situation) -> str:
    """Padding where the processor starts."""
    return (
        f"{_named(case.firmware)} ends in padding, and an x86 processor starts 16 bytes below its "
        "end: it never leaves real mode."
    )


def rom_no_boot(_case: Situation) -> str:
    """An SMM build as ROM."""
    return (
        "The image is mapped as ROM, and this build keeps its variables in SMM and has no store in "
        "memory to fall back to: it never boots (a split CODE prints nothing, a unified image "
        "stops with an exception)."
    )


def rom_volatile(_case: Situation) -> str:
    """CODE mapped as ROM, which keeps no variables."""
    return (
        "The image is mapped as ROM, not as flash: it boots, and nothing is saved; boot entries "
        "and keys are gone at power-off. In a migration its memory is called pc.bios."
    )


def rom_volatile_declared(_case: Situation) -> str:
    """Memory-mapped, and said so."""
    return (
        "The image is mapped into memory, as declared: it boots, and nothing is saved. In a "
        "migration its memory is called pc.bios."
    )


def stateless(_case: Situation) -> str:
    """The domain is declared stateless: variables go at power off."""
    return "The machine is declared stateless: it boots, and nothing is saved, as asked for."


def stateless_no_boot(_case: Situation) -> str:
    """An SMM build without a second chip."""
    return (
        "No variable store is mapped, and this build keeps its variables in SMM and has no store "
        "in memory to fall back to: it stops with an exception."
    )


def no_store(_case: Situation) -> str:
    """CODE alone, and nothing says that this is meant."""
    return (
        "No variable store is mapped: it boots, and nothing is saved; boot entries and keys are "
        "gone at power-off."
    )


def store_missing(case: Situation) -> str:
    """No store, and nothing to make it from."""
    what = f"The variable store {_named(case.store)} does not exist, and no template is known"
    if case.machine.kind is Kind.PROXMOX:
        what = f"The efidisk {_named(case.store)} does not exist, and Proxmox does not make it anew"
    if case.machine.kind is Kind.LIBVIRT:
        return (
            f"{what}: libvirt does not start the machine (“unable to find any master var store”)."
        )
    return f"{what}: QEMU does not start (“Could not open '{_named(case.store)}'”)."


def template_missing(case: Situation) -> str:
    """The store is to be made from a template that is gone."""
    return (
        f"The store does not exist, and neither does its template: {_named(case.store)}. libvirt "
        f"does not start the machine: “Failed to open file '{_named(case.store)}'”."
    )


def store_unreadable(case: Situation) -> str:
    """Never judge another file instead."""
    return (
        f"The variable store {_clause(case.store)}, so nothing is said about it; the template was "
        "not judged in its place."
    )


def store_elsewhere(case: Situation) -> str:
    """A device or the network."""
    where = "a block device" if case.machine.store.how == "block" else "the network"
    return (
        f"The variable store lies on {where} ({case.machine.store.path}), which was not read: "
        "whether it fits is not known."
    )


def store_declared_raw(case: Situation) -> str:
    """A store declared raw whose file is a container (qcow2, …)."""
    content = case.store.content if case.store else ""
    return (
        f"{_named(case.store)} is a {content} image, and the definition has it mapped as raw: the "
        "firmware takes the container's bytes for flash, erases and writes inside it and stops "
        "with an exception. The store is destroyed."
    )


def uefi_vars(case: Situation) -> str:
    """QEMU keeps the variables."""
    where = case.machine.store.path or case.machine.store.template
    return (
        f"The variables live in QEMU's uefi-vars device, in {where or 'a JSON file'}; no flash "
        "store is used. This CODE leaves its variables to that device."
    )


def uefi_vars_unused(case: Situation) -> str:
    """The device is there, and CODE does not know it."""
    where = case.machine.store.path or case.machine.store.template
    return (
        f"The definition keeps variables in QEMU's uefi-vars device ({where}), and this CODE does "
        "not use it: it boots, and nothing is saved."
    )


def unified_beside_store(case: Situation) -> str:
    """A unified image as unit 0 hides the second chip."""
    return (
        f"{_named(case.firmware)} is a unified image and looks for its store on its own chip, "
        f"which is read-only. {_named(case.store)} is mapped below it and never touched: it boots, "
        "and nothing is saved."
    )


def unified_readonly(case: Situation) -> str:
    """A unified image that cannot be written."""
    return (
        f"{_named(case.firmware)} holds CODE and store, and is mapped read-only: it boots, and "
        "nothing is saved."
    )


def secure_without_smm(_case: Situation) -> str:
    """Flash that only SMM may write, and a build without it."""
    return (
        "Flash may be written from SMM alone (secure=on), and this build writes without SMM: it "
        "boots, and nothing is saved."
    )


def unwritten(*, readonly: bool) -> str:
    """What is said of the store happens to the guest's flash, and not to the file."""
    why = "it is mapped read-only" if readonly else "what is written is thrown away at power-off"
    return f"None of that reaches the file: {why}."


def discarded(_case: Situation) -> str:
    """QEMU's -snapshot: what the guest writes is thrown away."""
    return "What the machine writes is thrown away at power-off: it boots, and nothing is saved."


def store_readonly(case: Situation) -> str:
    """A store that the guest may not write."""
    return f"{_named(case.store)} is mapped read-only: it boots, and nothing is saved."


def store_readonly_no_boot(case: Situation) -> str:
    """The NOR flash driver waits for what it has written."""
    return (
        f"{_named(case.store)} is mapped read-only, and this firmware's flash driver does not get "
        "over that: it never comes to a boot option; the store stays as it is."
    )


def secure_no_boot(_case: Situation) -> str:
    """Flash that answers the secure world alone."""
    return (
        "Flash answers the secure world alone (secure=on), and this build runs outside it: it "
        "stops with an exception."
    )


def shared_template(case: Situation) -> str:
    """The private store is the package's own file."""
    return (
        f"It boots and saves, but {_named(case.store)} is the package's own template: every "
        "machine defined so shares it, and the next package upgrade overwrites it."
    )


def made_anew(case: Situation) -> str:
    """The template was judged."""
    return (
        f"The variable store {case.machine.store.path} does not exist. At the next start it is "
        f"made anew from {_named(case.store)}, which was judged in its place; variables that it "
        "once held (boot entries, enrolled keys) are lost, without a message."
    )


def unknown_rest(_case: Situation) -> str:
    """What no rule covers."""
    return "The files of this machine could not be put together as it maps them."
