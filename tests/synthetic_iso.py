"""ISO 9660 images with an El Torito image for EFI, of a few files."""

import struct

SECTOR = 2048


def _both(number, size):
    return number.to_bytes(size, "little") + number.to_bytes(size, "big")


def _record(name, start, size, folder):
    raw = name if isinstance(name, bytes) else name.encode("ascii")
    if not folder:
        raw += b";1"
    body = b"\0" + _both(start, 4) + _both(size, 4) + bytes(7)
    body += bytes((2 if folder else 0, 0, 0)) + _both(1, 2) + bytes((len(raw),)) + raw
    if len(body) % 2 == 0:
        body += b"\0"
    return bytes((len(body) + 1,)) + body


def folder_record(name, sector):
    """An entry of a folder: another one, which lies in a sector of its own."""
    return _record(name, sector, SECTOR, True)


def _padded(data):
    return data + bytes(-len(data) % SECTOR)


def iso_image(files, boot):
    """An image with ``files`` (bytes by path, in capitals) and a FAT image that EFI boots."""
    folders = {""}
    for path in files:
        parts = path.split("/")[:-1]
        folders |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
    order = sorted(folders)
    # One sector a folder, from 20 on; the catalog lies at 19.
    place = {folder: 20 + number for number, folder in enumerate(order)}
    at = 20 + len(order)
    start, body = {}, b""
    for path, data in {**files, **({} if boot is None else {"?boot": boot})}.items():
        start[path] = at
        body += _padded(data)
        at += len(_padded(data)) // SECTOR
    tables = b""
    for folder in order:
        above = folder.rpartition("/")[0]
        table = _record(b"\0", place[folder], SECTOR, True)
        table += _record(b"\1", place[above], SECTOR, True)
        for each in order:
            if each and each.rpartition("/")[0] == folder:
                table += _record(each.rpartition("/")[2], place[each], SECTOR, True)
        for path, data in files.items():
            if path.rpartition("/")[0] == folder:
                table += _record(path.rpartition("/")[2], start[path], len(data), False)
        assert len(table) <= SECTOR
        tables += _padded(table)
    primary = b"\x01CD001\x01" + bytes(149) + _record(b"\0", place[""], SECTOR, True)
    record = b"" if boot is None else _boot_record()
    end = b"\xffCD001\x01"
    catalog = b"" if boot is None else _catalog(start["?boot"])
    head = bytes(16 * SECTOR) + _padded(primary) + (_padded(record) or _padded(end))
    return head + _padded(end) + _padded(catalog or b"\0") + tables + body


def _boot_record():
    name = b"EL TORITO SPECIFICATION".ljust(32, b"\0")
    return b"\x00CD001\x01" + name + bytes(32) + (19).to_bytes(4, "little")


def _catalog(image):
    """A BIOS entry first, as on real media, and a section for EFI."""
    validation = struct.pack("<BBH24sHBB", 1, 0, 0, b"", 0, 0x55, 0xAA)
    bios = struct.pack("<BBHBBHI20x", 0x88, 0, 0, 0, 0, 4, 1)
    section = struct.pack("<BBH28x", 0x91, 0xEF, 1)
    efi = struct.pack("<BBHBBHI20x", 0x88, 0, 0, 0, 0, 0, image)
    return validation + bios + section + efi
