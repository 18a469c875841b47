"""Safeties taken away, each by another value in the place where the product takes it from; its own code stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

import requests

from reconciler.codec.live_trades import read_trade
from reconciler.errors import AnswerLost, GuardrailError
from reconciler.journal.no_journal import NO_JOURNAL, NoJournal
from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import LARGEST_PAGE, Entity, SmartTradeApi
from reconciler.live.http import ApiSession
from reconciler.live.update_body import update_body
from reconciler.model.freeze import Freeze
from reconciler.model.journal import AppliedTrade, CreatedTrade
from reconciler.model.live import LiveTrade
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.entities.smart_trade import describe_trade
from reconciler.workflows.refusals import Holds
from tests.scenarios.simulation.clones import Layout
from tests.scenarios.simulation.fault_rates import FaultRates, Journals
from tests.scenarios.simulation.faulty_wire import Alter, World
from tests.scenarios.simulation.process_knowledge import Knowledge
from tests.scenarios.simulation.removed_safety import RemovedSafety
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.sandbox_state import read_identity


def _forget_history(_: World) -> Alter:
    """While a plan is carried out the history is empty: whatever was opened since it was made is not found."""

    def alter(process: Knowledge, call: Call, response: requests.Response) -> requests.Response:
        is_history = call.kind is Kind.LIST and "status=all" in call.path
        if process.run is not None and is_history and response.status_code == 200:
            response._content = b"[]"
        return response

    return alter


def _remember(*groups: str) -> Callable[[World], Alter]:
    """Until it writes to a trade a run sees of it what its plan has seen.

    Args:
        groups: Which parts of the trade; none for all of it.
    """

    def make(_: World) -> Alter:
        planned: dict[int, dict[str, Any]] = {}
        written: set[int] = set()

        def alter(process: Knowledge, call: Call, response: requests.Response) -> requests.Response:
            if process.run is None and call.kind is Kind.LIST and "status=active" in call.path:
                planned.update((entity["id"], entity) for entity in _read(response))
            if call.is_write and call.live_id:
                written.add(call.live_id)
            if process.run is not None and call.kind is Kind.READ and call.live_id not in written:
                old = planned.get(call.live_id or 0)
                for entity in _read(response) if old else []:
                    kept = old if not groups else entity | {group: (old or {})[group] for group in groups}
                    response._content = json.dumps(kept).encode()
            return response

        return alter

    return make


def _read(response: requests.Response) -> list[dict[str, Any]]:
    """The entities of an answer, none where it is an error."""
    if not response.ok:
        return []
    try:
        shown = json.loads(response.content)
    except ValueError:
        return []
    return shown if isinstance(shown, list) else [shown]


Entities = list[dict[str, Any]]
Change = Callable[[World, Knowledge, Entities], Entities]

# What of a trade can say that it is another one than its marker says.
_LIKENESS = ("account", "pair", "instant", "skip_enter_step", "position")
# What is answered with trades; a cancel may be answered with nothing.
_SHOWING = (Kind.LIST, Kind.READ, Kind.CREATE, Kind.UPDATE, Kind.SET_NOTE, Kind.CANCEL, Kind.CANCEL_STEP, Kind.CLOSE)
# Edits after which a trade would be changed or closed.
_DISTURBING = ("stop", "steps", "closed", "abandoned", "generation", "add")


class _BlindJournal(NoJournal):
    """A shared journal that keeps the lock and writes nothing down before it is sent."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.begin_run = journal.begin_run  # type: ignore[method-assign] # the lock stays
        self.end_run = journal.end_run  # type: ignore[method-assign]
        self.check_lock = journal.check_lock  # type: ignore[method-assign]
        self.find_unresolved = journal.find_unresolved  # type: ignore[method-assign]

    @property
    def knows_last_run(self) -> bool:  # type: ignore[override]
        """As the journal says, which knows nothing."""
        return self._journal.knows_last_run


class _UnannouncedApi(SmartTradeApi):
    """Notes that say that a change is under way are not sent; the answer is as if they were."""

    def set_note(self, smart_trade_id: int, note: str) -> Entity:
        """Answer without sending."""
        if ">" not in note:
            return super().set_note(smart_trade_id, note)
        return self.get(smart_trade_id) | {"note": note, "note_raw": note}


