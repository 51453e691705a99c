"""Enrolling keys: which files, into which database, beside or instead of what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ovmfgui.budgets import MOST_VALUE
from ovmfgui.flash.source import read_regular
from ovmfgui.gui.dialogs.signature_table import KEY_FILES
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree, set_widths
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.authenticated import KEY_DATABASES
from ovmfgui.nvram.decode.certificate import read_certificate
from ovmfgui.nvram.key_files import NO_OWNER, Keys, read_keys
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signature_list import X509, parse_signature_lists
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused
from ovmfgui.trust.update_verdict import update_verdict
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor

_TIMED = int(Attributes.NV | Attributes.BS | Attributes.RT | Attributes.AT)


class Database(NamedTuple):
    """Where keys can be enrolled."""

    guid: UUID
    name: str
    what: str


DATABASES = (
    Database(vendors.IMAGE_SECURITY, "db", "what may be started"),
    Database(vendors.IMAGE_SECURITY, "dbx", "what must not be started"),
    Database(vendors.GLOBAL, "KEK", "who may change db and dbx"),
    Database(vendors.GLOBAL, "PK", "who owns the machine; one certificate"),
    Database(vendors.SHIM, "MokList", "what shim lets start besides"),
    Database(vendors.SHIM, "MokListX", "what shim must not start"),
)


class EnrolWish(NamedTuple):
    """What is to be enrolled.

    Attributes:
        database: where.
        keys: signature lists, and the time that a signed update among them carries.
        replace: instead of what is there.
    """

    database: Database
    keys: Keys
    replace: bool

    def make(self, editor: Editor) -> Edit:
        """The edit of a store.

        Raises:
            Refused: firmware would not take it, or there is no room.
        """
        guid, name, _what = self.database
        write = editor.set_variable if self.replace else editor.append_variable
        current = editor.store.by_key.get((guid, name))
        attributes = attributes_of(guid, name) if current is None else None
        return write(name, guid, self.keys.lists, attributes, timestamp=self.keys.timestamp)


def contents_of(lists: bytes) -> str:
    """What signature lists hold, in short: names of certificates, number of hashes."""
    names: list[str] = []
    hashes = 0
    for each in parse_signature_lists(lists).lists:
        if each.type == X509:
            found = (read_certificate(signature.data) for signature in each.signatures)
            names += [c.subject if c is not None else "unreadable certificate" for c in found]
        else:
            hashes += len(each.signatures)
    if hashes:
        names.append(count(hashes, "hash", "hashes"))
    return ", ".join(names)


class EnrolDialog(QDialog):
    """Asks for files and a database.

    Attributes:
        wish: what was asked for; None until it is sound.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._files: list[tuple[str, bytes]] = []
        self.wish: EnrolWish | None = None
        self.setWindowTitle("Enrol keys")
        self.database = QComboBox(self)
        self.owner = QLineEdit(self)
        self.files = QTreeWidget(self)
        self.choose = QPushButton("Add &files…", self)
        self.clear = QPushButton("&Clear", self)
        self.beside = QRadioButton("&Beside what is there", self)
        self.instead = QRadioButton("&Instead of it", self)
        self.message = WrappedLabel("", self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._build()
        self._on_database()

    def _build(self) -> None:
        for each in DATABASES:
            self.database.addItem(f"{each.name}: {each.what}", each)
        self.owner.setPlaceholderText("GUID of who brings the certificates in; may be empty")
        self.owner.setToolTip("SignatureOwner of certificates: a note, firmware asks nobody")
        dress_tree(self.files, "Files with keys")
        self.files.setRootIsDecorated(False)
        self.files.setHeaderLabels(["File", "Holds"])
        set_widths(self.files, ("n" * 24,))
        self.beside.setChecked(True)
        self.message.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        ways = QHBoxLayout()
        ways.setSpacing(4 * theme.GRID)
        ways.addWidget(self.beside)
        ways.addWidget(self.instead)
        ways.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addWidget(self.clear)
        buttons.addStretch(1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Into", self.database)
        form.addRow("How", ways)
        form.addRow("Owner", self.owner)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addLayout(form)
        column.addWidget(self.files, 1)
        column.addLayout(buttons)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.resize(150 * theme.GRID, 100 * theme.GRID)
        self.database.currentIndexChanged.connect(self._on_database)
        self.owner.textChanged.connect(self._check)
        self.instead.toggled.connect(self._check)
        self.choose.clicked.connect(self._on_choose)
        self.clear.clicked.connect(self._on_clear)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _on_database(self, _index: int = 0) -> None:
        # Firmware knows one platform key, not a list of them.
        is_pk = self._database().name == "PK"
        self.beside.setEnabled(not is_pk)
        if is_pk:
            self.instead.setChecked(True)
        self._check()

    def _database(self) -> Database:
        return DATABASES[self.database.currentIndex()]

    def _on_choose(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(self, "Files with keys", "", KEY_FILES)
        if paths:
            self.add(paths)

    def _on_clear(self) -> None:
        self._files.clear()
        self._check()

    def add(self, paths: Sequence[str]) -> None:
        """List key files beside those that are listed already."""
        for path in paths:
            try:
                self._files.append((path, read_regular(path, MOST_VALUE)))
            except Refused as refusal:
                self.message.setText(str(refusal))
                return
        self._check()

    def _owner(self) -> UUID:
        try:
            return UUID(self.owner.text().strip()) if self.owner.text().strip() else NO_OWNER
        except ValueError:
            msg = "The owner is a GUID, or left empty."
            raise Refused(msg) from None

    def _wish(self) -> EnrolWish:
        owner = self._owner()
        self.files.clear()
        found: list[Keys] = []
        for path, contents in self._files:
            try:
                keys = read_keys(contents, owner)
            except Refused as reason:
                QTreeWidgetItem(self.files, [Path(path).name, str(reason)])
                msg = f"{Path(path).name}: {reason}"
                raise Refused(msg) from None
            QTreeWidgetItem(self.files, [Path(path).name, contents_of(keys.lists)])
            found.append(keys)
        if not found:
            msg = "Add files: certificates (DER or PEM), signature lists (ESL), updates (.auth)."
            raise Refused(msg)
        stamps = [keys.timestamp for keys in found if keys.timestamp is not None]
        latest = max(stamps, key=lambda raw: timestamp.parse(raw).order, default=None)
        lists = Keys(b"".join(keys.lists for keys in found), latest)
        return EnrolWish(self._database(), lists, self.instead.isChecked())

    def _signatures(self, wish: EnrolWish) -> str:
        """What firmware would say of the signed updates among the files."""
        signed = [each for _path, each in self._files if read_signed_update(each) is not None]
        key = (wish.database.guid, wish.database.name)
        if not signed or key not in KEY_DATABASES:
            return "No signature is asked for: whoever has the file may write it."
        verdicts = [
            update_verdict(self._editor.store, key, _TIMED, each, appending=not wish.replace)
            for each in signed
        ]
        refused = [each for each in verdicts if not each.accepted]
        sentence = (refused or verdicts)[0].sentence
        told = f"{sentence[0].upper()}{sentence[1:]}."
        return f"{told} It is written here all the same." if refused else told

    def _check(self, _what: object = None) -> None:
        try:
            wish = self._wish()
            edit = wish.make(self._editor)
        except Refused as refusal:
            self.wish = None
            self.message.setText(str(refusal))
        else:
            self.wish = wish if edit.writes else None
            self.message.setText(
                f"{edit.title}: {len(wish.keys.lists):,} bytes of signature lists. "
                f"{self._signatures(wish)}"
                if edit.writes
                else "All of these are there already: firmware would write nothing."
            )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.wish is not None)
