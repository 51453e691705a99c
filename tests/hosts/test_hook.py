"""The hook as libvirt calls it: a file with arguments, domain XML on standard input."""

import io
import os
import resource
import shutil
import subprocess

import pytest
from debian_firmware import VARS_2M, VARS_4M, VARS_4M_MS, X86_CODE
from made_hosts import domain_xml

from ovmfgui.budgets import MOST_HOOK
from ovmfgui.cli.main import main
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.hosts.hook_judging import Operation, objection
from ovmfgui.hosts.hook_script import Policy, hook_path, install, installed_policy, uninstall
from ovmfgui.hosts.host import Host
from ovmfgui.hosts.kept_codes import KeptCodes, contents_key
from ovmfgui.hosts.machine_reading import MachineReading
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused


@pytest.fixture
def vm(tmp_path):
    """A domain's files: one package, and its store."""
    made = synthetic_package("4m")
    (tmp_path / "CODE.fd").write_bytes(made.code)
    (tmp_path / "TEMPLATE.fd").write_bytes(made.vars)
    (tmp_path / "VARS.fd").write_bytes(made.vars)
    return tmp_path


def xml_of(folder, name="vm", **said):
    return domain_xml(
        name, f"{folder}/CODE.fd", f"{folder}/TEMPLATE.fd", f"{folder}/VARS.fd", **said
    )


def broken(folder, build="4m-shifted"):
    (folder / "VARS.fd").write_bytes(synthetic_package(build).vars)


def called(root, xml, *arguments):
    return subprocess.run(
        [hook_path(str(root)), *arguments], input=xml, capture_output=True, timeout=60
    )


@pytest.fixture
def hook(tmp_path):
    """Installed into a root of its own; the name of a domain that nobody else has."""
    root = tmp_path / "root"
    install(str(root), Policy.REFUSE)
    name = f"ovmfgui-test-{os.getpid()}-{tmp_path.name}"
    yield root, name
    subprocess.run([hook_path(str(root)), name, "release", "end", "-"], input=b"", check=True)


@pytest.mark.parametrize(
    ("build", "refused"),
    [("4m", False), ("4m-shifted", True), ("2m", False)],
)  # fmt: skip
def test_a_start_that_ruins_the_store_is_refused_in_one_line(vm, hook, build, refused):
    root, name = hook
    broken(vm, build)
    done = called(root, xml_of(vm), name, "prepare", "begin", "-")
    assert done.returncode == (1 if refused else 0), done.stderr
    assert done.stdout == b""
    if refused:
        (line,) = done.stderr.decode().splitlines()
        assert str(vm / "VARS.fd") in line
        assert "overwrite" in line
    else:
        assert done.stderr == b""


def test_a_store_that_does_not_boot(vm, hook):
    root, name = hook
    (vm / "CODE.fd").write_bytes(synthetic_package("4m-secboot").code)
    broken(vm, "2m")
    done = called(root, xml_of(vm), name, "prepare", "begin", "-")
    assert done.returncode == 1
    assert b"does not boot with" in done.stderr


@pytest.mark.parametrize(
    "operation",
    ["start begin -", "started begin -", "stopped end -", "release end -", "reconnect begin -",
     "attach begin -", "prepare end -", "migrate end -", "no such"],
)  # fmt: skip
def test_nothing_else_is_looked_at(vm, hook, operation):
    root, name = hook
    broken(vm)
    done = called(root, xml_of(vm), name, *operation.split())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_policies(vm, hook):
    root, name = hook
    broken(vm)
    install(str(root), Policy.WARN)
    done = called(root, xml_of(vm), name, "prepare", "begin", "-")
    assert done.returncode == 0
    assert b"goes on all the same" in done.stderr
    install(str(root), Policy.OFF)
    done = called(root, xml_of(vm), name, "prepare", "begin", "-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "xml",
    [b"", b"garbage", b"<domain/>", b"<domain type='kvm'><name>bios</name><os><type "
     b"arch='x86_64' machine='pc'>hvm</type></os></domain>", b"\xff\xfe" * 1000,
     b"<!DOCTYPE d [<!ENTITY a 'b'>]><domain>&a;</domain>"],
)  # fmt: skip
@pytest.mark.parametrize("operation", ["prepare", "migrate"])
def test_what_cannot_be_judged_goes_on(hook, xml, operation):
    root, name = hook
    done = called(root, xml, name, operation, "begin", "-")
    assert done.returncode == 0
    assert done.stdout == b""


