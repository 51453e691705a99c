"""``python -m ovmfgui``: the same as the ``ovmfgui`` command."""

from ovmfgui.cli.main import program

if __name__ == "__main__":
    program()
