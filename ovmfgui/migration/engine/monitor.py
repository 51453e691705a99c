"""QEMU's monitor (QMP), spoken to from plain functions."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from qemu.qmp import ExecuteError, QMPClient, QMPError

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine

PATIENCE = 60.0
"""Seconds until QEMU is taken to hang; every answer comes within some milliseconds."""


class MonitorClosed(Exception):
    """QEMU went away instead of answering."""


class Monitor:
    """A QMP connection with an event loop of its own, for use from one thread."""

    def __init__(self, connection: socket.socket, patience: float = PATIENCE) -> None:
        """Greet QEMU on a connected socket.

        Args:
            connection: it is closed with the monitor.
            patience: in seconds, for every answer.

        Raises:
            MonitorClosed: it is not QMP that is spoken there, or QEMU is going away.
        """
        self._patience = patience
        self._loop = asyncio.new_event_loop()
        self._client = QMPClient("ovmfgui")
        connection.setblocking(False)
        try:
            self._wait(self._client.connect(connection))
        except (MonitorClosed, Refused):
            connection.close()
            self._loop.close()
            raise

    def execute(self, command: str, **arguments: object) -> Any:
        """A command's answer; underscores in names of arguments stand for hyphens.

        Raises:
            Refused: QEMU says no; the message is QEMU's.
            MonitorClosed: QEMU has gone.
        """
        given = {name.replace("_", "-"): value for name, value in arguments.items()}
        try:
            return self._wait(self._client.execute(command, given or None))
        except ExecuteError as error:
            raise Refused(str(error)) from error

    def human(self, line: str) -> str:
        """What the human monitor answers to a line."""
        return str(self.execute("human-monitor-command", command_line=line))

    def reset_machine(self) -> None:
        """Press the reset button and wait until it has worked."""

        async def pressed() -> None:
            with self._client.listener("RESET") as listener:
                await self._client.execute("system_reset")
                await listener.get()

        self._wait(pressed())

    def close(self) -> None:
        """Hang up; QEMU may be gone already."""
        try:
            self._wait(self._client.disconnect())
        except MonitorClosed:
            pass
        finally:
            self._loop.close()

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self._loop.run_until_complete(asyncio.wait_for(coroutine, self._patience))
        except ExecuteError:
            raise
        except TimeoutError as error:
            msg = f"QEMU's monitor did not answer within {self._patience:.0f} s"
            raise Refused(msg) from error
        except (QMPError, OSError, EOFError) as error:
            raise MonitorClosed(str(error)) from error


def wait_until(done: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Ask again and again, some hundred times a second.

    Raises:
        Refused: it does not come about; says ``what`` was waited for.
    """
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            msg = f"{what} did not come about within {patience:.0f} s"
            raise Refused(msg)
        time.sleep(0.003)