def test_a_fault_of_its_own_stops_nothing(vm, hook, monkeypatch, capsys):
    root, name = hook
    broken(vm)
    path = hook_path(str(root))
    whole = path.read_text()
    for old, new in (
        ("ovmfgui.cli.hook_judging", "ovmfgui.cli.no_such_module"),
        ("-sP -m", "--no-such-option -m"),
        ("-k 5 20 ", "-k 5 20 /no/such/"),
        ("-k 5 20 ", "-k 5 0.01 "),
    ):
        path.write_text(whole.replace(old, new))
        done = called(root, xml_of(vm), name, "prepare", "begin", "-")
        assert done.returncode == 0, new
        assert b"fault of its own" in done.stderr
    from ovmfgui.cli import hook_judging

    monkeypatch.setattr(hook_judging, "_judge", lambda *_all: 1 / 0)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert hook_judging.main(["refuse", "vm", "prepare"]) == 0
    assert "vm is not judged: ZeroDivisionError" in capsys.readouterr().err
    assert hook_judging.main(["nonsense"]) == 0


def test_what_comes_from_another_host(vm, hook):
    root, name = hook
    xml = xml_of(vm)
    (vm / "CODE.fd").rename(vm / "CODE_AWAY.fd")
    done = called(root, xml, name, "migrate", "begin", "-")
    assert done.returncode == 1
    assert b"CODE.fd, is not on this host" in done.stderr
    (vm / "CODE.fd").write_bytes(synthetic_package("2m").code)
    done = called(root, xml, name, "migrate", "begin", "-")
    # The same two may run where it comes from: that is no reason to stop it.
    assert done.returncode == 0
    assert b"goes on all the same" in done.stderr
    assert b"refuses it for their sizes" in done.stderr
    (vm / "CODE_AWAY.fd").rename(vm / "CODE.fd")
    assert called(root, xml, name, "migrate", "begin", "-").returncode == 0


@pytest.mark.parametrize("operation", ["migrate", "restore"])
def test_what_brings_its_chips_along_is_not_judged_by_the_file(vm, hook, operation):
    """The store that lies here is overwritten by what comes: it decides nothing, once."""
    root, name = hook
    broken(vm)
    assert called(root, xml_of(vm), name, operation, "begin", "-").returncode == 0
    assert called(root, xml_of(vm), name, "prepare", "begin", "-").returncode == 0
    assert called(root, xml_of(vm), name, "prepare", "begin", "-").returncode == 1


def test_arm_chips_are_of_one_size(vm):
    xml = xml_of(vm, arch="aarch64", board="virt")
    said, certain = objection(Operation.MIGRATE, "vm", xml, kept=None)
    assert certain
    assert "requires 67108864 bytes" in said
    assert "\n" not in said


def test_a_store_that_is_cut_off_is_judged_as_it_is(vm):
    (vm / "CODE.fd").write_bytes(synthetic_package("4m-secboot").code)
    (vm / "VARS.fd").write_bytes(synthetic_package("4m-secboot").vars[:-0x1000])
    assert "does not boot" in objection(Operation.PREPARE, "vm", xml_of(vm), kept=None).why


def test_install_and_uninstall(tmp_path, capsys):
    root = str(tmp_path)
    path = hook_path(root)
    assert path == tmp_path / "etc/libvirt/hooks/qemu.d/ovmfgui"
    assert main(["hook", "--root", root]) == 1
    assert main(["hook", "--install", "--root", root]) == 0
    assert os.access(path, os.X_OK)
    assert path.stat().st_mode & 0o777 == 0o755
    assert [p.name for p in path.parent.iterdir()] == ["ovmfgui"]
    assert "policy refuse" in capsys.readouterr().out
    assert main(["hook", "--install", "--policy", "warn", "--root", root]) == 0
    assert main(["hook", "--install", "--root", root]) == 0
    assert installed_policy(root) is Policy.WARN
    assert main(["hook", "--root", root, "--json"]) == 0
    assert '"policy":"warn"' in capsys.readouterr().out
    assert main(["hook", "--policy", "warn", "--root", root]) == 2
    assert main(["hook", "--uninstall", "--root", root]) == 0
    assert not path.parent.exists()
    assert path.parent.parent.is_dir()
    assert main(["hook", "--uninstall", "--root", root]) == 0
    assert "was not there" in capsys.readouterr().out


