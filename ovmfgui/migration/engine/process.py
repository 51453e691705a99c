"""A QEMU process of our own: started in private, spoken to, ended with the program."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ovmfgui.migration.engine.monitor import PATIENCE, Monitor, MonitorClosed
from ovmfgui.migration.engine.qtest import Qtest
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROGRAM = "qemu-system-x86_64"
_VERSION = re.compile(r"version (\d+)\.(\d+)(?:\.(\d+))?")
_ENDING = 10.0


def installed_qemu(program: str = PROGRAM) -> str:
    """The path of an installed QEMU.

    Raises:
        Refused: there is none.
    """
    path = shutil.which(program)
    if path is None:
        msg = (
            f"{program} is not installed, and real QEMU is asked for; install it (Debian: apt "
            "install qemu-system-x86), or let the model play (--engine model)"
        )
        raise Refused(msg)
    return path


def version_of(program: str) -> tuple[int, ...]:
    """Which QEMU a program is: three numbers.

    Raises:
        Refused: it does not say.
    """
    answer = subprocess.run(
        [program, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    found = _VERSION.search(answer.stdout)
    if found is None:
        msg = f"{program} does not tell its version; is it QEMU?"
        raise Refused(msg)
    return tuple(int(part or 0) for part in found.groups())


class QemuProcess:
    """One process, with a private folder for its sockets and its words."""

    def __init__(self, program: str, arguments: Sequence[str], folder: Path) -> None:
        """Start it and greet its monitor, if it stays.

        Args:
            program: the path of QEMU.
            arguments: beside those for the monitor.
            folder: private to this process; there already, empty.
        """
        self.folder = folder
        self._words = folder / "stderr"
        self._monitor: Monitor | None = None
        self._qtest: Qtest | None = None
        self._connections: list[socket.socket] = []
        command = [
            *_ended_with_us(),
            *(program, "-nodefaults", "-no-user-config", "-display", "none", "-nic", "none"),
            *("-qmp", f"unix:{folder}/qmp,server=on,wait=off"),
            *arguments,
        ]
        with self._words.open("wb") as words:
            # In a session of its own: Ctrl-C is ours to handle, QEMU would print about it.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,
            )
        try:
            connection = self.connect("qmp")
            if connection is not None:
                self._monitor = Monitor(connection)
        except MonitorClosed:
            self._wait(PATIENCE)
        except BaseException:
            self.kill()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self.process.poll() is None

    @property
    def monitor(self) -> Monitor:
        """Its monitor.

        Raises:
            Refused: it has ended; tells its words.
        """
        if self._monitor is None:
            raise self.gone()
        return self._monitor

    @property
    def words(self) -> str:
        """What it printed so far."""
        return self._words.read_text("utf-8", "replace").strip()

    def gone(self) -> Refused:
        """The refusal that says that it has ended unasked."""
        said = " / ".join(self.words.splitlines()) or "without a word"
        return Refused(f"QEMU has ended unexpectedly ({said}); try again")

    def qtest(self) -> Qtest | None:
        """Its qtest socket, where it was given one; None where it has ended."""
        connection = self.connect("qtest") if self.alive else None
        if connection is not None:
            self._qtest = Qtest(connection)
        return self._qtest

    def connect(self, name: str) -> socket.socket | None:
        """Connect to one of its sockets, until it ends; None where it ends before that."""
        deadline = time.monotonic() + PATIENCE
        while True:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(PATIENCE)
            try:
                connection.connect(str(self.folder / name))
            except OSError as error:
                connection.close()
                if not self.alive:
                    return None
                if time.monotonic() > deadline:
                    msg = f"QEMU does not open its socket {name}: {error}"
                    raise Refused(msg) from error
                time.sleep(0.005)
            else:
                self._connections.append(connection)
                return connection

    def memory(self, address: int, size: int) -> bytes:
        """Bytes of the process's own memory.

        Raises:
            Refused: the kernel keeps them from us.
        """
        try:
            descriptor = os.open(f"/proc/{self.process.pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
            try:
                data = os.pread(descriptor, size, address)
            finally:
                os.close(descriptor)
        except OSError as error:
            msg = (
                f"the kernel does not let us read the memory of our own QEMU ({error.strerror}); "
                "sysctl kernel.yama.ptrace_scope has to be 0 or 1 for that"
            )
            raise Refused(msg) from error
        if len(data) != size:
            raise self.gone()
        return data

    def quit(self) -> None:
        """Tell it to quit, and see that it does."""
        if self._monitor is not None and self.alive:
            # It may hang up before it answers.
            with suppress(MonitorClosed, Refused):
                self._monitor.execute("quit")
        if not self._wait(_ENDING):
            self.process.kill()
        self.kill()

    def kill(self) -> None:
        """End it as a power failure does."""
        if self.alive:
            self.process.kill()
        self._wait(_ENDING)
        if self._monitor is not None:
            self._monitor.close()
            self._monitor = None
        if self._qtest is not None:
            self._qtest.close()
        for connection in self._connections:
            connection.close()

    def _wait(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def _ended_with_us() -> tuple[str, ...]:
    """What makes the kernel end a process when ours does, however that comes about.

    It is the thread that starts the process whose end counts (prctl(2), PR_SET_PDEATHSIG); it also
    ends it in the ordinary way.
    """
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()