class _TerseApi(SmartTradeApi):
    """Updates name only the groups that change."""

    def update(self, smart_trade_id: int, body: Mapping[str, object]) -> Entity:
        """Leave out what is as it was."""
        entity = self.get(smart_trade_id)
        echo = update_body(entity, read_trade(entity).terms, ())
        changed = {group: value for group, value in body.items() if group == "position" or value != echo.get(group)}
        return super().update(smart_trade_id, changed)


class _HastyJournal:
    """A journal that says at each write which freezes there were when the run began.

    Args:
        journal: Where all else is.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._freezes: tuple[Freeze, ...] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def find_freezes(self) -> tuple[Freeze, ...]:
        """Read once."""
        if self._freezes is None:
            self._freezes = self._journal.find_freezes()
        return self._freezes


class _ForgetfulJournal:
    """A journal that writes everything down and says of no trade that it was opened or has ended.

    Args:
        journal: Where it is written.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def find_created(self, names: Collection[str] | None = None) -> dict[str, CreatedTrade]:
        """None."""
        return {}

    def find_ended(self, names: Collection[str]) -> dict[str, LiveTrade]:
        """None."""
        return {}

    def find_applied(self, names: Collection[str]) -> dict[str, AppliedTrade]:
        """None."""
        return {}


def _change(change: Change) -> Callable[[World], Alter]:
    """Trades are shown as changed, in lists, one by one and in the answers to writes."""

    def make(world: World) -> Alter:
        def alter(process: Knowledge, call: Call, response: requests.Response) -> requests.Response:
            entities = _read(response) if call.kind in _SHOWING else []
            if entities and all("id" in each for each in entities):
                changed = change(world, process, entities)
                response._content = json.dumps(changed if call.kind is Kind.LIST else changed[0]).encode()
            return response

        return alter

    return make


def _hide_unmarked(_: World, process: Knowledge, entities: Entities) -> Entities:
    """While a plan is carried out, trades without a marker are in no list."""
    if process.run is None or len(entities) == 1:
        return entities
    return [each for each in entities if "[reconciler" in (each["note"] or "")]


def _tell_apart(_: World, __: Knowledge, entities: Entities) -> Entities:
    """No two trades have the same instant."""
    for each in entities:
        each["data"]["created_at"] = f"{each['data']['created_at'].removesuffix('Z')}{each['id'] % 1000:03d}Z"
    return entities


def _move_accounts(_: World, process: Knowledge, entities: Entities) -> Entities:
    """All trades of the key are on the account that the target names."""
    for each in entities:
        each["account"]["id"] = min(process.account_ids)
    return entities


def _disguise(world: World, _: Knowledge, entities: Entities) -> Entities:
    """A trade into which a marker was pasted looks like the one that the marker names."""
    edges, trades = world.laws.edges, world.account.trades
    for each in entities:
        pasted = trades.get(each["id"])
        claimed = read_identity(pasted) if pasted is not None and pasted.id in edges.pasted else None
        true = next((trades[live_id] for live_id, identity in edges.origins.items() if identity == claimed), None)
        if claimed is not None and true is not None:
            each |= {part: _describe(world, true)[part] for part in _LIKENESS}
    return entities


def _describe(world: World, trade: SmartTrade) -> dict[str, Any]:
    with world.shared.sandbox.transaction(write=False) as store:
        account = store.account(trade.account_id)
        shown = json.dumps(describe_trade(trade, account, store.quotes, store.options), default=str)
    found: dict[str, Any] = json.loads(shown)
    return found


class _HastyApi(SmartTradeApi):
    """Takes a page that is shorter than asked for as the last one."""

    def __init__(self, session: ApiSession) -> None:
        super().__init__(session)
        self._is_over = False

    def list_smart_trades(
        self,
        *,
        status: str,
        page: int,
        per_page: int = LARGEST_PAGE,
        order_by: str = "created_at",
        order_direction: str = "asc",
    ) -> list[object]:
        """Read no page behind a short one."""
        if page > 1 and self._is_over:
            return []
        found = super().list_smart_trades(
            status=status, page=page, per_page=per_page, order_by=order_by, order_direction=order_direction
        )
        self._is_over = len(found) < per_page
        return found