def test_a_hook_of_somebody_else_is_left_alone(tmp_path):
    path = hook_path(str(tmp_path))
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    other = path.with_name("other")
    other.write_text("#!/bin/sh\n")
    for act in (uninstall, lambda root: install(root, Policy.WARN)):
        with pytest.raises(Refused, match="not written by"):
            act(str(tmp_path))
    assert path.read_text() == "#!/bin/sh\n"
    path.unlink()
    install(str(tmp_path), Policy.REFUSE)
    assert uninstall(str(tmp_path))
    assert other.exists()


@pytest.mark.firmware
@pytest.mark.parametrize("code", X86_CODE, ids=lambda path: path.name)
def test_what_is_kept_of_code_gives_the_same_verdict(tmp_path, code):
    made = synthetic_package("4m-shifted").vars
    (tmp_path / "shifted.fd").write_bytes(made)
    host = Host("host", HostTree(), ())
    kept = KeptCodes(str(tmp_path / "kept"))
    for store in (VARS_2M, VARS_4M, VARS_4M_MS, tmp_path / "shifted.fd"):
        shutil.copy(store, tmp_path / "VARS.fd")
        xml = domain_xml("vm", code, VARS_4M, tmp_path / "VARS.fd")

        def verdict(reading, xml=xml):
            opened = reading.opened(reading.machine(xml, "vm", host), host)
            return reading.verdict(opened, refuse_cut_off=False)

        plain = verdict(MachineReading())
        first, second = verdict(MachineReading(kept)), verdict(MachineReading(kept))
        assert first == plain
        assert second == plain
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_what_is_kept_is_not_believed_when_others_may_write_it(vm, tmp_path):
    folder = tmp_path / "kept"
    file = read_file(vm / "CODE.fd")
    image, key = image_of([file]), contents_key(file.data)
    kept = KeptCodes(str(folder))
    kept.put(key, image, expectation(image))
    got = kept.get(key, file)
    assert got is not None
    assert got[1] == expectation(image)
    (path,) = folder.iterdir()
    whole = path.read_text()
    for text in ("{}", "", whole[:-9], whole.replace('"Layout"', '"Path"'), "[" * 100_000):
        path.write_text(text)
        assert kept.get(key, file) is None
    path.write_text(whole)
    folder.chmod(0o777)
    assert kept.get(key, file) is None


def test_padding_is_part_of_the_key():
    zeros = bytes(1 << 18)
    keys = {contents_key(data) for data in (b"", b"a", b"a" + zeros, b"a" + zeros * 2, zeros)}
    assert len(keys) == 5


@pytest.mark.firmware
def test_it_costs_a_start_less_than_four_tenths_of_a_second(hook, tmp_path):
    """User and system time of everything that libvirt waits for; the least of several."""
    root, name = hook
    shutil.copy(VARS_4M_MS, tmp_path / "VARS.fd")
    xml = domain_xml(name, X86_CODE[3], VARS_4M, tmp_path / "VARS.fd")
    least = 9.0
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert called(root, xml, name, "prepare", "begin", "-").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = min(least, spent)
    assert least < 0.4


def test_a_hook_that_is_longer_than_ours_is_somebody_elses(tmp_path):
    install(str(tmp_path), Policy.WARN)
    path = hook_path(str(tmp_path))
    text = path.read_text()
    path.write_text(text + "#" * (MOST_HOOK - len(text)))
    assert installed_policy(str(tmp_path)) is Policy.WARN
    path.write_text(text + "#" * MOST_HOOK)
    with pytest.raises(Refused, match="not written by"):
        installed_policy(str(tmp_path))
