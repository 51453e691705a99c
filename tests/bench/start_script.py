"""What the start of the window is made of: CPU of the GUI thread up to each stage, as JSON.

Run by itself, CODE and VARS are the arguments.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

os.environ["QT_QPA_PLATFORM"] = "offscreen"
found = {"Python": time.thread_time()}


def reached(stage):
    found[stage] = time.thread_time() - sum(found.values())


def main(paths):
    from ovmfgui.cli import window

    for name in window._WITHOUT_QT:
        import_module(name)
    reached("modules without Qt")
    for name in ("QtCore", "QtGui", "QtWidgets", "QtSvg"):
        import_module(f"PySide6.{name}")
    reached("Qt's modules")
    from ovmfgui.gui import app

    reached("modules of the window")
    start = app.Start(tuple(paths), False, "light", None, Path(mkdtemp()) / "settings.ini")
    application = app.make_application()
    reached("Qt's application")
    made = app.make_window(application, start)
    reached("window made")
    made.show()
    application.processEvents()
    reached("window shown")
    while made.document.inspection is None:
        application.processEvents()
        time.sleep(0.005)
    made.repaint()
    reached("image shown")
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
