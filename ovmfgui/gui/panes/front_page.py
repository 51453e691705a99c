"""What is in front where that has no bytes to select: a scenario, a recording or a host."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.panes.open_rows import kind_of
from ovmfgui.gui.widgets.action_row import ActionRow
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.hosts.naming import is_uri
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.migration.scenario.model import Scenario

_LISTED = 40
"""As many domains and actions as are told one by one."""


class Told(NamedTuple):
    """What is said of something in front.

    Attributes:
        kind: what it is.
        text: what it consists of, in lines.
        actions: what can be done, by their ids.
    """

    kind: str
    text: str
    actions: tuple[str, ...]


def told_of(opened: Opened) -> Told | None:
    """What is said of something in front; None of images, and where nothing is open."""
    if opened.image is not None or opened.empty:
        return None
    if opened.host:
        return _of_host(opened.host, kind_of(opened))
    return None if opened.played is None else _of_played(opened.played, kind_of(opened))


def _of_played(played: Prepared, kind: str) -> Told:
    if played.aside is not None:
        steps = count(len(played.replay.steps), "step")
        text = f"It has {steps}, and no chips that could be opened."
        return Told(kind, text, ("view-migration",))
    scenario = played.replay.scenario
    return Told(kind, _written(scenario), ("view-migration", "edit-scenario", "export-lesson"))


def _written(scenario: Scenario) -> str:
    from ovmfgui.migration.scenario.draft import headline

    hosts = {host.name: host.title for host in scenario.hosts}
    firmware = [package.title or name for name, package in scenario.packages.items()]
    actions = [
        f"{action.number}. {headline({'do': action.do, **action.arguments}, hosts)}"
        for action in scenario.actions
    ]
    return "\n\n".join(
        part
        for part in (
            scenario.summary,
            f"Hosts: {', '.join(hosts.values())}",
            f"Firmware: {', '.join(firmware)}",
            f"Actions:\n{_listed(actions, chr(10))}",
        )
        if part
    )


def _of_host(name: str, kind: str) -> Told:
    if is_uri(name):
        text = "It is connected to once its domains are checked: choose in Hosts where they go."
        return Told(kind, text, ("view-hosts",))
    from ovmfgui.hosts.host_folder import domain_names

    domains = domain_names(Path(name))
    listed = f"{count(len(domains), 'domain')}: {_listed(domains, ', ')}"
    text = (
        f"{name}\n\n{listed if domains else 'It has no domains.'}\n\nChoose in Hosts where they "
        "go: each is judged there, its pair can be opened and its migration replayed."
    )
    return Told(kind, text, ("view-hosts",))


def _listed(names: list[str], between: str) -> str:
    more = len(names) - _LISTED
    return between.join([*names[:_LISTED], *([f"and {more:,} more"] if more > 0 else [])])


class FrontPage(QScrollArea):
    """Name, kind and content, and below them what can be done.

    Args:
        actions: among which those are.
        parent: who owns it.
    """

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._shown: tuple[str, Told] | None = None
        content = QWidget(self)
        self.name = WrappedLabel("", content)
        bold = self.font()
        bold.setBold(True)
        self.name.setFont(bold)
        self.kind = PlainLabel("", content)
        self.text = WrappedLabel("", content)
        self.row = ActionRow(content)
        column = QVBoxLayout(content)
        margin = 3 * theme.GRID
        column.setContentsMargins(margin, margin, 2 * theme.GRID, margin)
        column.setSpacing(2 * theme.GRID)
        for each in (self.name, self.kind, self.text, self.row):
            column.addWidget(each)
        column.addStretch(1)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def show_told(self, title: str, told: Told) -> None:
        """Say this of what is in front."""
        if self._shown == (title, told):
            return
        self._shown = (title, told)
        self.name.setText(title)
        self.kind.setText(told.kind)
        self.text.setText(told.text)
        self.row.set_actions([self._actions[name] for name in told.actions])
