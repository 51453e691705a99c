"""QEMU's command lines, in every form they are found in."""

import pytest

from ovmfgui.machine.definition import form_of, parse_definition
from ovmfgui.machine.model import Kind, Machine, Mapping, StoreKind
from ovmfgui.refusal import Refused

CODE, VARS = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/srv/guest_VARS.fd"
DRIVES = (
    f"-drive if=pflash,format=raw,unit=0,readonly=on,file={CODE} "
    f"-drive if=pflash,format=raw,unit=1,file={VARS}"
)


def machine_of(text: str | bytes) -> Machine:
    raw = text if isinstance(text, bytes) else text.encode()
    assert form_of(raw) == "command"
    machine = parse_definition("command", raw)
    assert machine is not None
    assert machine.kind is Kind.QEMU
    return machine


def test_drives_of_two_units():
    made = machine_of(f"qemu-system-x86_64 -machine q35,smm=on -name web,process=x {DRIVES} -m 512")
    assert (made.name, made.architecture, made.board, made.smm) == ("web", "x86_64", "q35", True)
    assert made.firmware is not None
    assert (made.firmware.how, made.firmware.path, made.firmware.format) == (
        Mapping.FLASH,
        CODE,
        "raw",
    )
    assert made.firmware.readonly is True
    assert (made.store.how, made.store.path, made.store.readonly) == (StoreKind.FLASH, VARS, None)
    assert made.not_understood == ()


def test_a_shell_script_of_several_lines_with_quotes():
    text = (
        "#!/bin/sh\n# qemu-system-x86_64 is good\nexec /usr/bin/qemu-system-x86_64 \\\n"
        f"  -machine 'pc-q35-7.2' \\\n  {DRIVES} \\\n  -m 1G\n"
    )
    made = machine_of(text)
    assert made.board == "pc-q35-7.2"
    assert made.store.path == VARS


def test_words_of_proc_cmdline():
    words = ["/usr/bin/qemu-system-aarch64", "-M", "virt-7.2,gic-version=2", *DRIVES.split()]
    made = machine_of("\0".join(words).encode() + b"\0")
    assert (made.architecture, made.board) == ("aarch64", "virt-7.2")


def test_the_second_bare_pflash_is_unit_1_and_its_format_is_guessed():
    made = machine_of(f"qemu-system-x86_64 -pflash {CODE} -pflash {VARS}")
    assert made.firmware is not None
    assert (made.firmware.path, made.firmware.format) == (CODE, None)
    assert (made.store.path, made.store.format) == (VARS, None)


def test_bios_is_a_rom():
    made = machine_of("qemu-system-x86_64 -M q35 -bios /usr/share/ovmf/OVMF.fd")
    assert made.firmware is not None
    assert made.firmware.how is Mapping.ROM
    assert made.store.how is StoreKind.NONE


BLOCKDEVS = (
    '-blockdev \'{{"driver":"file","filename":"{code}","node-name":"p0s","read-only":true}}\' '
    '-blockdev \'{{"node-name":"p0","read-only":true,"driver":"raw","file":"p0s"}}\' '
    '-blockdev \'{{"driver":"{protocol}","filename":"{vars}","node-name":"p1s"}}\' '
    '-blockdev \'{{"node-name":"p1","read-only":false,"driver":"{form}","size":540672,'
    '"file":"p1s"}}\' '
)


@pytest.mark.parametrize(
    ("protocol", "path", "how"),
    [
        ("file", VARS, StoreKind.FLASH),
        ("host_device", "/dev/vg/vars", StoreKind.BLOCK),
        ("file", "/dev/vg/vars", StoreKind.BLOCK),
        ("nbd", "nbd://h/x", StoreKind.NETWORK),
    ],
)
def test_nodes_of_block_devices(protocol, path, how):
    nodes = BLOCKDEVS.format(code=CODE, vars=path, protocol=protocol, form="raw")
    made = machine_of(f"/usr/bin/qemu-system-x86_64 {nodes} -machine q35,pflash0=p0,pflash1=p1")
    assert made.firmware is not None
    assert (made.firmware.path, made.firmware.format, made.firmware.readonly) == (CODE, "raw", True)
    assert (made.store.how, made.store.path, made.store.format) == (how, path, "raw")
    assert made.store.size == 540672


def test_nested_nodes_and_a_doubled_comma():
    text = (
        "qemu-system-x86_64 -blockdev driver=qcow2,node-name=v,file.driver=file,"
        "file.filename=/a,,b.qcow2,read-only=off -machine q35,pflash1=v "
        f"-drive if=pflash,unit=0,format=raw,readonly=on,file={CODE}"
    )
    made = machine_of(text)
    assert (made.store.path, made.store.format) == ("/a,b.qcow2", "qcow2")


def test_secure_flash_in_both_forms():
    for form in ("driver=cfi.pflash01,property=secure,value=on", "cfi.pflash01.secure=on"):
        assert machine_of(f"qemu-system-x86_64 {DRIVES} -global {form}").secure is True
    assert machine_of(f"qemu-system-x86_64 {DRIVES} -global ICH9-LPC.disable_s3=1").secure is None


def test_the_uefi_vars_device():
    made = machine_of(
        "qemu-system-x86_64 -machine q35 -bios /c.fd -device uefi-vars-x64,jsonfile=/v.json"
    )
    assert (made.store.how, made.store.path) == (StoreKind.UEFI_VARS, "/v.json")


def test_snapshot_throws_away_what_is_written():
    assert machine_of(f"qemu-system-x86_64 {DRIVES} -snapshot").store.discarded
    each = machine_of(f"qemu-system-x86_64 {DRIVES},snapshot=on")
    assert each.store.discarded


@pytest.mark.parametrize(
    "words",
    [
        "-readconfig /etc/guest.cfg",
        "-set drive.pflash1.file=/x",
        "-machine pflash1=nowhere",
        "-drive if=pflash,format=raw,file=$VARS,unit=1",
        "-drive if=pflash,format=raw,unit=2,file=/third",
    ],
)
def test_what_may_decide_and_is_not_understood_is_kept(words):
    made = machine_of(f"qemu-system-x86_64 -M q35 {DRIVES} {words}")
    assert len(made.not_understood) == 1


def test_the_last_start_in_a_log_counts():
    log = (
        "2026-01-01 10:00:00.000+0000: starting up libvirt version: 9.0.0\n"
        "LC_ALL=C \\\nPATH=/bin \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=old \\\n"
        f"{DRIVES}\n2026-01-01T10:00:01Z qemu-system-x86_64: terminating on signal 15\n"
        "2026-01-02 10:00:00.000+0000: starting up libvirt version: 9.0.0\n"
        "LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=new,debug-threads=on \\\n"
        f"-machine pc-q35-7.2,usb=off,smm=on \\\n{DRIVES}\n"
        "char device redirected to /dev/pts/1 (label charserial0)\n"
    )
    made = machine_of(log)
    assert (made.name, made.board, made.smm) == ("new", "pc-q35-7.2", True)


def test_a_machine_without_firmware_starts_with_seabios():
    with pytest.raises(Refused, match="SeaBIOS"):
        machine_of("qemu-system-x86_64 -machine q35 -drive file=/disk.qcow2,if=virtio")


def test_a_quote_that_is_not_closed_is_told():
    with pytest.raises(Refused, match="within a quote"):
        machine_of("qemu-system-x86_64 -machine 'q35 -bios /x.fd")
