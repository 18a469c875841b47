"""A PostgreSQL server of our own for the tests: made, started, stopped and thrown away by them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"


def find_programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, or None where PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("pg_ctl")
    folders += [Path(found).resolve().parent] if found else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def run_cluster(programs: Path) -> Iterator[str]:
    """A server that is reached through a socket in a folder of its own; gives the address of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    # initdb refuses to run as root.
    become = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    if become:
        os.chown(folder, pwd.getpwnam(_USER).pw_uid, -1)
    place = folder / "cluster"

    def call(program: str, *arguments: str) -> None:
        command = [*become, str(programs / program), "-D", str(place), *arguments]
        done = subprocess.run(
            command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    try:
        call("initdb", "-U", _USER, "-A", "trust", "-N", "--locale", "C", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://{_USER}:pg-secret-marked@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
