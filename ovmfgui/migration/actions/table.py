"""All actions by name."""

from __future__ import annotations

from ovmfgui.migration.actions import domains, guest, migrate, packages, power

ACTIONS = {
    kind.name: kind
    for module in (domains, power, guest, packages, migrate)
    for kind in module.ACTIONS
}
