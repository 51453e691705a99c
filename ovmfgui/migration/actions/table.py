"""What carries out each action that a scenario can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.actions import (
    domains,
    guest,
    keys,
    migrate,
    offline,
    packages,
    power,
    saving,
    snapshots,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.migration.actions.performing import Perform

PERFORM: Mapping[str, Perform] = {
    name: perform
    for module in (domains, power, guest, packages, migrate, offline, saving, snapshots, keys)
    for name, perform in module.PERFORM.items()
}
