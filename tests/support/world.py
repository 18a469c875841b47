"""A sandbox with a client before it: the world in which plans are made and applied by tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from flask import Flask

from reconciler.applying.run import Result
from reconciler.clock import ManualClock
from reconciler.codec.body import read_terms
from reconciler.journal.database import Database
from reconciler.journal.lock_holder import Holder
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.journal.run_lock import RunLock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials
from reconciler.live.wsgi import WsgiAdapter
from reconciler.model.journal import RunStart
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.model.targets import Mode, TargetKind
from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.wire.app import create_app
from reconciler.session import Session
from reconciler.settings import EMBEDDED_URL, Settings, Target
from reconciler.workflows.applying import Applied, ApplyOptions, carry_out, hold_run
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.planning import make_plan
from tests.support.sandbox_watch import WATCH

START_AT = datetime(2026, 1, 1, tzinfo=UTC)
MAIN_ONLY: Mapping[str, int] = {"main": 1}


class Killed(BaseException):
    """Simulates SIGKILL: no handler of the program catches it."""


class Wire(WsgiAdapter):
    """The way to the sandbox, on which requests are seen and the process can be killed.

    Args:
        application: What answers: a sandbox behind its API.
    """

    def __init__(self, application: Flask) -> None:
        self.application = application
        super().__init__(application)
        self.seen: list[tuple[str, str]] = []
        self.statuses: Counter[int] = Counter()
        self.before: Callable[[int, str, str], None] = lambda number, method, path: None
        self.after: Callable[[int, str, str], None] = lambda number, method, path: None
        self.alter: Callable[[str, str, Any], Any] | None = None

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """Let one request through."""
        method, path = request.method or "", request.path_url.removeprefix("/public/api")
        number = len(self.seen)
        self.before(number, method, path)
        self.seen.append((method, path))
        response = super().send(request)
        self.statuses[response.status_code] += 1
        self.after(number, method, path)
        if self.alter is not None:
            response._content = json.dumps(self.alter(method, path, response.json())).encode()
        return response

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that were sent, without reads."""
        return [(method, path) for method, path in self.seen if method != "GET"]


class TiedClock(ManualClock):
    """A client's clock that takes that of a sandbox along.

    Args:
        sandbox: Whose clock moves while the client waits.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(START_AT)
        self._sandbox = sandbox

    def sleep(self, seconds: float) -> None:
        """Let time pass on both sides."""
        super().sleep(seconds)
        if seconds >= 0.001:  # the sandbox counts milliseconds
            self._sandbox.advance(Decimal(str(seconds)))


class World:
    """One workspace on one sandbox.

    Args:
        path: File of the sandbox, or None for memory.
        limits: Guardrails.
        database: Where the journal is kept; without one there is no journal.
        is_tied: Whether the sandbox's clock moves while the client waits.
        rate_limits: How many requests the sandbox takes; None for no end.
        accounts: Alias to account id of the target.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        limits: Mapping[str, object] | None = None,
        database: Database | None = None,
        is_tied: bool = False,
        rate_limits: RateLimits | None = None,
        accounts: Mapping[str, int] = MAIN_ONLY,
    ) -> None:
        self.database = database
        self.process = 0
        self.lock_wait_s = 0.0
        self.told: list[str] = []
        self.sandbox = Sandbox(path)
        # One for all clients: to build it takes longer than to answer some requests.
        self.application = create_app(self.sandbox, limits=rate_limits)
        self.clock = TiedClock(self.sandbox) if is_tied else ManualClock(START_AT)
        self.settings = Settings(
            root=Path("nowhere"),
            workspace="test",
            former_names=(),
            target=Target(
                name="sandbox",
                kind=TargetKind.SANDBOX,
                mode=Mode.PAPER,
                base_url=EMBEDDED_URL,
                accounts=accounts,
                requests_per_minute=1_000_000,
                settle_s=0,
                gateway_delay_s=0,
            ),
            include=(),
            foreign=frozenset(),
            limits=limits or {},
        )
        self.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.close()

    def connect(self, url: str | None = None) -> None:
        """A new client, as a new process would have one.

        Args:
            url: Where the sandbox is served; None for the embedded one.
        """
        self.connect_by(Wire(self.application), url)

    def connect_by(self, wire: Wire, url: str | None = None) -> None:
        """A new client whose requests go by a wire, or with a URL past it."""
        self.wire = wire
        self.process += 1
        self.journal: Journal = NO_JOURNAL if self.database is None else self.open_journal(self.database)
        session = ApiSession(
            EMBEDDED_URL if url is None else f"{url}/public/api",
            Credentials(api_key=DEFAULT_API_KEY, api_secret=DEFAULT_API_SECRET),
            mode=Mode.PAPER,
            budget=RequestBudget(1_000_000, self.clock),
            clock=self.clock,
            options=SessionOptions(adapter=self.wire if url is None else None),
        )
        self.api = SmartTradeApi(session)

    def open_journal(self, database: Database) -> SqlJournal:
        """The journal as the present process has it; all processes before it are dead."""
        holder = Holder(user="tester", host="here", machine="boot", pid=self.process, started="")
        lock = RunLock(self.clock, holder, lambda other: other.pid == self.process, None)
        return SqlJournal(database, "test", self.clock, lock=lock)

    @property
    def session(self) -> Session:
        """The session that the workflows get."""
        return Session(
            settings=self.settings, api=self.api, clock=self.clock, journal=self.journal, report=self.told.append
        )

    def plan(self, *specs: TradeSpec) -> Plan:
        """The plan for a workspace that has just these trades."""
        return make_plan(self.session, select_all(PlanFiles(specs=specs)))

    def apply(self, plan: Plan, *, is_saved: bool = False) -> Applied:
        """Carry out a plan, with the checks of the command.

        Args:
            plan: What to do.
            is_saved: Whether its preconditions are checked before anything is sent.
        """
        start = RunStart(git_commit=None, plan_digest="", operations=len(plan.operations))
        with hold_run(self.session, start, self.lock_wait_s):
            options = ApplyOptions(needs_check=is_saved, is_partial=True, observer=Silent())
            return carry_out(self.session, plan, options)

    def converge(self, *specs: TradeSpec) -> Applied:
        """Plan and apply."""
        return self.apply(self.plan(*specs))

    def price(self, pair: str, last: int | str) -> None:
        """One tick."""
        self.sandbox.set_price(pair, Decimal(last))

    def trades(self) -> list[dict[str, object]]:
        """All live trades, newest first."""
        page = self.api.list_smart_trades(status="all", page=1, order_direction="desc")
        return [entity for entity in page if isinstance(entity, dict)]


