"""What views import is there before somebody asks for a view."""

import subprocess
import sys

_TRIED = """
import sys, time
from pathlib import Path
from ovmfgui.gui.app import Start, make_application, make_window
from ovmfgui.gui.shell.views_ahead import ViewsAhead

application = make_application()
window = make_window(application, Start(settings_file=Path(sys.argv[1])))
window.show()
ahead = ViewsAhead(window.workbench.tasks, application)
missing = "ovmfgui.gui.views.hosts.view" not in sys.modules
end = time.monotonic() + 60
while not ahead.done and time.monotonic() < end:
    application.processEvents()
    time.sleep(0.01)
before = set(sys.modules)
for spec in ("structure", "compare", "matrix", "migration", "hosts", "secure-boot"):
    window.pages.tabs.view(spec)
print(missing, sorted(each for each in set(sys.modules) - before if "gui.views" in each))
window.close()
"""


def test_a_view_that_is_first_shown_imports_nothing_of_its_own(tmp_path):
    command = [sys.executable, "-c", _TRIED, str(tmp_path / "settings.ini")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert told.stdout.strip() == "True []", told.stderr
