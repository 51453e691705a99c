"""What is fuzzed: a function of bytes for every parser, and real files to begin with.

A target returns whatever it likes. It may raise ``Refused``; anything else is a fault, and so is
more than ``MOST_SECONDS`` of the processor's time for one input.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import lzma
import shutil
import tempfile
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from unittest.mock import patch
from uuid import UUID

from ovmfgui.finding import Severity
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.notes import notes_of
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.qcow2 import refuse_what_is_not_plain
from ovmfgui.flash.qcow2_layers import QCOW2_MAGIC, Qcow2
from ovmfgui.flash.region import Kind, innermost, of_kind
from ovmfgui.flash.role import role_of
from ovmfgui.flash.source import MAX_STORED, unpack
from ovmfgui.flash.tiano import TIANO_POSITION_BITS, UEFI_POSITION_BITS, unpack_tiano
from ovmfgui.hosts.debian_package import DAMAGED, write_members
from ovmfgui.hosts.domain_facts import facts_of, host_facts
from ovmfgui.hosts.host_folder import DEFINITIONS, RUNTIME, read_host, state_in
from ovmfgui.hosts.libvirt_xml import machine_types, pool_folder, volume_size
from ovmfgui.hosts.storage import storage_of_mounts
from ovmfgui.hosts.tree_connection import TreeConnection
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Fit
from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.code.follower import observe
from ovmfgui.layout.witnesses.code.loongarch import LOONGARCH
from ovmfgui.layout.witnesses.code.riscv import RISCV
from ovmfgui.layout.witnesses.code.thumb import THUMB
from ovmfgui.layout.witnesses.volume_header import (
    fv_lengths,
    headers,
    spare_offsets,
    variable_sizes,
    working_sizes,
)
from ovmfgui.machine.definition import parse_definition
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.migration.engine.attaching import (
    NEVER_QEMUS,
    backing_files,
    machine_type,
    mapped_chips,
)
from ovmfgui.migration.explain.explaining import explain
from ovmfgui.migration.scenario.file import parse
from ovmfgui.migration.stream.opening import open_recording, snapshots_in
from ovmfgui.migration.stream.recording import read_recording
from ovmfgui.migration.stream.source import Source
from ovmfgui.migration.stream.uefi_vars import read_uefi_vars
from ovmfgui.nvram import ec2, vendors
from ovmfgui.nvram.boot_options import boot_options
from ovmfgui.nvram.certdb import parse_certdb
from ovmfgui.nvram.decode.decoded import Value
from ovmfgui.nvram.decode.device_path import device_path_text, parse_device_path
from ovmfgui.nvram.decode.path_from_text import FILE_PATH, device_path_from_text, node_from_text
from ovmfgui.nvram.decode.registry import decode, decode_value
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.exchange_formats import read_variables
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.recovery import recover
from ovmfgui.nvram.signature_list import parse_signature_lists
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.pflash.geometry import X86
from ovmfgui.pflash.trace import read_trace, replay_trace
from ovmfgui.refusal import Refused
from ovmfgui.span import Span
from ovmfgui.trust.binary import Binary
from ovmfgui.trust.boot_entries import loader_entries
from ovmfgui.trust.fat import is_fat
from ovmfgui.trust.iso9660 import efi_image, is_iso9660, iso_volume
from ovmfgui.trust.launch_digest import launch_digest
from ovmfgui.trust.mrtd import mrtd
from ovmfgui.trust.partitions import efi_partitions
from ovmfgui.trust.pkcs7 import read_signed_data, signature_problem
from ovmfgui.trust.raw_disk import RawDisk
from ovmfgui.trust.sbat import SbatLevel, read_sbat
from ovmfgui.trust.shim import shim_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.migration.engine.monitor import Monitor

DATA = Path(__file__).parent / "data"
MOST_SECONDS = 5.0
_SEED = 64 << 10
"""Bytes of a seed: what is longer teaches a fuzzer little more, and slows it down."""


class Target(NamedTuple):
    """One parser.

    Attributes:
        name: of its folder of kept inputs too.
        run: what an input is given to.
        seeds: patterns of real files under tests/data.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: tuple[str, ...]

    def seed_inputs(self) -> Iterator[bytes]:
        """Real files, unpacked, and what was kept of earlier runs."""
        for pattern in self.seeds:
            for path in sorted(DATA.glob(pattern)):
                raw = path.read_bytes()
                yield (lzma.decompress(raw) if path.suffix == ".xz" else raw)[:_SEED]
        folder = Path(__file__).parent / "fuzz" / "corpus" / self.name
        for path in sorted(folder.glob("*")):
            yield path.read_bytes()


