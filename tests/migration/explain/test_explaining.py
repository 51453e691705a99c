"""Messages about flash, explained from pasted text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.explain.explaining import MESSAGES, explain
from ovmfgui.migration.explain.proof import Opened
from ovmfgui.pflash import qemu_words as messages


def opened(build_code: str, build_vars: str) -> Opened:
    code, store = synthetic_package(build_code).code, synthetic_package(build_vars).vars
    images = [
        image_of([FlashFile(name, data, Format.RAW, role_of(data))])
        for name, data in (("C.fd", code), ("V.fd", store))
    ]
    return Opened(*images)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.id)
def test_every_message_is_found_in_its_own_example_and_told_without_gaps(message):
    found = explain(f"2026-01-01T00:00:00Z qemu-system-x86_64: {message.example}")
    assert message.id in [each.message.id for each in found]
    for each in found:
        for text in (each.meaning, each.cause, each.cure):
            assert not re.search(r"[{}]|0x |  ", text), text
            assert text[-1] in ".…)" or text[-1].isalnum()


def test_ids_are_unique():
    assert len({m.id for m in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        (messages.invalid_size(0, 296_832), "invalid-size"),
        (messages.combined_size(), "combined-size"),
        (messages.cannot_open(0, "/nowhere/CODE.fd", read_only=True), "cannot-open"),
        (messages.size_mismatch("system.flash1", 0x84000, 0x20000), "flash-size-mismatch"),
        (messages.unknown_block("system.flash1"), "unknown-flash-block"),
        (messages.stream_ended(), "stream-ended"),
        (messages.source_lost_its_peer(), "lost-peer"),
        (messages.source_could_not_save(), "lost-peer"),
        ("qemu: Length mismatch: pc.bios: 20000 in != 40000", "bios-size-mismatch"),
        ("Length mismatch: system.flash0: 0x37c000 in != 0x1e0000", "flash-size-mismatch"),
        ("Length mismatch: vga.ram: 1000000 in != 800000", "memory-size-mismatch"),
        (
            "cfi.pflash01 device 'virt.flash0' requires 67108864 bytes, pflash0 block backend "
            "provides 2097152 bytes",
            "backend-size",
        ),
        (
            "device requires 67108864 bytes, block backend 'pflash0' provides 2097152 bytes",
            "backend-size",
        ),
        ("qemu: PC system firmware (pflash) cannot have zero size", "invalid-size-older"),
    ],
)
def test_the_words_of_old_and_new_releases_are_known(text: str, ident: str):
    assert ident in [each.message.id for each in explain(text)]


def test_a_libvirt_error_is_taken_apart_into_what_it_wraps():
    text = (
        "error: internal error: QEMU unexpectedly closed the monitor (vm='x'): "
        "2026-01-01T00:00:00.1Z qemu-system-x86_64: Size mismatch: system.flash0: 0x37c000 != "
        "0x1e0000: Invalid argument\n"
        "qemu-system-x86_64: error while loading state for instance 0x0 of device 'ram'\n"
        "qemu-system-x86_64: load of migration failed: Invalid argument\n"
    )
    found = [each.message.id for each in explain(text)]
    assert found == ["flash-size-mismatch", "monitor-closed", "load-failed-argument"]


def test_sizes_are_told_with_what_has_them_and_which_file_does():
    text = messages.size_mismatch("system.flash0", 0x37C000, 0x1E0000)
    proof = " ".join(explain(text, opened("4m", "4m"))[0].proof)
    assert "0x37C000 is 3,653,632 bytes: CODE of OVMF's 4M build" in proof
    assert "0x1E0000 is 1,966,080 bytes: CODE of OVMF's 2M build" in proof
    assert "C.fd has just this size" in proof


def test_a_crash_is_proved_by_the_verdict_on_the_two_files():
    text = "!!!! X64 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!"
    wrong = explain(text, opened("2m", "4m"))[0].proof
    assert wrong[0].startswith("The two opened files: incompatible (no-boot).")
    assert explain(text, opened("4m", "4m"))[0].proof[0].startswith("The two opened files: fits")
    assert explain(text)[0].proof == ()


def test_a_full_store_is_proved_by_its_gauge():
    proof = explain("requested 30.7 kB and got 8.0 kB", opened("2m", "2m"))[0].proof
    assert re.match(r"V\.fd: [\d,]+ bytes in use, [\d,]+ bytes of deleted records, ", proof[0])


@pytest.mark.parametrize("text", ["", "hello", "Segmentation fault", "mismatch: size"])
def test_an_unknown_text_gives_nothing(text: str):
    assert explain(text) == ()


def test_a_message_that_comes_again_is_told_once():
    assert len(explain("pflash1 requires pflash0\n" * 50)) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str):
    for each in explain(text):
        assert each.meaning
