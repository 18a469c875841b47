"""What an apply of many creates costs a client that need not wait: `python -m tests.benchmarks.bench_applying`.

Both sides run in this process: the share of the embedded sandbox is taken off.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import requests
from flask import Flask

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from tests.benchmarks.stopwatch import Stopwatch, Times
from tests.support.world import Wire, World, trade

# Ten thousand take the sandbox minutes, and show no more.
SIZES = (200, 1_000)


class TimedWire(Wire):
    """The way to the sandbox, on which the seconds of the other side are counted.

    Args:
        application: What answers.
    """

    def __init__(self, application: Flask) -> None:
        super().__init__(application)
        self.seconds = 0.0

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """Let one request through."""
        began = time.process_time()
        try:
            return super().send(request, *args, **kwargs)
        finally:
            self.seconds += time.process_time() - began


def measure(size: int, database: Database | None) -> tuple[Times, int]:
    """Seconds of the client alone, and how many requests it sent."""
    watch = Stopwatch()
    specs = [trade(f"t{number}", price=40000 + number, stop=39000) for number in range(size)]
    with World(database=database) as world:
        wire = TimedWire(world.application)
        world.connect_by(wire)
        plan = watch("plan", lambda: world.plan(*specs))
        watch.times["plan"] -= wire.seconds
        wire.seconds = 0.0
        result = watch("apply", lambda: world.apply(plan))
        watch.times["apply"] -= wire.seconds
        assert result.count(OutcomeKind.APPLIED) == size
        return watch.times, len(wire.seen)


def main() -> None:
    """Print both sizes, without a journal and with one in a file."""
    for has_journal in (False, True):
        sys.stdout.write(f"client only, {'a journal in a file' if has_journal else 'no journal'}\n")
        for size in SIZES:
            times, sent = measure_with(size, has_journal=has_journal)
            per_trade = ", ".join(f"{stage} {seconds / size * 1000:.2f} ms" for stage, seconds in times.items())
            sys.stdout.write(f"  {size:6,} creates: {per_trade} of CPU each; {sent} requests\n")


def measure_with(size: int, *, has_journal: bool) -> tuple[Times, int]:
    """Likewise, with a journal in a new file or none."""
    if not has_journal:
        return measure(size, None)
    with tempfile.TemporaryDirectory() as folder, Database(sqlite_url(Path(folder) / "journal.sqlite")) as database:
        return measure(size, database)


if __name__ == "__main__":
    main()