class _StubbornApi(SmartTradeApi):
    """Sends a create again whose answer was lost."""

    def create(self, body: Mapping[str, object]) -> Entity:
        """Send it twice, if need be."""
        try:
            return super().create(body)
        except AnswerLost:
            return super().create(body)


def _refuse_whole(holds: Holds) -> Holds:
    """A plan of which a part is held back is refused as a whole."""
    if holds.held:
        raise GuardrailError("a part of the plan is held back")
    return holds


REMOVED_SAFETIES: Mapping[str, RemovedSafety] = {
    "the second proof of absence before a create": RemovedSafety(make_alter=_forget_history),
    "the intent before a request leaves": RemovedSafety(
        wrap_journal=_BlindJournal, journal=Journals.SHARED, rates=FaultRates(crash=0.06, lag=1.0)
    ),
    "the reading right before a write": RemovedSafety(make_alter=_remember()),
    "the note that a change is under way": RemovedSafety(wrap_api=lambda api: _UnannouncedApi(api.session)),
    "the time to settle, while lists lag": RemovedSafety(settle_s=0, rates=FaultRates(crash=0.06, lag=1.0)),
    "the echo in updates": RemovedSafety(
        wrap_api=lambda api: _TerseApi(api.session), switches=(("missing_groups", "disabled"),)
    ),
    "the look whether another step remains": RemovedSafety(
        make_alter=_remember("take_profit"),
        rates=FaultRates(market=0.15, people=0.1),
        edits=("drop step", "drop step", "drop step", "generation"),
    ),
    "the lock": RemovedSafety(
        wrap_journal=lambda journal: NO_JOURNAL, journal=Journals.FILE, rates=FaultRates(second=0.1)
    ),
    "the reading by id of what the journal knows": RemovedSafety(
        wrap_journal=_ForgetfulJournal,
        journal=Journals.SHARED,
        layout=Layout(is_kept=True),
        rates=FaultRates(long_lag=1.0, outage=0.2, forgets=True),
    ),
    "the obstacles, before a saved plan is carried out": RemovedSafety(
        make_alter=_change(_hide_unmarked), rates=FaultRates(people=0.1)
    ),
    "the empty page as the only end of a list": RemovedSafety(
        wrap_api=lambda api: _HastyApi(api.session), rates=FaultRates(cap=2, people=0.1)
    ),
    "the doubt about equal instants": RemovedSafety(
        make_alter=_change(_tell_apart), rates=FaultRates(cap=1, ties=True)
    ),
    "the single sending of what commits money": RemovedSafety(
        wrap_api=lambda api: _StubbornApi(api.session), rates=FaultRates(wrong=0.1)
    ),
    "the boundary of a target": RemovedSafety(
        make_alter=_change(_move_accounts), layout=Layout(targets=("paper", "spare"))
    ),
    "the fit of a match": RemovedSafety(make_alter=_change(_disguise), rates=FaultRates(people=0.2), edits=_DISTURBING),
    "the longest time that a gateway holds a request back": RemovedSafety(
        gateway_delay_s=0,
        journal=Journals.SHARED,
        layout=Layout(is_kept=True),
        rates=FaultRates(held=0.3),
    ),
    "the limits on what a plan opens": RemovedSafety(
        limits={"creates": 0, "notional_per_trade": {"USDT": 100}},
        wrap_limits=lambda limits: {"creates": 99},
        rates=FaultRates(market=0.05),
    ),
    "the holding back of what a passed limit does not let through": RemovedSafety(
        wrap_breaches=lambda breaches: (),
        limits={"creates": 0},
        rates=FaultRates(market=0.05, people=0.05),
    ),
    "the sending of what lowers risk, whatever else waits": RemovedSafety(
        wrap_holds=_refuse_whole,
        limits={"creates": 0},
        rates=FaultRates(market=0.05, people=0.05),
    ),
    "the lock that is the account's, whatever clone or target": RemovedSafety(
        locks_account=False,
        journal=Journals.FILE,
        layout=Layout(targets=("paper", "renamed"), clones=2),
        rates=FaultRates(second=0.1),
    ),
    "the reading of freezes before each write": RemovedSafety(
        wrap_journal=lambda journal: cast("Journal", _HastyJournal(journal)),
        journal=Journals.SHARED,
        layout=Layout(is_kept=True),
        rates=FaultRates(),
        freezes=1.0,
    ),
}
