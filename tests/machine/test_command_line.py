"""QEMU's command lines, in every form they are found in."""

import subprocess

import pytest
from debian_firmware import CODE_4M, VARS_4M

from ovmfgui.budgets import MOST_OPTION_LEVELS
from ovmfgui.machine.boards import has_flash
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
        ("null-co", "null-co://", StoreKind.NETWORK),
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


def test_secure_flash_in_the_form_that_qemu_understands():
    form = "driver=cfi.pflash01,property=secure,value=on"
    assert machine_of(f"qemu-system-x86_64 {DRIVES} -global {form}").secure is True
    assert machine_of(f"qemu-system-x86_64 {DRIVES} -global cfi.pflash01.secure=on").secure is None
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
        "-loadvm clean",
        "-device loader,file=/x.bin,addr=0xffc00000",
        "-machine secure=on",
        "-machine smm=maybe",
        "-M usb=$USB",
        "-machine usb=`state`",
        "-global driver=cfi.pflash01,property=secure,value=1",
        "-global driver=cfi.pflash01,property=width,value=2",
        "$MORE",
        '"${more[@]}"',
        "-machine confidential-guest-support=sev0",
    ],
)
def test_what_may_decide_and_is_not_understood_is_kept(words):
    made = machine_of(f"qemu-system-x86_64 -M q35 {DRIVES} {words}")
    assert len(made.not_understood) == 1


def nested(levels):
    inner = '{"driver":"file","filename":"/b.fd"}'
    for _ in range(levels):
        inner = f'{{"driver":"raw","file":{inner}}}'
    return inner


@pytest.mark.parametrize(
    ("argument", "before"),
    [("-drive", "if=pflash,file=json:"), ("-blockdev", ""), ("-device", "")],
)
def test_options_in_json_that_cannot_be_read_may_decide(argument, before):
    def odd(json):
        text = before + (json.replace(",", ",,") if before else json)
        made = machine_of(f"qemu-system-x86_64 -M q35 -pflash /a.fd {argument} '{text}'")
        return [each for each in made.not_understood if "options" in each.why]

    assert not odd(nested(MOST_OPTION_LEVELS - 1))
    assert odd(nested(MOST_OPTION_LEVELS + 1))
    assert odd('{"driver":')


X64, A64 = "qemu-system-x86_64 -M q35", "qemu-system-aarch64 -M virt"
FIRST, SECOND = DRIVES.split(" -drive ")
SECOND = f"-drive {SECOND}"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (f"{X64} {DRIVES} -drive if=pflash,unit=2,file=/x", "bus=0,unit=2"),
        (f"{X64} {DRIVES} -pflash /x", "bus=0,unit=2"),
        (f"{X64} {DRIVES} -drive if=pflash,unit=1,file=/x", "unit=1 exists"),
        (f"{X64} {DRIVES} -drive file=/x,index=0,if=pflash", "unit=0 exists"),
        (f"{X64} {FIRST} -drive if=pflash,bus=1,unit=1,file=/x", "bus=1,unit=1"),
        (f"{X64} {SECOND}", "requires pflash0"),
        (f"{X64} -bios /b.fd {SECOND}", "requires pflash0"),
        (f"{X64},pflash1=v {DRIVES} -drive if=none,id=v,file=/x", "clashes with -machine"),
        (f"{A64} -bios /b.fd {DRIVES}", "cannot use both options"),
        (f"qemu-system-aarch64 {DRIVES}", "no default"),
    ],
)
def test_chips_that_cannot_be_are_refused_in_qemus_words(command, words):
    (said,) = machine_of(command).refusals
    assert words in said


def test_real_qemu_says_so(tmp_path):
    """The words above, and that it refuses; the chips are never opened before that."""
    for name, size in (("code", CODE_4M.stat().st_size), ("vars", VARS_4M.stat().st_size)):
        (tmp_path / name).write_bytes(bytes(size))
    file = f"file={tmp_path}/vars"
    first = f"if=pflash,format=raw,readonly=on,unit=0,file={tmp_path}/code"
    second = f"if=pflash,format=raw,{file}"
    for options in (
        ("-drive", first, "-drive", f"{second},unit=2"),
        ("-drive", first, "-drive", f"{second},unit=1", "-drive", f"{second},unit=1"),
        ("-drive", first, "-drive", f"{second},unit=1,bus=1"),
        ("-drive", f"{second},unit=1"),
        ("-bios", str(CODE_4M), "-drive", f"{second},unit=1"),
        ("-M", "microvm", "-drive", first),
        ("-M", "isapc", "-drive", first),
        ("-bios", str(CODE_4M)),
    ):
        program = ["qemu-system-x86_64", "-display", "none", "-nodefaults", *options]
        done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1, options
        made = machine_of(" ".join(("qemu-system-x86_64", *options)))
        quoted = [said.split("“")[-1].rstrip("”") for said in made.refusals]
        rule = has_flash("x86_64", made.board) is False or options[0] == "-bios"
        assert rule or any(words in done.stderr.replace(" (index=-1)", "") for words in quoted)


