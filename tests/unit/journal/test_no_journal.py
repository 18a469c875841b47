"""The absence of a journal: nothing is kept, nothing is known, nobody is locked out."""

from __future__ import annotations

import inspect

from reconciler.journal.no_journal import NO_JOURNAL, NoJournal
from reconciler.journal.protocol import Journal
from reconciler.model.journal import IntentState, RunStart, Write, WriteKind

WRITE = Write(kind=WriteKind.CREATE, trade="a", generation=1)


def test_it_has_all_methods_of_a_journal() -> None:
    wanted = {name for name, _ in inspect.getmembers(Journal) if not name.startswith("_")}
    assert wanted <= set(dir(NoJournal))


def test_what_is_written_is_not_known_afterwards() -> None:
    NO_JOURNAL.begin_run(RunStart(git_commit=None, plan_digest="", operations=1), 0)
    number = NO_JOURNAL.intend(WRITE, "POST", "/v2/smart_trades", {})
    NO_JOURNAL.resolve(number, IntentState.APPLIED, live_id=7)
    NO_JOURNAL.check_lock()
    NO_JOURNAL.heartbeat()
    NO_JOURNAL.end_run()
    assert NO_JOURNAL.find_unresolved() == NO_JOURNAL.find_cut_short() == NO_JOURNAL.find_writes(7) == ()
    found = [*NO_JOURNAL.find_created(), *NO_JOURNAL.find_ended(["a"]), *NO_JOURNAL.find_applied(["a"])]
    assert found == []
    assert NO_JOURNAL.find_last_create() is None
    assert NO_JOURNAL.find_names() == frozenset()
    assert not NO_JOURNAL.knows_last_run
