"""What the window remembers, declared once; the only door to QSettings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.byte_formats import BYTE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYOUT_VERSION = 1
"""Of the docks and toolbars; a saved layout of another version is not restored."""

RECENT_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing remembered.

    Attributes:
        key: in the settings file.
        default: also tells the type.
        choices: the allowed values; empty for any.
    """

    key: str
    default: Any
    choices: tuple[Any, ...] = ()


THEME = Setting("window/theme", "system", ("system", "light", "dark"))
GEOMETRY = Setting("window/geometry", b"")
LAYOUT = Setting("window/layout", b"")
VIEW = Setting("window/view", "map")
RECENT: Setting = Setting("files/recent", ())
FOLDER = Setting("files/folder", "")
HOSTS = Setting("hosts/known", "")
SESSION = Setting("session/windows", "")
MOTION = Setting("presentation/motion", "calm", ("calm", "none"))
TEXT_SIZE = Setting("window/text-size", "100", ("100", "115", "130", "150", "175", "200"))
"""Per cent of the desktop's."""
AT_START = Setting("session/at-start", "again", ("again", "empty"))
"""Whether what was open comes back."""
OFFSETS = Setting("bytes/offsets", "file")
PER_ROW = Setting("bytes/per-row", "16", ("8", "16", "32"))
DIGITS = Setting("bytes/digits", "upper", ("upper", "lower"))
BACKUP = Setting("files/backup", "first", ("first", "always", "never"))
"""When a file lives on as .bak: at its first save, at each, or not at all."""
GUID_NAMES = Setting("files/guid-names", "")
"""Path of a person's own names; where they lie by themselves where empty."""
KEYS = Setting("window/keys", "")
COPY_AS = Setting("bytes/copy-as", "hex", tuple(each.id for each in BYTE_FORMATS))

SETTINGS = (
    THEME,
    GEOMETRY,
    LAYOUT,
    VIEW,
    RECENT,
    FOLDER,
    HOSTS,
    SESSION,
    MOTION,
    COPY_AS,
    TEXT_SIZE,
    AT_START,
    OFFSETS,
    PER_ROW,
    DIGITS,
    BACKUP,
    GUID_NAMES,
    KEYS,
)

_BETWEEN_PATHS = "\n"


class Settings(QObject):
    """Typed reading and writing of the settings; what cannot be read gives the default.

    Signals:
        changed: the key of what was written.
    """

    changed = Signal(str)

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        """Keep settings in ``file`` (INI); where the desktop keeps them where None."""
        super().__init__(parent)
        self._windows: dict[int, dict[str, Any]] = {}
        self._store = (
            QSettings(str(file), QSettings.Format.IniFormat)
            if file is not None
            else QSettings("ovmfgui", "ovmfgui")
        )

    def get(self, setting: Setting) -> Any:
        """The value, of the default's type and among the choices."""
        value = self._store.value(setting.key)
        default = setting.default
        if value is None:
            return default
        if isinstance(default, bytes):
            return bytes(value.data()) if isinstance(value, QByteArray) else default
        if setting.choices and value not in setting.choices:
            return default
        return value

    def set(self, setting: Setting, value: Any) -> None:
        """Remember a value."""
        self._store.setValue(setting.key, QByteArray(value) if isinstance(value, bytes) else value)
        self.changed.emit(setting.key)

    def forget(self, setting: Setting) -> None:
        """Back to the default."""
        self._store.remove(setting.key)
        self.changed.emit(setting.key)

    def recent(self) -> tuple[tuple[str, ...], ...]:
        """The files opened lately, latest first; a pair is one entry."""
        kept = self._store.value(RECENT.key)
        entries = kept if isinstance(kept, list) else [kept] if isinstance(kept, str) else []
        return tuple(tuple(entry.split(_BETWEEN_PATHS)) for entry in entries if entry)

    @property
    def folder(self) -> Path:
        """Where the settings lie; what else is kept for the user lies beside them."""
        return Path(self._store.fileName()).parent

    def session(self) -> tuple[dict[str, Any], ...]:
        """What was open the last time, a table for each window."""
        try:
            kept = json.loads(str(self.get(SESSION)) or "[]")
        except (ValueError, RecursionError):
            return ()
        return tuple(each for each in kept if isinstance(each, dict)) if type(kept) is list else ()

    def set_session(self, window: int, said: dict[str, Any] | None) -> None:
        """Remember what is open in a window of this program; None forgets it."""
        self._windows.pop(window, None)
        if said is not None:
            self._windows[window] = said
        text = json.dumps([self._windows[each] for each in sorted(self._windows)])
        if text != self.get(SESSION):
            self.set(SESSION, text)

    def keys(self) -> dict[str, str]:
        """The keys that the user gave to actions, by the actions' ids; empty for none."""
        try:
            kept = json.loads(str(self.get(KEYS)) or "{}")
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(key) for name, key in kept.items()} if type(kept) is dict else {}

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Remember the keys that are not as shipped."""
        self.set(KEYS, json.dumps(dict(keys), sort_keys=True))

    def hosts(self) -> tuple[str, ...]:
        """The hosts that were added to the Hosts view: URIs and folders."""
        return tuple(filter(None, str(self.get(HOSTS)).split(_BETWEEN_PATHS)))

    def set_hosts(self, names: tuple[str, ...]) -> None:
        """Remember the hosts of the Hosts view."""
        self.set(HOSTS, _BETWEEN_PATHS.join(names))

    def add_hosts(self, names: tuple[str, ...]) -> None:
        """Remember these beside those that are there."""
        self.set_hosts(tuple(dict.fromkeys((*self.hosts(), *names))))

    def remember(self, paths: tuple[str, ...]) -> None:
        """Put files at the head of those opened lately."""
        rest = [entry for entry in self.recent() if entry != paths]
        entries = [paths, *rest][:RECENT_LIMIT]
        self.set(RECENT, [_BETWEEN_PATHS.join(entry) for entry in entries])
