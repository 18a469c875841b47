"""What all commands on live trades begin with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler.applying.lost_answers import settle_earlier_runs
from reconciler.cli.approval import require_approver
from reconciler.cli.console import print_message
from reconciler.cli.session import find_settings, watch_requests
from reconciler.clock import Clock, SystemClock
from reconciler.errors import CommandRefused
from reconciler.git.commit import find_commit
from reconciler.live.accounts import read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.journal import COMMAND_DIGEST, IntentState, RunStart
from reconciler.model.live import Account, LiveTrade, Rates
from reconciler.session import Session as BaseSession
from reconciler.settings import Settings
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.applying import hold_run
from reconciler.workflows.connection import open_api
from reconciler.workflows.journal import OpenJournal, open_journal
from reconciler.workflows.live_reader import Reader

# What the journal shows in the place of a plan.


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a command works with.

    Attributes:
        settings: The workspace.
        api: Where requests go.
        clock: Where waiting happens.
        opened: The journal.
        is_approved: Whether the user is not asked.
        lock_timeout_s: How long to wait for another run to end, in seconds.
        accounts: Those of the key, once they were read.
    """

    settings: Settings
    api: SmartTradeApi
    clock: Clock
    opened: OpenJournal
    is_approved: bool = False
    lock_timeout_s: float = 0.0
    accounts: dict[int, Account] = field(default_factory=dict)

    def check_accounts(self, used: Collection[int]) -> None:
        """Make sure that key and mode are right for some accounts.

        Raises:
            AccessRefused: They are not.
        """
        self.accounts.update(check_accounts(self.base, used))

    @property
    def base(self) -> BaseSession:
        """The same for the workflows that all commands share."""
        return BaseSession(
            settings=self.settings,
            api=self.api,
            clock=self.clock,
            journal=self.opened.journal,
            report=print_message,
            is_lock_shared=self.opened.is_shared,
        )

    @property
    def reader(self) -> Reader:
        """Reads the live trades."""
        return Reader(session=self.base)

    def require_inside(self, live: LiveTrade) -> None:
        """Refuse a trade on an account that the target does not name.

        Raises:
            CommandRefused: It is on such an account.
        """
        target = self.settings.target
        if live.terms.account_id not in target.account_ids:
            raise CommandRefused(
                f"#{live.id} is on account {live.terms.account_id}, which target {target.name} does not name: use the"
                f" target that names it, or add it to `accounts` of {target.name}; nothing was sent"
            )

    def read_rates(self, account_id: int, pair: str) -> Rates:
        """Prices and limits of an account's pair, as they are now.

        Raises:
            ApiError: They cannot be read.
        """
        if account_id not in self.accounts:
            self.check_accounts({account_id})
        return read_rates(self.api.currency_rates(self.accounts[account_id].market_code, pair))

    @contextmanager
    def hold_run(self, commands: int) -> Iterator[None]:
        """A run with the lock.

        Args:
            commands: How many commands it has.

        Raises:
            Locked: Another run holds the lock.
        """
        start = RunStart(git_commit=find_commit(self.settings.root), plan_digest=COMMAND_DIGEST, operations=commands)
        with hold_run(self.base, start, self.lock_timeout_s):
            yield

    def settle_unresolved(self) -> dict[str, str]:
        """Within a run: find out what became of requests whose answers were lost, and tell it.

        Returns:
            Trade to the reason why it is not known what an earlier run did to it.

        Raises:
            ApiError: Nothing can be read now.
        """
        target = self.settings.target
        return settle_earlier_runs(
            self.opened.journal,
            self.api,
            self.clock,
            target.settle_s,
            print_message,
            delay_s=target.gateway_delay_s,
        )

    def settle(self) -> None:
        """Find out what became of requests of earlier runs before the user is asked anything, and tell it.

        A run that was killed has told nobody what it did, so that the user may be about to do it once more.
        """
        for intent in self.opened.journal.find_cut_short():
            if intent.state is IntentState.APPLIED:
                kind = intent.write.kind.value.replace("_", " ")
                print_message(f"{intent.write.trade}: run {intent.run_id} did not end, and did this before: {kind}")
        if self.opened.journal.find_unresolved():
            with self.hold_run(0):
                for trade, reason in self.settle_unresolved().items():
                    print_message(f"{trade}: {reason}")


@contextmanager
def open_reading() -> Iterator[Session]:
    """For commands that send no write."""
    settings, clock = find_settings(), SystemClock()
    with (
        open_journal(settings, clock, print_message, writes=False) as opened,
        open_api(settings, clock, print_message, watch_requests(opened.journal), opened.make_pace) as api,
    ):
        yield Session(settings=settings, api=api, clock=clock, opened=opened)


@contextmanager
def open_writing(*, auto_approve: bool, lock_timeout: float, is_emergency: bool = False) -> Iterator[Session]:
    """For commands that send writes.

    Args:
        auto_approve: Whether nobody is asked.
        lock_timeout: How long to wait for another run to end, in seconds.
        is_emergency: Whether the command goes on without a journal that fails.

    Raises:
        UsageError: Nobody is there to be asked.
    """
    require_approver("this", "add --auto-approve", is_approved=auto_approve)
    settings, clock = find_settings(), SystemClock()
    with (
        open_journal(settings, clock, print_message, writes=True, is_emergency=is_emergency) as opened,
        open_api(settings, clock, print_message, watch_requests(opened.journal), opened.make_pace) as api,
    ):
        yield Session(
            settings=settings,
            api=api,
            clock=clock,
            opened=opened,
            is_approved=auto_approve,
            lock_timeout_s=lock_timeout,
        )
