"""What `inspect --json` of a file is made of: CPU of the process for each step, as JSON.

The steps are made one after the other here; the command unpacks and digests in threads meanwhile.
Run by itself, the file is the argument.
"""

import gc
import io
import json
import sys
import time
from contextlib import redirect_stdout

gc.disable()
found = {"Python": time.process_time()}


def reached(step):
    found[step] = time.process_time() - sum(found.values())


def main(path):
    from ovmfgui.cli import inspect_output
    from ovmfgui.flash import decompress
    from ovmfgui.flash.opening import image_of
    from ovmfgui.layout.inspection import inspect
    from ovmfgui.machine.opening import read_files

    reached("modules")
    decompress.begin_unpacking(path)
    for each in decompress._known:
        each.result()
    reached("liblzma")
    files = read_files([path])
    reached("file read")
    digests = {file.path: file.sha256 for file in files}
    reached("SHA-256")
    image = image_of(files)
    reached("volumes, files and sections")
    inspection = inspect(image)
    reached("what CODE expects, and findings")
    with redirect_stdout(io.StringIO()):
        inspect_output.print_inspection_json(inspection, digests)
    reached("JSON")
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