def _flash_file(data: bytes) -> FlashFile | None:
    contents, form = unpack("fuzzed", data) if data[:4] != b"QFI\xfb" else (data, Format.RAW)
    role = role_of(contents)
    return None if role is None else FlashFile("fuzzed", contents, form, role)


def image(data: bytes) -> None:
    """An image, inspected; ``fits`` never stands beside an error about the store."""
    file = _flash_file(data)
    if file is None:
        return
    inspection = inspect(image_of([file]))
    for root in inspection.map:
        for region in root.walk():
            # Made when somebody looks at them, and a person may look at any.
            assert len(region.fields) == len([field.text for field in region.fields])
    files = tuple(of_kind(inspection.map, Kind.FILE))
    assert all(file in innermost(inspection.map, file.place) for file in files[:9])


_OWNER = UUID(int=1)
_ERASED = b"\xff" * 0x84000
_DESCRIBED = b'{"format": 1, "machine_types": null, "domains": [], "folders": [], "files": {}}'
_PACKAGE = synthetic_package("4m")
_CODE = FlashFile("CODE", _PACKAGE.code, Format.RAW, Role.CODE)


def pair(data: bytes) -> None:
    """A store beside a CODE that is sound; ``fits`` never stands beside an error about it."""
    whole = data.ljust(len(_PACKAGE.vars), b"\xff")
    role = role_of(whole)
    if role is None:
        return
    verdict = check_image(image_of([_CODE, FlashFile("VARS", whole, Format.RAW, role)]))
    if verdict.fit is Fit.FITS:
        assert not [f for f in verdict.findings if f.severity is Severity.ERROR]


def store(data: bytes) -> None:
    """A store, with every value decoded, its boot entries listed, and recovered."""
    found = read_store(data)
    for record in found.live[:200]:
        decode(record)
    boot_options(found)
    list(loader_entries({record.key: record.data for record in found.live}))
    recover(data)


def edit(data: bytes) -> None:
    """An edit, read anew, is the change that was meant and no other."""
    before = read_store(data)
    editor = Editor(data)
    after = read_store(editor.set_variable("Fuzzed", _OWNER, data[:16] or b"\0").after)
    wanted = {record.key: record.data for record in before.live}
    wanted[_OWNER, "Fuzzed"] = data[:16] or b"\0"
    assert {record.key: record.data for record in after.live} == wanted


_VALUES = (
    (vendors.SHIM, "MokPW"),
    (vendors.SHIM, "MokSBState"),
    (vendors.HTTP_TLS_CIPHERS, "HttpTlsCipherList"),
    (vendors.ISCSI_INITIATOR, "Attempt 1"),
    (vendors.IP4_CONFIG, "52540012345A"),
    (vendors.IP6_CONFIG, "52540012345A"),
    (vendors.TCG2_PPI, "Tcg2PhysicalPresence"),
    (vendors.TCG2_PPI, "Tcg2PhysicalPresenceFlags"),
    (vendors.OVMF_PLATFORM, "PlatformConfig"),
)


def value(data: bytes) -> None:
    """A value as those variables have it that stores seldom hold."""
    for guid, name in _VALUES:
        decode_value(Value(data, 0, 0, name, guid))


def code(data: bytes) -> None:
    """Instructions of every processor that is followed, and what they tell of a volume."""
    for processor in (A64, THUMB, RISCV, LOONGARCH):
        observed = observe(processor, data, [Span(0, len(data))])
        found = headers(observed)
        list(fv_lengths(observed, found))
        for each in variable_sizes(observed, found):
            list(working_sizes(observed, each.number))
            list(spare_offsets(observed, each.number))


