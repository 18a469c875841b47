"""The session of all commands on live trades: accounts, the lock, and what earlier runs left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.applying.earlier_runs import settle_earlier_runs
from reconciler.applying.execute_command import find_change
from reconciler.applying.gateway_delay import name_kind
from reconciler.applying.run import Observer, Result, run_operations
from reconciler.errors import CommandRefused
from reconciler.git.commit import find_commit
from reconciler.live.rates import read_account_rates
from reconciler.model.journal import COMMAND_DIGEST, IntentState, RunStart
from reconciler.model.live import Account, LiveTrade, Rates
from reconciler.model.operations import Operation
from reconciler.model.reasons import Reason
from reconciler.model.unreadable import Part
from reconciler.rendering.reasons import describe
from reconciler.session import Session
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.applying import hold_run
from reconciler.workflows.live_reader import Reader


def known_accounts(lives: Iterable[LiveTrade]) -> set[int]:
    """Find the accounts of some trades, without those that cannot be read: no trade is kept from ending by that."""
    return {live.terms.account_id for live in lives if live.find_unreadable({Part.ACCOUNT}) is None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeSession:
    """The session of a command on live trades.

    Attributes:
        session: Settings, API, clock and journal.
        is_approved: Whether the user is not asked.
        lock_timeout_s: How long to wait for another run to end, in seconds.
        acknowledged: Guardrail to what was acknowledged for this command.
        accounts: Those of the key, once they were read.
    """

    session: Session
    is_approved: bool = False
    lock_timeout_s: float = 0.0
    acknowledged: Mapping[str, Decimal] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """Reads the live trades."""
        return Reader(session=self.session)

    @property
    def workspaces(self) -> Collection[str]:
        """The present and the former names of the workspace."""
        return self.session.settings.workspaces

    def check_accounts(self, used: Collection[int]) -> None:
        """Make sure that key and mode are right for some accounts.

        Raises:
            AccessRefused: They are not.
        """
        self.accounts.update(check_accounts(self.session, used))

    def require_inside(self, live: LiveTrade) -> None:
        """Refuse a trade on an account that the target does not name.

        Raises:
            CommandRefused: It is on such an account.
        """
        target = self.session.settings.target
        if known_accounts([live]) - set(target.account_ids):
            raise CommandRefused(
                f"#{live.id} is on account {live.terms.account_id}, which target {target.name} does not name: use the"
                f" target that names it, or add it to `accounts` of {target.name}; nothing was sent"
            )

    def read_rates(self, account_id: int, pair: str) -> Rates:
        """Read prices and limits of an account's pair, as they are now.

        Raises:
            ApiError: They cannot be read.
        """
        if account_id not in self.accounts:
            self.check_accounts({account_id})
        return read_account_rates(self.session.api, self.accounts[account_id], pair)

    @contextmanager
    def hold_run(self, operations: int) -> Iterator[None]:
        """Hold the lock for a run.

        Args:
            operations: How many it has.

        Raises:
            Locked: Another run holds the lock.
        """
        start = RunStart(
            git_commit=find_commit(self.session.settings.root), plan_digest=COMMAND_DIGEST, operations=operations
        )
        with hold_run(self.session, start, self.lock_timeout_s):
            yield

    def run(self, operations: Collection[Operation], observer: Observer, should_stop: Callable[[], bool]) -> Result:
        """Carry out operations by hand; the lock is held.

        Args:
            operations: At most one for each trade, which was read a moment ago.
            observer: Gets what happens.
            should_stop: Asked before each operation.
        """
        return run_operations(tuple(operations), self.session, self.read_rates, observer, should_stop=should_stop)

    def settle_unresolved(self) -> dict[str, Reason]:
        """Find out within a run the results of requests whose answers were lost, and report them.

        Returns:
            Trade to the reason why it is not known what an earlier run did to it.

        Raises:
            ApiError: Nothing can be read now.
        """
        return settle_earlier_runs(self.session, lambda found: self.session.report(describe(found)))

    def settle(self) -> None:
        """Find out what became of requests of earlier runs before the user is asked anything, and report it.

        A run that was killed has reported to nobody what it did, so the user may be about to do it once more.
        """
        report = self.session.report
        for intent in self.session.journal.find_cut_short():
            if intent.state is IntentState.APPLIED:
                kind = name_kind(intent.write.kind)
                report(f"{intent.write.trade}: run {intent.run_id} did not end, and did this before: {kind}")
        if self.session.journal.find_unresolved():
            with self.hold_run(0):
                for trade, why in self.settle_unresolved().items():
                    report(f"{trade}: {describe(why)}")


def describe_change(asked: Operation, fresh: Operation) -> str:
    """Describe what is not as it was when the user was asked; empty if all that matters is.

    Args:
        asked: The operation as the question showed it.
        fresh: The same, made again for the trade as it is now.
    """
    before, now = asked.command, fresh.command
    if before is None or now is None:
        raise ValueError("only an operation by hand was asked for")
    if before.step_id != now.step_id:
        return "the step of that number is another one now; name it by --step-id"
    change = find_change(before.live, now.live)
    return "" if change is None else describe(change)


def describe_other_name(asked: Operation, fresh: Operation) -> str:
    """Describe whose a trade is by its note now, if that is another one than the user named; empty if it is not.

    Args:
        asked: The operation as the question showed it.
        fresh: The same, made again for the trade as it is now.
    """
    before, now = (f"{each.trade}#{each.generation}" for each in (asked, fresh))
    return "" if before == now else f"its note names {now} now, it named {before} before"
