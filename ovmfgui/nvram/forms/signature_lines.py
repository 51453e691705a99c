"""What is done to the lines of a key database's form: taken away, added, given another owner.

A line is a signature (type, owner, data in hex), and a blank line stands between two lists.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ovmfgui.guid import guid_name
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.certificate import Certificate, read_certificate
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.forms.signatures import lines_of, signature_in
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.signature_list import SHA256, SIGNATURE_TYPES, X509, build_signature_list
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID


class Entry(NamedTuple):
    """A signature, for a person.

    Attributes:
        line: the number of its line, from 0.
        type: what its type is called.
        owner: the GUID of who brought it in.
        certificate: what it is, where it is a certificate that can be read.
        data: its bytes.
    """

    line: int
    type: str
    owner: UUID
    certificate: Certificate | None
    data: bytes

    @property
    def what(self) -> str:
        """A certificate's subject; the bytes of anything else, in hex."""
        return (
            self.data.hex() if self.certificate is None else visible_name(self.certificate.subject)
        )

    @property
    def who(self) -> str:
        """The owner by name, where it has one."""
        return guid_name(self.owner) or str(self.owner)

    @property
    def details(self) -> str:
        """All that is to be said of it, in lines."""
        if self.certificate is None:
            return f"{self.type}\n{self.data.hex()}"
        known = self.certificate
        return (
            f"{visible_name(known.subject)}\nissued by {visible_name(known.issuer)}\n"
            f"valid {known.not_before} to {known.not_after}\nSHA-256 {known.sha256}"
        )


def entries(text: str) -> tuple[Entry, ...]:
    """The signatures in a form's lines.

    Raises:
        Mistake: a line is none.
    """
    found = []
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            continue
        kind, owner, data = signature_in(number + 1, line)
        known = SIGNATURE_TYPES.get(kind)
        certificate = read_certificate(data) if kind == X509 else None
        found.append(Entry(number, known.name if known else str(kind), owner, certificate, data))
    return tuple(found)


def without(text: str, lines: Collection[int]) -> str:
    """The lines but for some."""
    return _changed(text, lambda number, line: None if number in lines else line)


def with_owner(text: str, lines: Collection[int], owner: UUID) -> str:
    """The lines, some with another owner."""

    def owned(number: int, line: str) -> str:
        if number not in lines:
            return line
        kind, _owner, data = line.split()
        return f"{kind} {owner} {data}"

    return _changed(text, owned)


def _changed(text: str, change: Callable[[int, str], str | None]) -> str:
    """Each line as another or, for None, taken away; a list that loses all of its lines goes."""
    numbered = enumerate(text.split("\n"))
    blocks = []
    for blank, group in groupby(numbered, lambda each: not each[1].strip()):
        if not blank:
            changed = (change(number, line) for number, line in group)
            blocks.append("\n".join(line for line in changed if line is not None))
    return "\n\n".join(block for block in blocks if block)


def with_file(text: str, contents: bytes, owner: UUID) -> str:
    """The lines with the keys of a file behind them, but for those that are there already.

    Args:
        text: the lines.
        contents: certificates (DER or PEM), signature lists or a signed update.
        owner: of certificates, which name none themselves.

    Raises:
        Refused: there are no keys in it, or none that is new.
    """
    return _with_lists(text, read_keys(contents, owner).lists)


def with_hash(text: str, digits: str, owner: UUID) -> str:
    """The lines with a SHA-256 of a loader behind them, as digits in hex.

    Raises:
        Refused: it is none, or it is there already.
    """
    try:
        data = bytes.fromhex(digits.strip())
    except ValueError:
        data = b""
    if len(data) != SIGNATURE_TYPES[SHA256].size:
        msg = "a SHA-256 has 64 digits in hex"
        raise Refused(msg)
    return _with_lists(text, build_signature_list(SHA256, [(owner, data)]))


def _with_lists(text: str, lists: bytes) -> str:
    # As firmware tells them: the same where type, owner and data are.
    there = {(each.type, each.owner, each.data) for each in entries(text)}
    given = lines_of(lists)
    known = {each.line for each in entries(given) if (each.type, each.owner, each.data) in there}
    fresh = without(given, known)
    if not fresh:
        msg = "all of it is there already"
        raise Refused(msg)
    return f"{text}\n\n{fresh}" if text.strip() else fresh
