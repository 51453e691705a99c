"""Whatever takes bytes apart is reached by a fuzz target, or it is said here why not."""

import ast
import sys
from pathlib import Path

from fuzz_targets import TARGETS

import ovmfgui
from ovmfgui.refusal import Refused

PACKAGE = Path(ovmfgui.__file__).parent
PARSING = frozenset(("json", "struct", "tomllib", "tarfile", "zlib", "lzma", "xml", "defusedxml"))
OWN = frozenset(("ovmfgui.structure", "ovmfgui.fields", "ovmfgui.decimal_text"))
"""Modules that a reader of bytes imports; or it has ``from_bytes``."""

_DECLARES = "declares structures, which others read"
_WRITES = "turns what was read into bytes or JSON"
_EDITS = "edits what was read, and is given what a person typed"
_READ = "looks at the bytes of a store, a chip or an image that was read"
_OWN_FILES = "reads files that only this program or its package writes"
UNREACHED = {
    "flash/building.py": "builds images, once a process: whether a target is the first is chance",
    "flash/byte_formats.py": _WRITES,
    "flash/byte_meaning.py": _READ,
    "flash/difference.py": _READ,
    "flash/structures.py": _DECLARES,
    "hosts/collecting.py": _WRITES,
    "hosts/kept_codes.py": _OWN_FILES,
    "hosts/libvirt_python.py": "hands libvirt's answers to libvirt_xml, which is reached",
    "hosts/matrix.py": _READ,
    "layout/limits.py": _READ,
    "migration/recorded/activity.py": _READ,
    "migration/recorded/file_kinds.py": "unpacks 4 bytes to see what a file is",
    "migration/recorded/trace_timeline.py": _READ,
    "migration/recorded/watching.py": _READ,
    "migration/scenario/shipped.py": _OWN_FILES,
    "migration/stream/structures.py": _DECLARES,
    "nvram/changes.py": _READ,
    "nvram/decode/nodes/network.py": _DECLARES,
    "nvram/forms/scalars.py": _EDITS,
    "nvram/hot_keys.py": _EDITS,
    "nvram/json_editor.py": _EDITS,
    "nvram/packing.py": _WRITES,
    "nvram/writes.py": _EDITS,
    "pflash/chip.py": "is a chip, to which events of a trace are played",
    "pflash/nor_flash_driver.py": "is a driver, which writes to a chip",
}


def readers():
    """The modules outside of the window and the commands that take bytes apart."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in ("gui", "cli") and _parses(ast.parse(path.read_bytes())):
            yield name.as_posix()


def _parses(tree):
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(n.name.split(".")[0] in PARSING for n in names):
                return True
            case ast.ImportFrom(module=str(name)) if name in OWN or name.split(".")[0] in PARSING:
                return True
            case ast.Attribute(attr="from_bytes"):
                return True
    return False


def unreached(wanted):
    """Those of the modules of which no target calls a function."""
    left = {str(PACKAGE / name) for name in wanted}

    def look(frame, event, _argument):
        if event == "call" and frame.f_code.co_name != "<module>":
            left.discard(frame.f_code.co_filename)

    # The smallest first: they are quick, and reach most.
    runs = [(target, data) for target in TARGETS for data in target.seed_inputs()]
    for target, data in sorted(runs, key=lambda run: len(run[1])):
        if not left:
            break
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            target.run(data)
        except Refused:
            pass
        finally:
            sys.setprofile(before)
    return {Path(each).relative_to(PACKAGE).as_posix() for each in left}


def test_every_reader_is_fuzzed():
    there = set(readers())
    missing = unreached(there - set(UNREACHED))
    assert missing == set(), "give it a target or a seed, or say here why it needs none"
    assert set(UNREACHED) - there == set(), "these take no bytes apart any more"
