"""Whatever takes bytes apart is reached by a fuzz target, or it is said here why not."""

import ast
import inspect
import re
import sys
from functools import cache
from pathlib import Path

from fuzz_targets import TARGETS

import ovmfgui
from ovmfgui.flash import decompress
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
    "nvram/file_lock.py": "asks the kernel who holds a file",
    "nvram/forms/scalars.py": _EDITS,
    "nvram/hot_keys.py": _EDITS,
    "nvram/json_editor.py": _EDITS,
    "nvram/packing.py": _WRITES,
    "nvram/writes.py": _EDITS,
    "pflash/chip.py": "is a chip, to which events of a trace are played",
    "pflash/nor_flash_driver.py": "is a driver, which writes to a chip",
}
READS = re.compile("_?(read|parse|from)_")
"""What functions are called that are given bytes of anybody's."""
_PROGRAMS = "the rest runs mtools, qemu-img or dpkg-deb"
_JUDGES = "the rest edits or judges what was read"
PARTLY = {
    "hosts/debian_package.py": _PROGRAMS,
    "migration/engine/attaching.py": "the rest speaks to a socket",
    "nvram/boot_options.py": _JUDGES,
    "nvram/signature_list.py": _JUDGES,
    "nvram/signed_update.py": _JUDGES,
    "structure.py": "the rest declares structures, once a process",
    "trust/fat.py": _PROGRAMS,
    "trust/raw_disk.py": _PROGRAMS,
    "trust/shim.py": _JUDGES,
}
"""Readers that have more functions which take no bytes apart than those that do."""
NO_READERS = {
    "nvram/timestamp.py: from_text": "reads what a person typed",
    "structure.py: from_guid": "turns a GUID into bytes",
}
"""Functions that are called as readers are, and why they are none."""


_WORDS = re.compile("|".join((*PARSING, *OWN, "from_bytes")).encode())
"""Without one of them there is no need to look closer."""


def readers():
    """The modules outside of the window and the commands that take bytes apart."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE)
        if name.parts[0] in ("gui", "cli") or not _WORDS.search(path.read_bytes()):
            continue
        if _parses(_tree(path)):
            yield name.as_posix()


@cache
def _tree(path):
    return ast.parse(path.read_bytes())


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


_AT_ONCE = 40
"""Inputs between two looks at what is missing still."""


def inputs_and_calls():
    """The functions called so far, by their files and the lines where they begin, ever more."""
    _forget()
    found = set()

    def look(frame, event, _argument):
        code = frame.f_code
        # Bodies of modules and classes are no functions.
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED:
            found.add((code.co_filename, code.co_firstlineno))

    # The smallest first: they are quick, and reach most.
    runs = [(target, data) for target in TARGETS for data in target.seed_inputs()]
    for number, (target, data) in enumerate(sorted(runs, key=lambda run: len(run[1])), 1):
        before = sys.getprofile()
        sys.setprofile(look)
        try:
            target.run(data)
        except Refused:
            pass
        finally:
            sys.setprofile(before)
        if number % _AT_ONCE == 0:
            yield found
    yield found


def _forget():
    """What was remembered of earlier tests would not be read again."""
    decompress._known.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("ovmfgui.") and not name.startswith("ovmfgui.gui"):
            for each in list(vars(module).values()):
                if callable(getattr(each, "cache_clear", None)):
                    each.cache_clear()


def functions(name):
    """Those of a module, by the lines where their code begins: a decorator is a part of it."""
    for node in ast.walk(_tree(PACKAGE / name)):
        if isinstance(node, ast.FunctionDef):
            yield min(each.lineno for each in (node, *node.decorator_list)), node.name


def unreached(wanted):
    """Modules of which a reader is not called, or more than half of what they have; by what."""
    left = {name: dict(functions(name)) for name in wanted}
    for found in inputs_and_calls():
        lacking = {name: _lacking(name, there, found) for name, there in left.items()}
        left = {name: there for name, there in left.items() if lacking[name]}
        if not left:
            break
    return {name: lacking[name] for name in left}


def _lacking(name, there, found):
    file = str(PACKAGE / name)
    missing = [each for line, each in there.items() if (file, line) not in found]
    few = len(missing) * 2 > len(there) and name not in PARTLY
    readers = [each for each in missing if READS.match(each)]
    return missing if few else [e for e in readers if f"{name}: {e}" not in NO_READERS]


def test_every_reader_is_fuzzed():
    there = set(readers())
    missing = unreached(there - set(UNREACHED))
    assert missing == {}, "give it a target or a seed, or say here why it needs none"
    assert (set(UNREACHED) | set(PARTLY)) - there == set(), "these take no bytes apart any more"
