"""Device path nodes: one table of every kind, a module a family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.nvram.decode.nodes import hardware, media, messaging, network

if TYPE_CHECKING:
    from ovmfgui.nvram.decode.nodes.form import NodeForm

NODE_FORMS: dict[tuple[int, int], NodeForm[Any]] = {
    (form.type, form.subtype): form
    for form in (*hardware.FORMS, *messaging.FORMS, *network.FORMS, *media.FORMS)
}
