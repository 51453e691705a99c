"""The views in the middle of the window, as a table.

A view is a ``QWidget`` made with ``(workbench, parent)``, when it is first shown. It listens to its
document's ``inspection_changed`` and ``selection_changed``, says what was clicked with
``document.select(place)``, and binds the actions that are its own. A view may have a method
``poses() -> Sequence[Pose]``: states of interest, each with a name and a call that brings the view
there; every one gets a picture of its own where pictures are taken.
"""

from __future__ import annotations

from ovmfgui.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """An entry of the table of views.

    Attributes:
        id: in settings and in the names of pictures.
        title: on its tab.
        view: ``module:class`` in ovmfgui.gui.views, imported when the tab is first shown.
        icon: a file in resources/icons, without ``.svg``.
        shortcut: the key that brings it up.
        tip: one line on what it is for.
        wide: whether it tells all of itself and takes the room of the panes around it.
        apart: whether it is about something else than the document.
    """

    id: str
    title: str
    view: str
    icon: str
    shortcut: str
    tip: str
    wide: bool = False
    apart: bool = False


VIEWS: tuple[ViewSpec, ...] = (
    ViewSpec(
        "map",
        "Map",
        "map.view:MapView",
        "map",
        "Ctrl+1",
        "The flash as the guest sees it, to scale",
    ),
    ViewSpec(
        "variables",
        "Variables",
        "variables.view:VariablesView",
        "variables",
        "Ctrl+2",
        "The variable store, record by record",
    ),
    ViewSpec(
        "structure",
        "Structure",
        "structure.view:StructureView",
        "structure",
        "Ctrl+3",
        "Volumes, files and sections as a tree",
    ),
    ViewSpec("hex", "Hex", "hex.view:HexView", "hex", "Ctrl+4", "The bytes and what they mean"),
    ViewSpec(
        "compare",
        "Compare",
        "compare.view:CompareView",
        "compare",
        "Ctrl+5",
        "What is open beside another image: layouts, constants, variables, bytes",
        wide=True,
    ),
    ViewSpec(
        "matrix",
        "Matrix",
        "matrix.view:MatrixView",
        "matrix",
        "Ctrl+6",
        "Every CODE against every variable store",
        wide=True,
        apart=True,
    ),
    ViewSpec(
        "migration",
        "Migration",
        "migration.view:MigrationView",
        "migration",
        "Ctrl+7",
        "A live migration of the flash chips, step by step",
        wide=True,
        apart=True,
    ),
    ViewSpec(
        "hosts",
        "Hosts",
        "hosts.view:HostsView",
        "hosts",
        "Ctrl+8",
        "Two hosts: which domains can go to the other, and start again there",
        wide=True,
        apart=True,
    ),
    ViewSpec(
        "secure-boot",
        "Secure Boot",
        "secure_boot.view:SecureBootView",
        "secure-boot",
        "Ctrl+9",
        "Who owns the machine, who may change what, and what would start",
        wide=True,
    ),
)


def spec_of(view: type) -> ViewSpec:
    """The entry of a view's class."""
    name = f"{view.__module__.removeprefix('ovmfgui.gui.views.')}:{view.__name__}"
    return next(spec for spec in VIEWS if spec.view == name)
