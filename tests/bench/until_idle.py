"""Starts a program with a window, ends it once it rests, and prints its CPU and wall time as JSON.

It rests when it has used no CPU for half a second; that half second is not counted.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESTS = 0.5
MOST = 60.0


def used(pid):
    """CPU seconds of all threads, as the kernel counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        began = worked = time.perf_counter()
        process = subprocess.Popen(
            sys.argv[1:], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        cpu = 0.0
        while (now := time.perf_counter()) - worked < RESTS and now - began < MOST:
            if process.poll() is not None:
                sys.exit(f"{sys.argv[1]} ended by itself with status {process.returncode}")
            if (spent := used(process.pid)) != cpu:
                cpu, worked = spent, now
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    print(json.dumps({"cpu": cpu, "wall": worked - began}))


if __name__ == "__main__":
    main()
