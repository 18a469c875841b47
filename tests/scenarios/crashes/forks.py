"""Runs of the program, each in a real process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Name and concern of points; see `points.Point`.
Points = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a run left behind.

    Attributes:
        code: Its exit code; below zero the signal that killed it.
        out: Its standard output.
        err: Its standard error.
        points: Name and concern of every point that it passed; empty where nobody asked or it was killed.
    """

    code: int
    out: str
    err: str
    points: Points


@dataclass(frozen=True, slots=True)
class Forks:
    """Starts runs.

    Attributes:
        address: Socket of the fork server.
    """

    address: str

    def run(
        self,
        folder: Path,
        *arguments: str,
        environment: Mapping[str, str],
        fatal: int | None = None,
        breaks: int | None = None,
    ) -> Ended:
        """Run the program to its end, or until it dies.

        Args:
            folder: The current folder.
            arguments: Of the program.
            environment: Beside the path of programs and temporary files.
            fatal: Number of the point at which it is killed.
            breaks: Number of the request that fails with an error which nobody expects.
        """
        with tempfile.TemporaryDirectory() as told:
            names = ("PATH", "TMPDIR", "HOME", "XDG_STATE_HOME")
            inherited = {name: os.environ[name] for name in names if name in os.environ}
            job = {
                "arguments": arguments,
                "environment": {**inherited, **environment},
                "folder": str(folder),
                "fatal": fatal,
                "breaks": breaks,
                **{name: f"{told}/{name}" for name in ("out", "err", "points")},
            }
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(self.address)
                connection.sendall(f"{json.dumps(job)}\n".encode())
                with connection.makefile() as answer:
                    code = int(answer.readline())
            points = Path(told) / "points"
            return Ended(
                code=code,
                out=(Path(told) / "out").read_text(),
                err=(Path(told) / "err").read_text(),
                points=[(name, concerns) for name, concerns in json.loads(points.read_text())]
                if points.exists()
                else [],
            )


@contextmanager
def start_forks() -> Iterator[Forks]:
    """A fork server for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="forks-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, "-m", "tests.scenarios.crashes.forkserver", address]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield Forks(address)
        finally:
            process.terminate()
            process.communicate()