def device_path(data: bytes) -> None:
    """Every node's text leads back to the node; a path that was typed is what was typed."""
    device_path_text(data)
    for node in parse_device_path(data).nodes:
        if (node.type, node.subtype) != FILE_PATH:
            assert node_from_text(node.text) == node.span.of(data)
    made = device_path_from_text(data.decode("utf-8", "replace"))
    assert device_path_from_text(device_path_text(made)) == made or "\\" in device_path_text(made)


def definition(data: bytes) -> None:
    """Domain XML, descriptors, command lines, logs, Proxmox."""
    parse_definition("fuzzed", data)
    state_in(data)


def stream(data: bytes) -> None:
    """A migration stream."""
    read_recording(Source(io.BytesIO(data), seekable=True))


def recording_file(data: bytes) -> None:
    """Whatever a recording may be wrapped in; the snapshots of a qcow2 image."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        if not data.startswith(QCOW2_MAGIC):
            open_recording(file.name)
            return
        with contextlib.suppress(Refused):
            refuse_what_is_not_plain(file.name, data, MAX_STORED)
        Qcow2(io.BytesIO(data)).missing_clusters(len(data))
        for each in (snapshots_in(file.name) or ())[:4]:
            with contextlib.suppress(Refused):
                open_recording(file.name, each.snapshot.name)


def trace(data: bytes) -> None:
    """A QEMU trace, and what its first chip is afterwards."""
    events = list(read_trace(data.decode("utf-8", "replace").splitlines()))
    if events:
        replay_trace(events, events[0].chip, _ERASED, X86)


def scenario(data: bytes) -> None:
    """A scenario's TOML."""
    parse(data.decode("utf-8", "replace"), "fuzzed")


def signatures(data: bytes) -> None:
    """Signature lists, signed updates, certificates, certdb, SBAT, and what a shim carries."""
    parse_signature_lists(data)
    read_signed_update(data)
    parse_certdb(data)
    read_sbat(data)
    level = SbatLevel.of_variable(data)
    assert level is None or level.order >= 0
    shim_in(Binary("fuzzed", b"", (), None, {".vendor_cert": data, ".sbatlevel": data}))
    with contextlib.suppress(ValueError):
        for signer in read_signed_data(data).signers:
            signature_problem(signer, b"abc")


def medium(data: bytes) -> None:
    """Partition tables, ISO 9660 and the binaries on it, on disks that are no images of flash."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "disk")
        path.write_bytes(data)
        disk = RawDisk(str(path), len(data), folder, packed=False)
        for each in efi_partitions(disk).found:
            is_fat(disk, each.start)  # the rest of FAT is mtools'
        if is_iso9660(disk):
            efi_image(disk)
            volume = iso_volume(disk)
            for path in volume.files[:4]:
                volume.read(path)


def measured(data: bytes) -> None:
    """What attestation says of an image, and notes that were written down."""
    with contextlib.suppress(Refused):
        mrtd(data)
    with contextlib.suppress(Refused):
        launch_digest(data, 2, 0x800F12)
    notes_of(data)


@cache
def _kept_folder() -> str:
    """One for all inputs: to remove a tree takes longer than to read it."""
    folder = tempfile.mkdtemp(prefix="ovmfgui-fuzz-host-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def host(data: bytes) -> None:
    """A folder that ``collect`` made or a host's tree, and what libvirt answers."""
    machine_types(data)
    pool_folder(data)
    volume_size(data)
    text = data.decode("utf-8", "replace")
    storage_of_mounts(text, "/var/lib/libvirt")
    folder = _kept_folder()
    for name in ("host.json", "etc/fstab", f"{DEFINITIONS}/vm.xml", f"{RUNTIME}/vm.xml"):
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with TreeConnection(folder) as connection:
        connection.storage_of("/var/lib/libvirt")
        with contextlib.suppress(Refused):
            connection.domains()
    Path(folder, "host.json").write_bytes(data if data[:1] == b"{" else _DESCRIBED)
    described = read_host(folder)
    host_facts(described)
    for domain in described.domains:
        facts_of(domain, described)