def open_position(world: World, *, last: int | str = 59900) -> None:
    """The usual trade, entered."""
    world.converge(trade())
    world.price("USDT_BTC", last)


class Silent:
    """An observer that only records for which operation requests are sent."""

    def starting(self, operation: Operation) -> None:
        """Requests from now on are those of the operation."""
        WATCH.begin_operation(operation.action.value.replace("_", " "))

    def ended(self, outcome: Outcome) -> None:
        """Requests from now on are nobody's."""
        WATCH.begin_operation("")


def kinds(result: Applied | Result) -> list[OutcomeKind]:
    """The kinds of the outcomes."""
    return [outcome.kind for outcome in result.outcomes]


def trade(
    name: str = "btc-dip",
    *,
    price: int | str = 60000,
    stop: int | str | None = 58500,
    steps: Sequence[tuple[int, int]] = ((63000, 50), (66000, 50)),
    unallocated: int = 0,
    units: str = "0.01",
    pair: str = "USDT_BTC",
    order_type: str = "limit",
    note: str = "",
    generation: int = 1,
    state: DesiredState = DesiredState.OPEN,
    is_own_funds: bool = False,
) -> TradeSpec:
    """A limit buy with steps and a stop, or what is asked instead.

    Args:
        name: Name of the trade.
        price: Limit price, or the own average price.
        stop: Trigger of a market stop, or None.
        steps: Price and volume of limit steps.
        unallocated: Share without a step.
        units: Size.
        pair: Pair.
        order_type: Of the entry.
        note: The user's text.
        generation: Generation.
        state: What shall become of it.
        is_own_funds: Whether the position is held already.
    """
    stop_loss: dict[str, object] = {"enabled": False}
    if stop is not None:
        stop_loss = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": stop}}}
    written = [
        {"order_type": "limit", "price": {"type": "last", "value": level}, "volume": volume} for level, volume in steps
    ]
    body: dict[str, object] = {
        "account_id": 1,
        "pair": pair,
        "skip_enter_step": is_own_funds,
        "position": {"type": "buy", "order_type": order_type, "units": {"value": units}, "price": {"value": price}},
        "take_profit": {"enabled": bool(written), "steps": written},
        "stop_loss": stop_loss,
    }
    return TradeSpec(
        name=name,
        generation=generation,
        state=state,
        terms=read_terms(body),
        unallocated_pct=Decimal(unallocated),
        note=note,
        origin=Origin(file="plan.yaml", line=1, column=1),
    )
