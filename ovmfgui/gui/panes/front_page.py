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
from ovmfgui.hosts.naming import is_uri, short_name
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
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


def _of_host(name: str, kind: str, domains: str) -> Told:
    if is_uri(name):
        text = "It is connected to once its domains are checked: choose in Hosts where they go."
    else:
        text = (
            f"{name}\n\n{domains}\n\nChoose in Hosts where they go: each is judged there, its "
            "pair can be opened and its migration replayed."
        )
    return Told(kind, text, ("view-hosts",))


def _domains_of(name: str) -> str:
    """The domains in a host's folder, in a line; for a worker, as the folder may lie far away."""
    from ovmfgui.hosts.host_folder import domain_names

    try:
        domains = domain_names(Path(name))
    except OSError as error:
        return f"Its domains cannot be listed: {error.strerror}."
    listed = f"{count(len(domains), 'domain')}: {_listed(domains, ', ')}"
    return listed if domains else "It has no domains."


def _listed(names: list[str], between: str) -> str:
    more = len(names) - _LISTED
    return between.join([*names[:_LISTED], *([f"and {more:,} more"] if more > 0 else [])])


class FrontPage(QScrollArea):
    """Name, kind and content, and below them what can be done.

    Args:
        workbench: the document, and what can be done.
        parent: who owns it.
    """

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._shown: tuple[str, str, str, int] | None = None
        self._played: Prepared | None = None
        self._domains: dict[str, str] = {}
        """What is said of the domains of each host's folder that is open."""
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
        workbench.document.listed.connect(self._forget_closed)

    @property
    def _folders(self) -> set[str]:
        """Hosts that are open, as folders."""
        hosts = {each.host for each in self._workbench.document.all_open}
        return {name for name in hosts if name and not is_uri(name)}

    def _forget_closed(self) -> None:
        """One that is closed is listed anew when it comes back."""
        folders = self._folders
        self._domains = {name: line for name, line in self._domains.items() if name in folders}

    def show_front(self) -> bool:
        """Say what is in front; False for images, and where nothing is open."""
        document = self._workbench.document
        opened = document.front
        if opened.image is not None or opened.empty:
            self._shown = self._played = None
            return False
        if opened.host in self._folders and opened.host not in self._domains:
            self._look_into(opened.host)
        domains = self._domains.get(opened.host, "")
        # A recording grows while it is being followed.
        steps = len(opened.played.replay.steps) if opened.played is not None else 0
        shown = (document.title, opened.host, domains, steps)
        if self._shown == shown and self._played is opened.played:
            return True
        self._shown, self._played = shown, opened.played
        kind = kind_of(opened)
        if opened.played is not None:
            self._show(_of_played(opened.played, kind))
        else:
            self._show(_of_host(opened.host, kind, domains))
        return True

    def _look_into(self, name: str) -> None:
        """Have the domains of a host listed, once for as long as it is open."""
        self._domains[name] = "Its domains are being listed."

        def done(line: str) -> None:
            if name in self._domains:
                self._domains[name] = line
                self.show_front()

        title = f"Listing the domains of {short_name(name)}"
        self._workbench.tasks.start(title, lambda _report: _domains_of(name), done)

    def _show(self, told: Told) -> None:
        self.name.setText(self._workbench.document.title)
        self.kind.setText(told.kind)
        self.text.setText(told.text)
        self.row.set_actions([self._workbench.actions[name] for name in told.actions])
