"""A small encoder for Tiano and UEFI streams: fixed codes, greedy matches."""

from __future__ import annotations

_SHORT = (0, 1)  # of 510 characters two get codes of eight bits, the others of nine
_POSITION_CODES = 8  # three bits each: distances up to 128


class _Writer:
    def __init__(self) -> None:
        self.bits: list[str] = []

    def put(self, value: int, width: int) -> None:
        if width:
            self.bits.append(f"{value:0{width}b}")

    def bytes(self) -> bytes:
        text = "".join(self.bits)
        text += "0" * (-len(text) % 8)
        return int(text or "0", 2).to_bytes(len(text) // 8, "big")


def _character_codes() -> dict[int, tuple[int, int]]:
    codes = {symbol: (index, 8) for index, symbol in enumerate(_SHORT)}
    rest = [symbol for symbol in range(510) if symbol not in _SHORT]
    codes.update({symbol: (4 + index, 9) for index, symbol in enumerate(rest)})
    return codes


def _put_codes(out: _Writer, position_bits: int) -> None:
    # Code lengths 8 and 9 are the symbols 10 and 11 of the small alphabet, one bit each.
    out.put(12, 5)
    for symbol in range(12):
        if 3 <= symbol < 6:
            continue
        out.put(1 if symbol >= 10 else 0, 3)
        if symbol == 2:
            out.put(3, 2)
    out.put(510, 9)
    for symbol in range(510):
        out.put(0 if symbol in _SHORT else 1, 1)
    out.put(_POSITION_CODES, position_bits)
    for _symbol in range(_POSITION_CODES):
        out.put(3, 3)


def _match(data: bytes, at: int) -> tuple[int, int]:
    best = (0, 0)
    for distance in range(1, min(at, 128) + 1):
        length = 0
        while (
            length < 256
            and at + length < len(data)
            and data[at + length] == data[at + length - distance]
        ):
            length += 1
        best = max(best, (length, distance), key=lambda pair: pair[0])
    return best


def pack(data: bytes, position_bits: int) -> bytes:
    """Pack up to some tens of kilobytes."""
    out, codes = _Writer(), _character_codes()
    tokens: list[tuple[int, int]] = []
    at = 0
    while at < len(data):
        length, distance = _match(data, at)
        if length >= 3:
            tokens.append((256 + length - 3, distance - 1))
            at += length
        else:
            tokens.append((data[at], -1))
            at += 1
    for start in range(0, len(tokens), 3000):
        block = tokens[start : start + 3000]
        out.put(len(block), 16)
        _put_codes(out, position_bits)
        for character, position in block:
            out.put(*codes[character])
            if position >= 0:
                width = position.bit_length()
                out.put(width, 3)
                if width > 1:
                    out.put(position - (1 << (width - 1)), width - 1)
    packed = out.bytes() + bytes(8)
    return len(packed).to_bytes(4, "little") + len(data).to_bytes(4, "little") + packed
