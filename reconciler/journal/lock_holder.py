"""Holder of a lock: user, machine and process, and who started it where."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from reconciler.journal.rows import UNKNOWN, Row, read_document
from reconciler.journal.run_origin import NO_ORIGIN, RunOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process that may hold a lock.

    Attributes:
        user: Name of the user.
        host: Name of the machine.
        machine: Identifier of this start of the machine and of the container; empty if there is none.
        pid: Number of the process; 0 if it is not known.
        started: When the process started, in the machine's own count; empty if it is not known.
        origin: Who started it, and where.
    """

    user: str
    host: str
    machine: str
    pid: int
    started: str
    origin: RunOrigin = NO_ORIGIN

    @property
    def process(self) -> str:
        """User, machine and number of the process."""
        return f"{self.user}@{self.host} (process {self.pid or UNKNOWN})"

    def __str__(self) -> str:
        return f"{self.process} for {self.origin}" if str(self.origin) else self.process

    def write(self) -> str:
        """Write the holder as text for the journal."""
        return json.dumps(asdict(self))


IsAlive = Callable[[Holder], bool | None]


def read_holder(text: str) -> Holder:
    """Read a holder that `Holder.write` wrote in any version; missing or damaged values are unknown."""
    document = read_document(text) or {}
    row, origin = Row(document), document.get("origin")
    return Holder(
        user=row.word("user"),
        host=row.word("host"),
        machine=row.text("machine"),
        pid=row.integer("pid") or 0,
        started=row.text("started"),
        origin=_read_origin(origin if isinstance(origin, dict) else {}),
    )


def _read_origin(document: Mapping[str, object]) -> RunOrigin:
    row = Row(document)
    return RunOrigin(actor=row.text("actor"), run_url=row.text("run_url"), change=row.text("change"))


def find_holder(origin: RunOrigin | None = None) -> Holder:
    """Return this process.

    Args:
        origin: Who started it, and where; nobody without it.
    """
    user = UNKNOWN
    with suppress(OSError, KeyError):
        user = getpass.getuser()
    return Holder(
        user=user,
        host=socket.gethostname(),
        machine=_find_machine(),
        pid=os.getpid(),
        started=_find_start(os.getpid()) or "",
        origin=origin or NO_ORIGIN,
    )


def is_alive(holder: Holder) -> bool | None:
    """Return whether the process of a holder still runs; None if this machine cannot know."""
    machine = _find_machine()
    if not machine or not holder.pid or not holder.started:
        return None
    if (holder.machine, holder.host) != (machine, socket.gethostname()):
        return None
    return _find_start(holder.pid) == holder.started


def _find_machine() -> str:
    """Return the machine's start id and the container's process namespace, if Linux shows both."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _find_start(pid: int) -> str | None:
    """Start of a process in ticks since the machine's start; None if there is no such process.

    Source: proc(5), /proc/pid/stat, fields 3 and 22; a zombie has ended and only waits to be counted.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
