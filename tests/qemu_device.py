"""Drives the flash chips of a real QEMU over its qtest protocol.

Debian's builds have no ``-accel qtest``; the protocol works under TCG as well. The guest's CODE
idles at its reset vector, so that the chips belong to the test alone.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30


@dataclass(frozen=True)
class Board:
    """A machine with two flash chips."""

    qemu: str
    machine: str
    idle: bytes
    idle_from_end: int | None
    code_size: int
    vars_size: int
    code_base: int
    vars_base: int

    def idle_code(self, fill: bytes) -> bytes:
        """CODE that fills its chip with a pattern and halts at once."""
        body = bytearray((fill * (self.code_size // len(fill) + 1))[: self.code_size])
        at = 0 if self.idle_from_end is None else self.code_size - self.idle_from_end
        body[at : at + len(self.idle)] = self.idle
        return bytes(body)


def q35(code_size: int, vars_size: int) -> Board:
    """An x86 machine; flash ends at 4 GiB. The reset vector holds cli; hlt; jmp."""
    code_base = (1 << 32) - code_size
    return Board(
        "qemu-system-x86_64", "q35", b"\xfa\xf4\xeb\xfd", 16,
        code_size, vars_size, code_base, code_base - vars_size,
    )  # fmt: skip


def arm_virt() -> Board:
    """ARM's virt: 64 MiB each, at 0 and 64 MiB. The reset vector holds wfi; b ."""
    size = 64 << 20
    idle = bytes.fromhex("7f2003d5ffffff17")
    return Board("qemu-system-aarch64", "virt", idle, None, size, size, 0, size)


def _connect(path: Path, process: subprocess.Popen) -> socket.socket:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(START_SECONDS)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return connection


class QemuDevice:
    """One QEMU process; a context manager that leaves no process and no socket behind."""

    def __init__(
        self,
        board: Board,
        code: Path,
        store: Path,
        *,
        incoming: bool = False,
        extra=(),
        errors=None,
    ):
        self.board = board
        self.folder = Path(tempfile.mkdtemp(prefix="ovmfgui-qemu-"))
        self.incoming = self.folder / "incoming"
        command = [
            board.qemu, "-machine", board.machine, "-accel", "tcg", "-m", "16", "-nodefaults",
            "-display", "none", "-no-user-config",
            "-qmp", f"unix:{self.folder}/qmp,server=on,wait=off",
            "-qtest", f"unix:{self.folder}/qtest,server=on,wait=off", "-qtest-log", "/dev/null",
            "-drive", f"if=pflash,unit=0,format=raw,file={code},readonly=on",
            "-drive", f"if=pflash,unit=1,format=raw,file={store}",
            *(("-incoming", f"unix:{self.incoming}") if incoming else ()),
            *extra,
        ]  # fmt: skip
        self._errors = (self.folder / "stderr").open("wb")
        told = self._errors if errors is None else errors
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._errors, stderr=told
        )
        try:
            self._qmp_socket = _connect(self.folder / "qmp", self.process)
            self._qmp = self._qmp_socket.makefile("rb")
            self._qmp.readline()
            self.qmp("qmp_capabilities")
            self._qtest_socket = _connect(self.folder / "qtest", self.process)
            self._qtest = self._qtest_socket.makefile("rb")
        except BaseException:  # noqa: BLE001 (the process must not stay)
            self.process.kill()
            self.process.wait()
            text = self.stderr()
            self._errors.close()
            shutil.rmtree(self.folder)
            raise RuntimeError(f"QEMU did not start: {text}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the process, whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for end in (self._qmp, self._qmp_socket, self._qtest, self._qtest_socket, self._errors):
            end.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stderr(self) -> str:
        """What QEMU printed so far."""
        return (self.folder / "stderr").read_text(errors="replace").strip()

    def qmp(self, execute: str, **arguments):
        """A QMP command's answer."""
        message = {"execute": execute, "arguments": arguments}
        self._qmp_socket.sendall(json.dumps(message).encode() + b"\n")
        return self._answer(lambda line: "return" in line)["return"]

    def _answer(self, wanted):
        while True:
            text = self._qmp.readline()
            if not text:
                raise EOFError(self.stderr())
            line = json.loads(text)
            if "error" in line:
                raise RuntimeError(line["error"]["desc"])
            if wanted(line):
                return line

    def reset(self):
        """The machine's reset, waited for."""
        message = {"execute": "system_reset"}
        self._qmp_socket.sendall(json.dumps(message).encode() + b"\n")
        # The answer and the event come in either order.
        left = {"return", "RESET"}

        def last(line) -> bool:
            left.discard("return" if "return" in line else line.get("event"))
            return not left

        self._answer(last)

    def run(self, lines: list[str]) -> list[str]:
        """qtest commands, sent together; their answers without the ``OK``."""
        answers: list[str] = []
        for start in range(0, len(lines), 256):
            part = lines[start : start + 256]
            self._qtest_socket.sendall("".join(f"{line}\n" for line in part).encode())
            while len(answers) < start + len(part):
                words = self._qtest.readline().decode().split(maxsplit=1)
                if not words:
                    raise EOFError(self.stderr())
                if words[0] == "IRQ":
                    continue
                assert words[0] == "OK", words
                answers.append(words[1].strip() if len(words) > 1 else "")
        return answers

    def migrate_to(self, other: QemuDevice) -> None:
        """Migrate into ``other``, which waits for it, and wait until that is through."""
        self.qmp("migrate", uri=f"unix:{other.incoming}")
        self._wait(lambda: self.qmp("query-migrate").get("status") == "completed")
        self._wait(lambda: other.qmp("query-status")["status"] != "inmigrate")

    def record_to(self, path: Path) -> None:
        """Migrate into a file and wait until that is through."""
        self.qmp("migrate", uri=f"exec:cat > '{path}'")
        self._wait(lambda: self.qmp("query-migrate").get("status") == "completed")

    @staticmethod
    def _wait(done) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not done():
            assert time.monotonic() < deadline
            time.sleep(0.005)
