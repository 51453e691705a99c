"""Keys that a page of help names as they are shipped, told as they are now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.gui.actions.bound import Actions

_WRITTEN = re.compile(r"`([^`\n]+)`")


def with_live_keys(text: str, actions: Actions) -> str:
    """Markdown in which each key of an action, between backticks, is the one that it has now.

    Where somebody took the action's key away, its menu and words stand there instead. What is no
    key of the table of actions, such as one that a widget has itself, stays as it is.
    """
    by_key = {spec.shortcut: spec for spec, _action in actions.all() if spec.shortcut}

    def live(found: re.Match[str]) -> str:
        spec = by_key.get(found[1])
        if spec is None:
            return found[0]
        key = actions.key_text(spec.id)
        return f"`{key}`" if key else f"*{spec.menu} ▸ {spec.text.replace('&', '')}*"

    return _WRITTEN.sub(live, text)
