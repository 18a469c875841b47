"""Without a journal nothing is known and nobody is locked out."""

from __future__ import annotations

from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.model.journal import RunStart


def test_nothing_is_known_whatever_was_said() -> None:
    journal: Journal = NO_JOURNAL
    journal.begin_run(RunStart(git_commit=None, plan_digest="", operations=1), 0)
    journal.end_run()
    assert not journal.knows_last_run
    assert journal.find_last_create() is None
    assert journal.find_unresolved() == journal.find_cut_short() == journal.find_writes(7) == ()
    assert not journal.find_ended(["a"])
    assert not journal.find_created()
    assert not journal.find_applied(["a"])
    assert journal.find_unsettled(()) == ()
    assert journal.find_names() == frozenset()