def test_a_flag_may_be_turned_off_by_no():
    assert machine_of(f"{X64},nosmm {DRIVES}").smm is False
    assert machine_of(f"{X64} {FIRST} {SECOND},noreadonly").store.readonly is False


def test_what_is_passed_on_to_a_script_is_nothing_by_itself():
    assert machine_of(f'{X64} {DRIVES} "$@"').not_understood == ()


@pytest.mark.parametrize("board", ["q35", "pc", "pc-i440fx-9.0", "pc-q35-9.0"])
def test_proxmox_marks_its_machine_types(board):
    made = machine_of(f"/usr/bin/kvm -machine type={board}+pve0 {DRIVES}")
    assert has_flash(made.architecture, made.board)


def test_a_relative_path_is_looked_for_beside_the_script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "vm" / "start.sh"
    script.parent.mkdir()
    for name in ("code.fd", "vars.fd"):
        (script.parent / name).write_bytes(b"x")
    text = "qemu-system-x86_64 -M q35 -pflash code.fd -pflash vars.fd"
    made = parse_definition(str(script), text.encode())
    assert made is not None
    assert made.firmware is not None
    assert made.firmware.path == str(script.parent / "code.fd")
    assert made.store.path == str(script.parent / "vars.fd")
    (tmp_path / "vars.fd").write_bytes(b"y")
    here = parse_definition(str(script), text.encode())
    assert here is not None
    assert here.store.path == "vars.fd"


def test_a_rom_without_a_folder_is_looked_for_by_qemu():
    assert machine_of(f"{X64} -bios nowhere.fd").not_understood[0].text == "-bios nowhere.fd"
    assert machine_of(f"{X64} -bios /nowhere.fd").not_understood == ()


def test_a_drive_with_an_id_may_be_a_chip():
    made = machine_of(
        f"{X64},pflash0=c,pflash1=v -drive if=none,id=c,format=raw,readonly=on,file={CODE} "
        f"-drive id=v,if=none,format=qcow2,file={VARS}"
    )
    assert made.firmware is not None
    assert (made.firmware.path, made.firmware.readonly) == (CODE, True)
    assert (made.store.path, made.store.format) == (VARS, "qcow2")
    assert made.not_understood == made.refusals == ()


def test_a_node_without_a_format_maps_the_files_bytes():
    made = machine_of(f"{X64},pflash1=f {FIRST} -blockdev driver=file,node-name=f,filename={VARS}")
    assert (made.store.path, made.store.format) == (VARS, "raw")


def test_raw_over_another_format_hands_on_what_that_holds():
    inner = f"driver=raw,file.driver=qcow2,file.file.driver=file,file.file.filename={VARS}"
    for text in (
        f"{X64} {FIRST} -drive if=pflash,unit=1,{inner},size=540672",
        f"{X64},pflash1=v {FIRST} -blockdev node-name=v,{inner},size=540672",
    ):
        made = machine_of(text)
        assert (made.store.path, made.store.format, made.store.size) == (VARS, "qcow2", 540672)


def test_a_node_that_is_written_over_one_that_is_not_is_refused():
    nodes = (
        f"{X64},pflash1=v {FIRST} -blockdev driver=raw,node-name=v,file=f{{0}} "
        f"-blockdev driver=file,node-name=f,filename={VARS},read-only=on"
    )
    assert "read-only" in machine_of(nodes.format("")).refusals[0]
    made = machine_of(nodes.format(",read-only=on"))
    assert (made.store.readonly, made.refusals) == (True, ())


def test_what_qemu_takes_where_nothing_is_said():
    assert machine_of(f"qemu-system-x86_64 {DRIVES}").board == "pc"
    assert machine_of(f"qemu-system-x86_64 -machine smm=on {DRIVES}").board == "pc"
    assert machine_of(f"{A64} {DRIVES}").processor == "cortex-a15"
    assert machine_of(f"{A64} -accel kvm {DRIVES}").processor is None
    assert machine_of(f"{A64} -enable-kvm {DRIVES}").processor is None
    assert machine_of(f"{A64} -cpu max,sve=off {DRIVES}").processor == "max"


def test_a_list_of_processes_shows_json_without_its_quotes():
    text = (
        "root 4711 1.5 2.0 ? Sl 10:00 0:10 /usr/bin/qemu-system-x86_64 -name guest=web "
        f'-blockdev {{"driver":"file","filename":"{CODE}","node-name":"a","read-only":true}} '
        '-blockdev {"node-name":"b","read-only":true,"driver":"raw","file":"a"} '
        f'-blockdev {{"driver":"file","filename":"{VARS}","node-name":"c"}} '
        '-blockdev {"node-name":"d","read-only":false,"driver":"qcow2","file":"c"} '
        "-machine pc-q35-7.2,smm=on,pflash0=b,pflash1=d"
    )
    made = machine_of(text)
    assert made.firmware is not None
    assert (made.firmware.path, made.store.path, made.store.format) == (CODE, VARS, "qcow2")


def test_the_last_of_several_commands_of_a_line_counts():
    made = machine_of(
        f"cp {VARS} /a && qemu-system-x86_64 -M pc {DRIVES}; qemu-system-x86_64 -M q35 {DRIVES} & "
        "wait"
    )
    assert made.board == "q35"


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
