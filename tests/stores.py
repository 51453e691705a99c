"""Variable stores for tests: real ones from tests/data, and ones built record by record."""

import json
import lzma
from functools import cache
from pathlib import Path
from uuid import UUID

from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN, STATE_ADDED
from ovmfgui.nvram.writes import record_bytes

DATA = Path(__file__).parent / "data" / "stores"
REAL = ("ovmf-4m-lived", "ovmf-2m-ms-lived", "ovmf-2m-ftw-record-only", "aavmf-lived")

VENDOR = UUID("12345678-9abc-4def-8123-456789abcdef")
OTHER = UUID("87654321-9abc-4def-8123-456789abcdef")
NV_BS_RT = 7
FIRST_RECORD = 0x64

LAYOUT_2M = {
    "fv_length": 0x20000,
    "block_size": 0x1000,
    "variable_size": 0xE000,
    "ftw_working_offset": 0xF000,
    "ftw_working_size": 0x1000,
    "ftw_spare_offset": 0x10000,
}
LAYOUT_4M = {
    "fv_length": 0x84000,
    "block_size": 0x1000,
    "variable_size": 0x40000,
    "ftw_working_offset": 0x41000,
    "ftw_working_size": 0x1000,
    "ftw_spare_offset": 0x42000,
}
LAYOUT_AAVMF = {
    "fv_length": 0xC0000,
    "block_size": 0x40000,
    "variable_size": 0x40000,
    "ftw_working_offset": 0x40000,
    "ftw_working_size": 0x40000,
    "ftw_spare_offset": 0x80000,
}


@cache
def real_store(name):
    return lzma.decompress((DATA / f"{name}.fd.xz").read_bytes())


@cache
def oracle(name):
    return json.loads((DATA / f"{name}.json").read_text())


@cache
def pristine(layout="2M", *, plain=False):
    layouts = {"2M": LAYOUT_2M, "4M": LAYOUT_4M, "AAVMF": LAYOUT_AAVMF}
    return pristine_volume(**layouts[layout], store_guid=PLAIN if plain else AUTHENTICATED)


def record(name, data, *, guid=VENDOR, state=STATE_ADDED, attributes=NV_BS_RT, plain=False):
    """A record's bytes with its padding."""
    raw = record_bytes(name, guid, data, attributes, None if plain else bytes(16), state=state)
    return raw + b"\xff" * (-len(raw) % 4)


def store_of(*records, layout="2M", plain=False):
    """A pristine store that holds ``records``, one behind the other."""
    return patched(pristine(layout, plain=plain), FIRST_RECORD, b"".join(records))


def patched(data, offset, new):
    """``data`` with other bytes at ``offset``."""
    return data[:offset] + new + data[offset + len(new) :]


def with_volume_checksum(data):
    """``data`` with the volume header's checksum made right again."""
    words = [int.from_bytes(data[at : at + 2], "little") for at in range(0, 0x48, 2)]
    words[0x32 // 2] = 0
    return patched(data, 0x32, (-sum(words) & 0xFFFF).to_bytes(2, "little"))


def values(store):
    """The live variables by GUID and name."""
    return {record.key: record.data for record in store.live}
