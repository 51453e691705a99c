"""Messages about flash, explained from pasted text."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.cli.main import main
from ovmfgui.flash.image import FlashFile, Format
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.explain.explaining import MESSAGES, explain
from ovmfgui.migration.explain.proof import Opened
from ovmfgui.migration.explain.reasons import REASONS
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


MESSAGES_SEEN = Path(__file__).parents[2] / "data" / "messages"


@pytest.mark.parametrize(
    "text", (MESSAGES_SEEN / "real-programs.txt").read_text(encoding="utf-8").splitlines()
)
def test_what_real_programs_have_printed_is_known(text: str):
    assert explain(text)


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        (
            "error: XML error: NVRAM template is not permitted when loader is stateless",
            "stateless-with-nvram",
        ),
        ("unsupported configuration: Unsupported loader format 'vmdk'", "nvram-format"),
        (
            "firmware feature 'secure-boot' cannot be enabled when firmware feature 'x' is "
            "disabled",
            "feature-contradiction",
        ),
        (
            "XML error: loader attribute 'readonly' cannot be specified when firmware "
            "autoselection is enabled",
            "autoselection-mixed",
        ),
        ("failed 'qemu-img snapshot -a' action on NVRAM image", "snapshot-nvram-image"),
        ("Received TARGET_PAGE_BITS is 12 but local is 14", "page-bits"),
        ("Capability multifd is off, but received capability is on", "capability-mismatch"),
        ("Failed to load virtio-net:virtio", "field-failed"),
        (
            "pflash_cfi01: incoming version_id 2 is too new for local version_id 1",
            "section-version",
        ),
        ("Unknown combination of migration flags: 0x0", "ram-flags"),
        ("Error -5 while loading VM state", "vm-state"),
        ("error: operation failed: job 'migration out' unexpectedly failed", "migration-job"),
        (
            'BdsDxe: failed to start Boot0003 "Windows Boot Manager" from HD(1,GPT): Timed out',
            "boot-option-failed",
        ),
        ("Could not create MokListTrustedRT: Out of Resources", "shim-mirror"),
        ("Verifying shim SBAT data failed: Security Policy Violation", "shim-sbat"),
        ("dmpstore: Failed to set variable KEK: Security Violation.", "variable-refused"),
        ("Failed to update dbx: Operation not permitted", "variable-refused"),
        ("DxeImageVerificationLib: Image is signed but is forbidden by DBX.", "image-verification"),
        ("Failed to load image \\EFI\\x\\grubaa64.efi: Security Violation", "shim-next"),
        ("Failed to load image: Access Denied", "shim-next"),
        ("Failed to open \\EFI\\BOOT\\mmaa64.efi - Not Found", "mok-manager"),
        ('Couldn\'t create mok variable "MokListXRT": Out of Resources', "shim-mirror"),
        ("Failed to set MokListRT: Volume Full", "shim-mirror"),
        ("MokListX is compromised!", "mok-compromised"),
        ("Cannot reset SBAT policy: Secure Boot is enabled.", "shim-sbat-level"),
        ("insmod: Required key not available", "module-rejected"),
        ("Verification failed: Security Violation", "shim-verification"),
    ],
)
def test_brothers_of_what_was_seen_are_known(text: str, ident: str):
    assert [each.message.id for each in explain(text)] == [ident]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("No such file or directory", "It is not there"),
        ("Permission denied", "AppArmor"),
        ("Read-only file system", "mounted read-only"),
        ("No space left on device", "full"),
        ("Is a directory", "A folder is named"),
        ("Resource temporarily unavailable", "lock"),
        ("Stale file handle", "network storage"),
    ],
)
@pytest.mark.parametrize(
    "message",
    [
        "qemu-system-x86_64: Could not open '/nowhere/vm1_VARS.fd': {}",
        "error: unable to stat: /nowhere/vm1_VARS.fd: {}",
        "Failed to create nvram dir /nowhere/nvram: {}",
        "Failed to open file '/nowhere/VARS.fd': {}",
    ],
)
def test_the_systems_words_decide_the_cause(message: str, words: str, cause: str):
    (found,) = explain(message.format(words))
    assert cause in found.cause
    causes = {explain(message.format(each.words))[0].cause for each in REASONS}
    assert len(causes) == len(REASONS)


def test_several_causes_each_come_with_what_would_tell(capsys):
    assert main(["explain", "bad shim signature"]) == 0
    assert capsys.readouterr().out.count("You see it by this:") == 3
    assert main(["explain", "bad shim signature", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["explanations"]
    assert all(each["cause"] and each["tell"] for each in found["causes"])


LONG = "qemu-system-x86_64: system firmware block device pflash0 has invalid size 296960"


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        f"> {LONG}",
        f"> > {LONG}",
        f"\x1b[31m{LONG}\x1b[0m",
        LONG.replace("block device", "block\ndevice"),
        "> " + LONG.replace("pflash0 has", "pflash0\n> has"),
        LONG.replace("invalid size", "inva\nlid size"),
        LONG.replace("firmware ", "firmware\n   ").replace("has ", "has\n   "),
    ],
)
def test_quoted_and_wrapped_text_is_put_together_first(text: str):
    (found,) = explain(f"Hello list,\n\n{text}\n\nWhat is this?")
    assert (found.message.id, "296960" in found.meaning) == ("invalid-size", True)


def test_two_messages_are_not_made_one():
    text = "Could not open '/nowhere/A.fd':\nerror: pflash1 requires pflash0"
    assert [each.message.id for each in explain(text)] == ["unit-1-alone"]


def test_the_innermost_message_comes_before_what_carries_it():
    text = (
        "error: Failed to start domain 'x'\nerror: internal error: process exited while connecting "
        "to monitor: 2026-01-01T00:00:00Z qemu-system-x86_64: Could not open '/nowhere/C.fd': "
        "Permission denied"
    )
    assert [each.message.id for each in explain(text)] == ["cannot-open", "monitor-closed"]


def test_a_whole_log_gives_its_messages_in_order():
    log = (MESSAGES_SEEN / "libvirt-qemu-log-B-two-m.log").read_text(encoding="utf-8")
    found = [each.message.id for each in explain(log)]
    assert found[:2] == ["flash-size-mismatch", "load-failed-argument"]
    log = (MESSAGES_SEEN / "libvirt-qemu-log-B-rom.log").read_text(encoding="utf-8")
    assert [each.message.id for each in explain(log)] == [
        "bios-size-mismatch",
        "load-failed-argument",
    ]
    parts = ["Missing section footer for a", "pflash1 requires pflash0", "bad shim signature"]
    for order in (parts, parts[::-1]):
        lines = [explain(part)[0].message.id for part in order]
        assert [each.message.id for each in explain("\n".join(order))] == lines


def test_a_long_text_is_taken_in_time():
    started = time.perf_counter()
    explain("qemu-system-x86_64: nothing of the kind " * 30_000)
    explain("a line\n" * 20_000)
    assert time.perf_counter() - started < 10


def test_a_size_of_no_build_is_told_as_that():
    """A qcow2 store of 4M opened as raw, out of a real log."""
    found = explain(messages.size_mismatch("system.flash1", 0x84000, 0xE0000))[0]
    assert "0x84000 is 540,672 bytes: VARS of OVMF's 4M build." in found.proof[0]
    assert "the size of no build that is known" in found.proof[1]
    assert any("qcow2" in cause for cause, _ in found.message.causes)
