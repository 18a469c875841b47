"""A process that has imported the program and forks itself for every run of it: real processes, cheap enough to kill.

Started as `python -m tests.scenarios.crashes.forkserver SOCKET`; each connection to the socket sends one job as JSON,
and gets how it ended. A test process cannot do this itself: it has threads, and a fork of those is no faithful copy.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import socketserver
import sys
from pathlib import Path
from typing import Any

import reconciler
from reconciler.cli.main import run
from tests.scenarios.crashes.points import Watch


class _Handler(socketserver.StreamRequestHandler):
    """Runs in a fork of its own, too; it waits for the program and tells how it ended."""

    def handle(self) -> None:
        job = json.loads(self.rfile.readline())
        process = os.fork()
        if process == 0:
            _become_program(job)
        _, status = os.waitpid(process, 0)
        self.wfile.write(f"{os.waitstatus_to_exitcode(status)}\n".encode())


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    max_children = 100
    request_queue_size = 100


def _import_program() -> None:
    """Import all modules of the program, which takes ten times as long as most runs, and would take it in each fork."""
    for module in pkgutil.walk_packages(reconciler.__path__, "reconciler."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    gc.freeze()


def _become_program(job: dict[str, Any]) -> None:
    """Run the program as a new process would; does not return."""
    code = 99
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(job["environment"])
        os.chdir(job["folder"])
        for path, stream, number in ((job["out"], sys.stdout, 1), (job["err"], sys.stderr, 2)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, number)
            os.close(handle)
            stream.flush()
        watch = Watch(fatal=job["fatal"], breaks=job["breaks"])
        code = run(job["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
        if job["points"]:
            Path(job["points"]).write_text(json.dumps([(point.name, point.concerns) for point in watch.passed]))
    finally:
        os._exit(code)


if __name__ == "__main__":
    _import_program()
    with _Server(sys.argv[1], _Handler) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.05)
