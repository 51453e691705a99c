"""``python -m ovmfgui``: the same as the ``ovmfgui`` command."""

import sys

from ovmfgui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
