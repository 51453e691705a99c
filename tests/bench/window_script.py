"""Jobs of the window on a full store, offscreen: CPU of the GUI thread for each, as JSON.

Run by itself: CODE, VARS and a folder for settings are the arguments.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ovmfgui.gui.document.settings import Settings
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.widgets.flash_map import FlashMap
from ovmfgui.layout.inspection import inspect_files
from ovmfgui.span import Place

ROUNDS = 5


def thread_ms(work):
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def main(code, store, folder):
    application = QApplication([])
    window = Window(Settings(Path(folder) / "settings.ini"))
    window.resize(1280, 800)
    window.show()
    document = window.document
    document.present(inspect_files((code, store), lambda *_step: None))
    application.processEvents()
    vendor = document.store.live[0].guid
    flash_map = window.findChild(FlashMap)
    found = {}

    def measure(name, *works):
        best = [1e9] * len(works)
        for _round in range(ROUNDS):
            for number, work in enumerate(works):
                best[number] = min(best[number], thread_ms(work))
                application.processEvents()
        found.update(zip(name.split(), best, strict=True))

    window.workbench.show("map")
    application.processEvents()
    last = document.store.live[-1]
    document.select(Place(document.store_file, last.span))
    measure("repaint", flash_map.repaint)
    value = iter(range(100))

    def edit():
        editor = document.editor()
        document.edit(editor.set_variable("Fresh", vendor, bytes([next(value)]), 7))

    measure("set undo redo undo_again", edit, document.undo_stack.undo, document.undo_stack.redo,
            document.undo_stack.undo)  # fmt: skip
    view = window.workbench.show("variables")
    application.processEvents()
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    measure(
        "sort sort_down",
        lambda: view.table.sortByColumn(1, up),
        lambda: view.table.sortByColumn(1, down),
    )
    found.pop("undo_again")
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
