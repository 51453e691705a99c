"""The file that holds a machine's variables, for commands that speak of variables alone."""

from __future__ import annotations

from ovmfgui.machine.chips import exists
from ovmfgui.machine.definition import is_definition, read_definition
from ovmfgui.machine.host_tree import tree_of
from ovmfgui.machine.model import Mapping, StoreKind
from ovmfgui.refusal import Refused


def store_path(path: str, root: str | None = None, *, write: bool = False) -> str:
    """The store's path: of a definition that of its machine, of anything else the path itself.

    Args:
        path: as a person named it.
        root: the tree of the host that is meant.
        write: whether it is to be changed: then a template is never taken in its place.

    Raises:
        Refused: the machine keeps no store in a file, or it does not exist.
    """
    if not is_definition(path):
        return path
    machine = read_definition(path, root)
    if machine is None:
        return path
    tree = tree_of("" if path == "-" else path, root)
    store, firmware = machine.store, machine.firmware
    if store.how in (StoreKind.BLOCK, StoreKind.NETWORK):
        msg = f"{machine.title} keeps its variables on {store.path}; copy them to a file first"
        raise Refused(msg)
    if store.how is StoreKind.NONE:
        if firmware is not None and firmware.how is Mapping.FLASH and not firmware.readonly:
            return tree.path(firmware.path)
        msg = f"{machine.title} keeps no variables: no store is mapped"
        raise Refused(msg)
    private = tree.path(store.path) if store.path else ""
    if private and exists(private) is not False:
        return private
    if store.template and not write:
        return tree.path(store.template)
    made = f"; it is made from {store.template} at the next start" if store.template else ""
    msg = f"{store.path or machine.title}: the variable store does not exist yet{made}"
    raise Refused(msg)
