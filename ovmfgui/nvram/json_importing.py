"""Bringing many variables into a JSON store: the text is written once, at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.acceptance import accepted_attributes, accepted_timestamp
from ovmfgui.nvram.authenticated import KEY_DATABASES, is_private
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_editor import JsonEditor
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.record import Record

Key = tuple["UUID", str]


class JsonImport(NamedTuple):
    """The edit, what it changed and what was left out; see ``importing.Import``."""

    edit: Edit
    changed: tuple[str, ...]
    skipped: tuple[str, ...]


def import_into_json(
    data: bytes, variables: Iterable[Variable], *, replace: bool, limits: Limits | None
) -> JsonImport:
    """Set every variable given; arguments and refusals as with ``importing.import_variables``."""
    work = _Work(JsonEditor(data, limits=limits))
    skipped: list[str] = []
    for variable in variables:
        if not variable.attributes & Attributes.NV or not variable.data:
            skipped.append(visible_name(variable.name))
        else:
            work.take(variable)
    if replace:
        work.keep_only_taken()
    if not work.taken and not replace:
        msg = "there is no non-volatile variable to import"
        raise Refused(msg)
    changed = work.changed
    title = f"Import {count(len(changed), 'variable')}"
    return JsonImport(
        work.editor.with_entries(title, work.entries.values()), changed, tuple(skipped)
    )


class _Work:
    """The entries as they become, by key and in their order."""

    def __init__(self, editor: JsonEditor) -> None:
        self.editor = editor
        self.before = dict(editor.entries_by_key)
        self.entries = dict(self.before)
        self.used = editor.used
        self.taken: set[Key] = set()
        self._gone: list[Key] = []

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of what is not as it was."""
        new = [key for key, entry in self.entries.items() if self.before.get(key) != entry]
        return tuple(visible_name(name) for _guid, name in (*new, *self._gone))

    def take(self, variable: Variable) -> None:
        """Create the variable or give it another value."""
        key = (variable.guid, variable.name)
        attributes = variable.attributes & ~int(Attributes.APPEND)
        current = self.editor.store.by_key.get(key)
        old = self.entries.get(key)
        if current is not None and current.attributes != attributes:
            if key in KEY_DATABASES:
                msg = (
                    f"firmware takes {visible_name(variable.name)} with the attributes it has, and "
                    "no others"
                )
                raise Refused(msg)
            if is_private(key, current.attributes | attributes):
                # Another signer may be meant: what bound it to the old one goes.
                old = None
            current = None
        stamp = self._stamp(variable, current, attributes)
        entry = self.editor.entry(
            variable.name, variable.guid, variable.data, attributes, stamp, old, self.used
        )
        if variable.digest is not None and attributes & Attributes.AT:
            entry["digest"] = variable.digest.hex()
        self.used += self.editor.growth(self.entries.get(key), entry)
        self.entries[key] = entry
        self.taken.add(key)

    def _stamp(self, variable: Variable, current: Record | None, attributes: int) -> bytes | None:
        accepted_attributes(variable.name, current, attributes)
        wanted = variable.timestamp
        if current is not None and current.timestamp == wanted:
            wanted = None
        authenticated = self.editor.store.authenticated
        return accepted_timestamp(authenticated, variable.name, current, attributes, wanted)

    def keep_only_taken(self) -> None:
        """Delete every variable that was not among those taken."""
        self._gone = [key for key in self.entries if key not in self.taken]
        for key in self._gone:
            del self.entries[key]
