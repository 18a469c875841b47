"""What the journal costs with many trades; run by hand: `python -m tests.benchmarks.bench_journal`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reconciler.clock import SystemClock
from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import IntentState, RunStart, Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.specs import TradeSpec
from tests.benchmarks.stopwatch import SIZES, Stopwatch, Times, print_ratios
from tests.support import builders
from tests.support.world import World, trade

# Reads of one trade that are timed together, so that the sum can be told from noise.
_READS = 200


def measure(size: int) -> Times:
    """Seconds of each use of the journal."""
    watch = Stopwatch(time.perf_counter)  # waiting for the disk counts
    specs = [builders.spec(name=f"t{number}") for number in range(size)]
    ended = make_ended(size)
    with tempfile.TemporaryDirectory() as folder, Database(sqlite_url(Path(folder) / "journal.sqlite")) as database:
        journal = SqlJournal(database, "test", SystemClock())
        journal.begin_run(RunStart(git_commit=None, plan_digest="", operations=size), 0)
        writes = [write_of(spec, number) for number, spec in enumerate(specs)]
        watch("intend and resolve a create", lambda: do_all(journal, writes))
        outcomes = [outcome_of(spec, number) for number, spec in enumerate(specs)]
        watch("record the outcome of an operation", lambda: record_all(journal, outcomes))
        journal.end_run()
        names = [spec.name for spec in specs]
        found = watch("find_applied: all names", lambda: journal.find_applied(names))
        assert len(found) == size
        watch("find_created: all names", lambda: journal.find_created(names))
        watch(f"find_writes: {_READS} trades", lambda: [journal.find_writes(each) for each in range(_READS)])
        watch(f"find_applied: {_READS} times one name", lambda: repeat(lambda: journal.find_applied(names[:1])))
        watch(f"find_last_create: {_READS} times", lambda: repeat(journal.find_last_create))
        watch("remember_ended: all trades", lambda: journal.remember_ended(ended))
        known = watch("find_ended: all names", lambda: journal.find_ended(names))
        assert len(known) == size
    return watch.times


def do_all(journal: SqlJournal, writes: Sequence[Write]) -> None:
    """Every write, answered."""
    body = write_body(builders.terms())
    for number, write in enumerate(writes):
        intent_id = journal.intend(write, "POST", "/v2/smart_trades", body)
        journal.resolve(intent_id, IntentState.APPLIED, live_id=number, answer={"id": number})


def record_all(journal: SqlJournal, outcomes: Sequence[Outcome]) -> None:
    """Every outcome."""
    for outcome in outcomes:
        journal.record(outcome)


def write_of(spec: TradeSpec, number: int) -> Write:
    """A create."""
    return Write(kind=WriteKind.CREATE, trade=spec.name, generation=1, note=f"note {number}", after=spec.terms)


def outcome_of(spec: TradeSpec, number: int) -> Outcome:
    """A create that was applied."""
    operation = Operation(
        action=Action.CREATE,
        trade=spec.name,
        generation=1,
        cause=Cause.FILE,
        effect=Effect.COMMITS,
        money=(),
        after=spec.terms,
    )
    return Outcome(operation=operation, kind=OutcomeKind.APPLIED, live_id=number)


def make_ended(size: int) -> list[LiveTrade]:
    """Trades that have ended, each with a whole entity."""
    with World() as world:
        world.converge(trade())
        shown: dict[str, Any] = dict(world.trades()[0])
    shown["status"] = {"type": "cancelled", "basic_type": "cancelled", "title": ""}
    shown["data"] = {**shown["data"], "closed_at": "2026-01-02T00:00:00.000Z"}
    notes = [builders.live(builders.spec(name=f"t{number}"), Phase.ENDED).note for number in range(size)]
    return [read_trade({**shown, "id": number, "note": note, "note_raw": note}) for number, note in enumerate(notes)]


def repeat(work: Callable[[], object]) -> None:
    """Some work, many times."""
    for _ in range(_READS):
        work()


def main() -> None:
    """Print the table."""
    small, large = (measure(size) for size in SIZES)
    print_ratios("the journal", small, large)


if __name__ == "__main__":
    main()
