"""What was collected from hosts, for as long as somebody may look at it or play it again."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.hosts.crossing import Crossing
    from ovmfgui.migration.scenario.draft import Draft


class Keeping:
    """The hosts in sight, those before whose files are still in use, and scenarios of both."""

    def __init__(self) -> None:
        self._in_use = ExitStack()
        self._current: Crossing | None = None
        self._wanted = False

    def look_at(self, crossing: Crossing | None) -> None:
        """Other hosts are in sight; None for none. What nobody uses of those before goes."""
        before, self._current = self._current, crossing
        if before is not None and self._wanted:
            self._in_use.push(before.kept)
        elif before is not None:
            before.close()
        self._wanted = False

    def use(self) -> None:
        """Files of the hosts in sight have been opened elsewhere, and stay."""
        self._wanted = True

    def written(self, draft: Draft) -> Path:
        """A scenario as a file of its own, whose firmware files stay too."""
        self.use()
        folder = self._in_use.enter_context(TemporaryDirectory(prefix="ovmfgui-move-"))
        path = Path(folder, draft.path)
        path.write_text(draft.text(), encoding="utf-8")
        return path

    def close(self) -> None:
        """Let go of everything."""
        self.look_at(None)
        self._in_use.close()
