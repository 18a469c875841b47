"""Freezes that a person sets and lifts at random moments, also in the middle of a run, and the law about them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome, is_frozen
from reconciler.workflows.journal import scope_of
from tests.scenarios.simulation.clones import Clone
from tests.scenarios.simulation.hold_laws import lowers_risk
from tests.scenarios.simulation.process_knowledge import Knowledge
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.shared_sandbox import SharedSandbox, StruckDatabase
from tests.scenarios.simulation.trace import Trace

# How many histories have freezes, and how often one begins or ends before a reading and between two runs.
_SHARE = 0.25
_PER_READING = 0.03
_PER_PAUSE = 0.4


class Freezes:
    """The freezes of one history.

    Args:
        seed: Decides, apart from all else that is random.
        shared: Has the clock.
        trace: Told what happens, and what breaks a law.
        share: Share of the histories that have freezes.
    """

    def __init__(self, seed: int, shared: SharedSandbox, trace: Trace, share: float | None = None) -> None:
        self._chance = random.Random(f"freeze {seed}")
        self._shared = shared
        self._trace = trace
        self._is_on = self._chance.random() < (_SHARE if share is None else share)
        self._frozen: set[tuple[int, int]] = set()

    def move(self, clones: Sequence[Clone], *, is_pause: bool) -> None:
        """Let a person set a freeze, or lift it, now and then.

        Args:
            clones: Where it may be set.
            is_pause: Whether no run is in progress, so that more happens at once.
        """
        if not self._is_on or self._chance.random() >= (_PER_PAUSE if is_pause else _PER_READING):
            return
        clone = self._chance.choice(list(clones))
        if clone.database is None:
            return
        journal = SqlJournal(clone.database, scope_of(clone.settings), self._shared.clock)
        keys = {(id(clone.database), account) for account in clone.account_ids}
        if keys <= self._frozen:
            with _Unstruck(clone.database):
                journal.unfreeze("calm again")
            self._frozen -= keys
            self._trace.count("a person lifts a freeze")
            self._trace.tell(f"a person lifts the freeze of {clone}")
        else:
            with _Unstruck(clone.database):
                journal.freeze(Freeze(source=FreezeSource.COMMAND, reason="news"))
            self._frozen |= keys
            self._trace.count("a person sets a freeze" + ("" if is_pause else " in the middle of a run"))
            self._trace.tell(f"a person freezes {clone}")

    def end(self, clones: Sequence[Clone]) -> None:
        """Lift all freezes, for the end of a history."""
        for clone in clones:
            if clone.database is not None:
                with _Unstruck(clone.database):
                    SqlJournal(clone.database, scope_of(clone.settings), self._shared.clock).unfreeze("the end")
        self._frozen.clear()
        self._is_on = False

    def forget(self, database: object) -> None:
        """A journal is lost, and its freezes with it."""
        self._frozen = {key for key in self._frozen if key[0] != id(database)}

    def is_frozen(self, clone: Clone) -> bool:
        """Whether a freeze is in force for a clone and its target."""
        return any((id(clone.database), account) in self._frozen for account in clone.account_ids)

    def check_write(self, process: Knowledge, operation: Operation, call: Call) -> None:
        """While frozen nothing is opened, added or made riskier; what was begun before may get its note."""
        run = process.run
        if run is None or not process.is_frozen() or lowers_risk(operation):
            return
        if call.kind is Kind.SET_NOTE and run.sent:
            return
        self._trace.break_law(f"while frozen, {call} is sent for {operation.action} {operation.trade}")

    def check_outcome(self, outcome: Outcome) -> None:
        """Nothing protective is held back."""
        if not is_frozen(outcome):
            return
        self._trace.count("a freeze holds an operation back")
        if lowers_risk(outcome.operation):
            self._trace.break_law(f"a freeze holds back what lowers risk: {outcome.operation}")


class _Unstruck:
    """No process dies in what a person does."""

    def __init__(self, database: StruckDatabase) -> None:
        self._database = database
        self._strike = database.strike

    def __enter__(self) -> None:
        self._database.strike = lambda place: None

    def __exit__(self, *_: object) -> None:
        self._database.strike = self._strike
