"""Makes migration streams, byte by byte as QEMU's sources describe them."""

from __future__ import annotations

PAGE = 4096
ZERO, MEM_SIZE, FULL_PAGE, EOS, CONTINUE = 0x02, 0x04, 0x08, 0x10, 0x20


def be(size: int, value: int) -> bytes:
    return value.to_bytes(size, "big")


def name(text: str) -> bytes:
    return be(1, len(text)) + text.encode()


def footer(section: int) -> bytes:
    return b"\x7e" + be(4, section)


def head(machine: str = "pc-q35-7.2", capabilities: tuple[str, ...] = ()) -> bytes:
    found = b"QEVM" + be(4, 3) + b"\x07" + be(4, len(machine)) + machine.encode()
    if capabilities:
        names = b"".join(map(name, capabilities))
        found += b"\x05" + name("configuration/capabilities") + be(4, 1)
        found += be(4, len(capabilities)) + names
    return found


def section(kind: int, number: int, title: str, instance: int, version: int, body: bytes) -> bytes:
    header = be(1, kind) + be(4, number) + name(title) + be(4, instance) + be(4, version)
    return header + body + footer(number)


def ram_start(blocks: dict[str, int]) -> bytes:
    body = be(8, sum(blocks.values()) | MEM_SIZE)
    body += b"".join(name(block) + be(8, size) for block, size in blocks.items())
    return section(1, 2, "ram", 0, 4, body + be(8, EOS))


def ram_part(pages: bytes, kind: int = 2) -> bytes:
    return be(1, kind) + be(4, 2) + pages + be(8, EOS) + footer(2)


def block_pages(block: str, data: bytes, first: int = 0) -> bytes:
    """Pages of a block, its name with the first of them; zero pages as QEMU sends them."""
    out = b""
    for at in range(0, len(data), PAGE):
        page = data[at : at + PAGE]
        blank = not any(page)
        word = (first + at) | (ZERO if blank else FULL_PAGE) | (CONTINUE if out else 0)
        out += be(8, word) + (b"" if out else name(block)) + (b"\0" if blank else page)
    return out


def pflash(instance: int, body: bytes, number: int = 8) -> bytes:
    return section(4, number + instance, "pflash_cfi01", instance, 1, body)


def chip_body(wcycle: int = 0, cmd: int = 0, status: int = 0x80, counter: int = 0) -> bytes:
    return bytes((wcycle, cmd, status)) + be(8, counter)


def global_state(state: str) -> bytes:
    body = be(4, len(state) + 1) + state.encode().ljust(100, b"\0")
    return section(4, 30, "globalstate", 0, 1, body)


def recorded(chips: dict[str, bytes], **state: int) -> bytes:
    """A running guest's whole stream: its flash chips by their RAM blocks' names, CODE first.

    Args:
        chips: contents of each.
        state: of the last chip, as ``chip_body`` takes it; the others are idle.
    """
    ram = b"\x11" * 0x4000
    blocks = {"pc.ram": ram, **chips}
    last = len(chips) - 1
    return b"".join(
        (
            head(),
            ram_start({block: len(data) for block, data in blocks.items()}),
            *(ram_part(block_pages(block, data)) for block, data in blocks.items()),
            *(pflash(n, chip_body(**(state if n == last else {}))) for n in range(len(chips))),
            global_state("running"),
            b"\x00",
        )
    )
