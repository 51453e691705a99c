"""A host asked through libvirt, by the program ``virsh``."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from ovmfgui.budgets import VIRSH_SECONDS
from ovmfgui.flash.source import MAX_STORED
from ovmfgui.hosts.connection import DomainText
from ovmfgui.hosts.libvirt_xml import machine_types, volume_size
from ovmfgui.hosts.pools import PooledFiles
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_AT_ONCE = 50
"""Domains that one call asks for; a call costs a connection."""
_NOT_CONNECTED = b"failed to connect to the hypervisor"
"""tools/virsh.c, virshReconnect: no command of the call was run."""
_BEFORE_ANOTHER_TRY = 1.0
"""Seconds."""


class VirshConnection(PooledFiles):
    """A libvirt host; see ``Connection``."""

    def __init__(self, uri: str, program: str = "virsh") -> None:
        super().__init__(uri)
        self._program = program
        self._connected = False
        self._fetched: dict[str, Path] = {}
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> VirshConnection:
        """Connect once, to say early what is wrong.

        Raises:
            Refused: virsh is not installed, or the host does not answer.
        """
        if shutil.which(self._program) is None:
            msg = f"{self.name}: virsh is not installed (Debian: libvirt-clients)"
            raise Refused(msg)
        self._ask("uri")
        self._connected = True
        self._scratch = tempfile.TemporaryDirectory(prefix="ovmfgui-host-")
        return self

    def _hang_up(self) -> None:
        if self._scratch is not None:
            self._scratch.cleanup()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Each call connects anew: one that does not get that far is made once more.

        sshd drops some of those that come close together (sshd_config, MaxStartups).
        """
        done = self._run_once(*arguments)
        if self._connected and done.returncode and _NOT_CONNECTED in done.stderr:
            time.sleep(_BEFORE_ANOTHER_TRY)
            done = self._run_once(*arguments)
        return done

    def _run_once(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [self._program, "-q", "-c", self.name, *arguments]
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=VIRSH_SECONDS,
                check=False,
                env={**os.environ, "LC_ALL": "C"},  # its words are read
            )
        except subprocess.TimeoutExpired as error:
            msg = f"{self.name} does not answer ({arguments[0]}: {VIRSH_SECONDS:.0f} s)"
            raise Refused(msg) from error

    def _ask(self, *arguments: str) -> bytes:
        """What virsh prints.

        Raises:
            Refused: with virsh's own words.
        """
        done = self._run(*arguments)
        if done.returncode:
            msg = f"{self.name}: {_words(done.stderr)}"
            raise Refused(msg)
        return done.stdout

    def _answers(self, asked: Sequence[str]) -> list[str]:
        """What virsh prints for each of several commands; empty for one that failed.

        One call for all: each answer ends in a line that no XML holds. virsh goes on behind a
        command that fails, so a line that is missing tells of a connection that broke or never
        was: what lies behind it is not known.

        Raises:
            Refused: the host did not answer all of them; with virsh's own words.
        """
        mark = f"[{uuid4().hex}]"
        done = self._run("; ".join(f"{each}; echo {mark}" for each in asked))
        *told, _rest = done.stdout.decode("utf-8", "replace").split(mark)
        if len(told) < len(asked):
            msg = f"{self.name}: {_words(done.stderr)}"
            raise Refused(msg)
        return told

    def machine_types(self) -> Mapping[str, Sequence[str]] | None:
        """Machine types by architecture, from libvirt's capabilities; None where it names none."""
        return machine_types(self._ask("capabilities")) or None

    def domains(self) -> Sequence[DomainText]:
        """All that libvirt knows, running or not, without the secrets in their XML."""
        identities = self._ask("list", "--all", "--uuid").decode("utf-8", "replace").split()
        found: list[DomainText] = []
        for first in range(0, len(identities), _AT_ONCE):
            found.extend(self._several(identities[first : first + _AT_ONCE]))
        return sorted(found, key=lambda domain: domain.name)

    def _several(self, identities: list[str]) -> list[DomainText]:
        """One call for many."""
        asked = ("domname {}", "domstate {}", "dumpxml --inactive {}", "dumpxml {}", "dominfo {}")
        told = self._answers([each.format(i) for i in identities for each in asked])
        found: list[DomainText] = []
        for first in range(0, len(told), len(asked)):
            name, state, inactive, now, info = map(str.strip, told[first : first + len(asked)])
            if not name:
                continue  # it was undefined while we asked
            about = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
            running = about.get("Id", "-").strip() != "-"
            persistent = about.get("Persistent", "yes").strip() != "no"
            found.append(
                DomainText(
                    name,
                    state,
                    inactive.encode() if persistent and inactive else None,
                    now.encode() if running and now else None,
                )
            )
        return found

    def _make(self, pool: str, folder: str) -> str:
        made = self._run("pool-create-as", pool, "dir", "--target", folder)
        return _words(made.stderr) if made.returncode else ""

    def _refresh(self, pool: str) -> bool:
        return self._run("pool-refresh", pool).returncode == 0

    def _start(self, pool: str) -> bool:
        return self._run("pool-start", pool).returncode == 0

    def _destroy(self, pool: str) -> bool:
        destroyed = self._run("pool-destroy", pool).returncode == 0
        return destroyed or pool not in self._pool_names()

    def _volumes(self, pool: str, folder: str) -> Mapping[str, int]:
        names = self._names(folder, pool)
        sizes: dict[str, int] = {}
        for first in range(0, len(names), _AT_ONCE):
            some = names[first : first + _AT_ONCE]
            asked = [f"vol-dumpxml --pool {_quoted(pool)} --vol {_quoted(n)}" for n in some]
            for name, answer in zip(some, self._answers(asked), strict=True):
                size = volume_size(answer)
                if size is not None:
                    sizes[name] = size
        return sizes

    def _names(self, folder: str, pool: str) -> list[str]:
        """Names of a pool's volumes; a line is the name, spaces, and the whole path."""
        listed = self._ask("vol-list", pool).decode("utf-8", "replace")
        before = f" {folder.rstrip('/')}/"
        parts = [line.rpartition(before)[2].strip() for line in listed.splitlines()]
        return [name for name in parts if name]

    def _pools_there(self) -> Iterable[tuple[str, bytes]]:
        for name in self._pool_names():
            yield name, self._run("pool-dumpxml", name).stdout

    def _pool_names(self) -> list[str]:
        listed = self._ask("pool-list", "--all", "--name").decode("utf-8", "replace")
        return [name.strip() for name in listed.splitlines() if name.strip()]

    def read(self, path: str) -> bytes:
        """Download it.

        Raises:
            Refused: it is not there, too large, or libvirt refuses.
        """
        pool, name, _size = self._found(path)
        target = self._fetched.pop(posixpath.normpath(path), None)
        if target is None:
            target = self._target()
            self._ask("vol-download", "--pool", pool, name, str(target))
        data = target.read_bytes()
        target.unlink()
        return data

    def _target(self) -> Path:
        assert self._scratch is not None
        return Path(self._scratch.name, uuid4().hex)

    def prefetch(self, paths: Sequence[str]) -> None:
        """Download many in one call each; one that does not come whole is asked for again."""
        wanted: list[tuple[str, str, str, int]] = []
        for path in map(posixpath.normpath, paths):
            folder, name = posixpath.split(path)
            size = (self.files_in(folder) or {}).get(name, MAX_STORED + 1)
            if size <= MAX_STORED and path not in self._fetched:
                wanted.append((path, self._known()[folder], name, size))
        for first in range(0, len(wanted), _AT_ONCE):
            self._download(wanted[first : first + _AT_ONCE])

    def _download(self, wanted: Sequence[tuple[str, str, str, int]]) -> None:
        targets = [self._target() for _ in wanted]
        commands = [
            f"vol-download --pool {_quoted(pool)} --vol {_quoted(name)} {_quoted(str(target))}"
            for (_path, pool, name, _size), target in zip(wanted, targets, strict=True)
        ]
        self._run("; ".join(commands))
        for (path, _pool, _name, size), target in zip(wanted, targets, strict=True):
            if target.is_file() and target.stat().st_size == size:
                self._fetched[path] = target
            else:
                target.unlink(missing_ok=True)


def _words(said: bytes) -> str:
    """Virsh's error, the first of several lines first and without its prefix."""
    # In the C locale it repeats names of files byte by byte.
    text = said.decode("utf-8", "replace")
    lines = [line.removeprefix("error: ").strip() for line in text.splitlines()]
    return "; ".join(dict.fromkeys(line for line in lines if line)) or "virsh failed"


def _quoted(name: str) -> str:
    """A word for virsh's own parser of commands."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