def package(data: bytes) -> None:
    """The files of a Debian package, which stay in their folder."""
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder, "inside")
        inside.mkdir()
        with contextlib.suppress(*DAMAGED):
            write_members("fuzzed", io.BytesIO(data), HostTree(str(inside)))
        assert [each.name for each in Path(folder).iterdir()] == ["inside"]


class _Answering:
    """A monitor of a QEMU that answers whatever it likes."""

    def __init__(self, answers: Any) -> None:
        self._answers = answers

    def execute(self, command: str, **_arguments: object) -> Any:
        """What the input has for a command."""
        return self._answers[command]

    def human(self, _line: str) -> str:
        """What it has for the human monitor."""
        return str(self._answers["human"])


def monitor(data: bytes) -> None:
    """What a monitor says of chips; as ``monitor_at`` has it, some errors tell that it is none."""
    try:
        answering = cast("Monitor", _Answering(json.loads(data)))
    except (ValueError, RecursionError):
        return  # what reads JSON is Python's
    for ask in (mapped_chips, backing_files, machine_type):
        with contextlib.suppress(*NEVER_QEMUS):
            ask(answering)


def keys(data: bytes) -> None:
    """What may be enrolled."""
    read_keys(data, _OWNER)


def variables(data: bytes) -> None:
    """Files of variables of every format that can be imported; those in a device's state."""
    for name in ("fuzzed", f"Fuzzed-{_OWNER}"):
        # The dictionary is another project's, which need not be here.
        with contextlib.suppress(Refused), patch.object(ec2, "_dictionary", bytes):
            read_variables(name, _as_ec2(data) if data.startswith(b"AMZNUEFI") else data)
    read_uefi_vars("uefi-vars-x64", data)


def _as_ec2(data: bytes) -> bytes:
    """Packed and summed up: no search finds bytes that are."""
    rest = data[12:16] + zlib.compress(data[16:], 1)
    return data[:8] + ec2.crc32c(rest).to_bytes(4, "little") + rest


def compression(data: bytes) -> None:
    """Tiano and UEFI compression."""
    for bits in (UEFI_POSITION_BITS, TIANO_POSITION_BITS):
        unpack_tiano(data, 1 << 20, position_bits=bits)


def message(data: bytes) -> None:
    """What a person pastes."""
    explain(data.decode("utf-8", "replace"))


_DEFINITIONS = ("domains/*.xml", "domains/*.json", "messages/*", "hostile/*.xml", "hostile/*.json")
TARGETS = (
    Target("image", image, ("hostile/ui.fd", "hostile/std*", "stores/*.fd.xz")),
    Target("pair", pair, ("stores/*.fd.xz",)),
    Target("store", store, ("stores/*.fd.xz", "stores/*.json", "uefi-vars/*.json")),
    Target("edit", edit, ("stores/*.fd.xz",)),
    Target("value", value, ()),
    Target("code", code, ()),
    Target("device_path", device_path, ()),
    Target("definition", definition, _DEFINITIONS),
    Target("stream", stream, ("*.stream.xz", "streams/*.stream.xz", "hostile/stream*")),
    Target("recording_file", recording_file, ("streams/*.xz", "hostile/stream*")),
    Target("trace", trace, ("arm-virt.trace", "*.trace.xz")),
    Target("scenario", scenario, ("../../resources/scenarios/*.toml", "hostile/*.toml")),
    Target("signatures", signatures, ("stores/*.auth", "stores/*.esl", "dbx/*.bin")),
    Target("medium", medium, ("media/*.iso.xz",)),
    Target("measured", measured, ("hostile/ui.fd",)),
    Target("host", host, ("domains/bios.xml", "domains/varstore.xml")),
    Target("package", package, ()),
    Target("monitor", monitor, ()),
    Target("keys", keys, ("stores/*.auth", "stores/*.esl", "dbx/*.bin")),
    Target("variables", variables, ("uefi-vars/*", "stores/*.json", "stores/*lived.fd.xz")),
    Target("compression", compression, ()),
    Target("message", message, ("messages/*",)),
)
