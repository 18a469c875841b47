"""A person or the market acts between any two requests of any operation.

Whatever happens: nothing is opened twice, no protection goes that neither the plan nor the person took away, no edit is
overwritten outside the fields that the plan changes, and the outcome that is told is true. Between the last look and
the write that follows it the API offers no condition, so an edit that falls there may be overwritten by that write; it
is then counted, and only that gap is excused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from tests.scenarios.hazards.human import FIRST_ID, Human
from tests.support.world import World, trade

pytestmark = pytest.mark.slow

WRITES_OF_MONEY = ("PATCH", "DELETE")
THREE = ((63000, 30), (64000, 30), (66000, 40))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kind of operation.

    Attributes:
        before: What stands when the plan is made.
        after: What the plan leads to.
        is_filled: Whether the position is held.
        changes: Groups of the trade that the plan changes.
        ends: Whether the plan ends the trade.
    """

    before: TradeSpec
    after: TradeSpec
    is_filled: bool
    changes: frozenset[str]
    ends: bool = False


CASES = {
    "move the entry": Case(
        before=trade(), after=trade(price=60500), is_filled=False, changes=frozenset({"position", "marker"})
    ),
    "move all": Case(
        before=trade(),
        after=trade(price=60500, stop=58000, steps=((64000, 100),)),
        is_filled=False,
        changes=frozenset({"position", "stop_loss", "take_profit", "marker"}),
    ),
    "move the stop": Case(
        before=trade(), after=trade(stop=59000), is_filled=True, changes=frozenset({"stop_loss", "marker"})
    ),
    "move the steps": Case(
        before=trade(),
        after=trade(steps=((64000, 50), (67000, 50))),
        is_filled=True,
        changes=frozenset({"take_profit", "marker"}),
    ),
    "switch the steps off": Case(
        before=trade(), after=trade(steps=()), is_filled=True, changes=frozenset({"take_profit", "marker"})
    ),
    "replace": Case(
        before=trade(),
        after=trade(order_type="market", stop=50000, steps=((70000, 100),)),
        is_filled=False,
        changes=frozenset({"position", "stop_loss", "take_profit", "marker"}),
        ends=True,
    ),
    "cancel": Case(
        before=trade(), after=trade(state=DesiredState.CLOSED), is_filled=False, changes=frozenset(), ends=True
    ),
    "abandon": Case(
        before=trade(), after=trade(state=DesiredState.ABANDONED), is_filled=True, changes=frozenset(), ends=True
    ),
    "close": Case(
        before=trade(), after=trade(state=DesiredState.CLOSED), is_filled=True, changes=frozenset(), ends=True
    ),
    "cancel a step": Case(
        before=trade(steps=THREE),
        after=trade(steps=THREE[1:], unallocated=30),
        is_filled=True,
        changes=frozenset({"take_profit", "marker"}),
    ),
    "cancel two steps and move the stop": Case(
        before=trade(steps=THREE),
        after=trade(steps=THREE[2:], unallocated=60, stop=59000),
        is_filled=True,
        changes=frozenset({"take_profit", "stop_loss", "marker"}),
    ),
    "set the note": Case(
        before=trade(note="old"), after=trade(note="new"), is_filled=True, changes=frozenset({"text", "marker"})
    ),
    "release": Case(
        before=trade(),
        after=trade(state=DesiredState.RELEASED),
        is_filled=True,
        changes=frozenset({"text", "marker"}),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """What happens between two requests.

    Attributes:
        work: Does it.
        group: What it edits, or "" for an end of the trade and the market.
        value: What the entity shows afterwards of that.
    """

    work: Callable[[Human, World], object]
    group: str = ""
    value: Callable[[dict[str, Any]], object] = lambda entity: None


def _trigger(entity: dict[str, Any]) -> object:
    stop = entity["stop_loss"]
    return Decimal(stop["conditional"]["price"]["value"]) if stop["enabled"] else None


def _levels(entity: dict[str, Any]) -> object:
    return [Decimal(step["price"]["value"]) for step in entity["take_profit"].get("steps", [])]


def _price(entity: dict[str, Any]) -> object:
    return Decimal(entity["position"]["price"]["value"])


def _text(entity: dict[str, Any]) -> object:
    return str(entity["note_raw"]).partition("]")[2].strip()


def _note(entity: dict[str, Any]) -> object:
    return entity["note_raw"]


ACTS = {
    "the stop is moved": Act(work=lambda human, _: human.tries("move_stop", 57000), group="stop_loss", value=_trigger),
    "the stop is dropped": Act(work=lambda human, _: human.tries("drop_stop"), group="stop_loss", value=_trigger),
    "the steps are moved": Act(
        work=lambda human, _: human.tries("move_steps", (62500, 50), (65000, 50)), group="take_profit", value=_levels
    ),
    "the entry is moved": Act(work=lambda human, _: human.tries("move_entry", 59990), group="position", value=_price),
    "it is cancelled": Act(work=lambda human, _: human.tries("cancel")),
    "it is closed": Act(work=lambda human, _: human.tries("close")),
    "a step is cancelled": Act(
        work=lambda human, _: human.tries("cancel_step", -1), group="take_profit", value=_levels
    ),
    "the text of the note is edited": Act(
        work=lambda human, _: human.tries("add_text", "hands off"), group="text", value=_text
    ),
    "the note is overwritten": Act(
        work=lambda human, _: human.tries("write_note", "mine now"), group="note", value=_note
    ),
    "the entry fills": Act(work=lambda _, world: world.price("USDT_BTC", 59900)),
    "a step executes": Act(work=lambda _, world: world.price("USDT_BTC", 63500)),
    "it is stopped out": Act(work=lambda _, world: world.price("USDT_BTC", 57500)),
}


# What a trade can meet while it waits, and while its position is held.
_WAITING = ACTS.keys() - {"it is closed", "a step is cancelled", "a step executes"}
_HELD = ACTS.keys() - {"the entry is moved", "the entry fills"}
PAIRS = [(case, act) for case in CASES for act in ACTS if act in (_HELD if CASES[case].is_filled else _WAITING)]


@pytest.mark.parametrize(("case", "act"), PAIRS)
def test_whatever_happens_between_two_requests_is_survived(case: str, act: str, tmp_path: Path) -> None:
    gap = 1  # the very first request looks at accounts, not at trades
    while _run(CASES[case], ACTS[act], gap, tmp_path / f"{gap}.sqlite"):
        gap += 1
    assert gap > 2


def _run(case: Case, act: Act, gap: int, journal: Path) -> bool:
    """One apply with something happening before its n-th request; false where it has no such request."""
    with ExitStack() as stack:
        # Only a journal can tell whose a trade is that lost its marker and has another entry than its file.
        is_kept = act is ACTS["the note is overwritten"]
        database = stack.enter_context(Database(sqlite_url(journal))) if is_kept else None
        world = stack.enter_context(World(database=database))
        human = Human(world)
        world.converge(case.before)
        if case.is_filled:
            world.price("USDT_BTC", 59900)
        plan = world.plan(case.after)
        assert plan.operations
        first = len(world.wire.seen)
        edited: list[object] = []
        ended_by_hand: list[bool] = []
        cut_into: list[str] = []

        def strike(number: int, method: str, path: str) -> None:
            if number == first + gap:
                was = act.value(human.look())
                act.work(human, world)
                now = act.value(human.look())
                edited.append(now if now != was else None)
                ended_by_hand.append(_status(human.look()) == "cancelled")
                cut_into.append(f"{method} {path}")

        world.wire.before = strike
        result = world.apply(plan)
        if not cut_into:
            return False
        world.wire.before = lambda number, method, path: None
        told = [(outcome.kind, describe_outcome(outcome)) for outcome in result.outcomes]
        about = f"gap {gap} before {cut_into[0]}: {told}"
        _check_opened(world, about)
        _check_protection(human, case, act, told, about, is_cancelled_by_hand=ended_by_hand[0])
        _check_edit(human, case, act, edited[0], cut_into[0], about)
        _check_truth(human, world, case, told, world.wire.seen[first:], about)
        world.converge(case.after)
        _check_opened(world, f"afterwards, {about}")
        return True


def _check_opened(world: World, about: str) -> None:
    ended = {"cancelled", "finished", "stop_loss_finished", "panic_sold", "failed"}
    active = [entity for entity in world.trades() if _status(entity) not in ended]
    assert len(active) <= 1, about


def _check_protection(
    human: Human,
    case: Case,
    act: Act,
    told: Sequence[tuple[OutcomeKind, str]],
    about: str,
    *,
    is_cancelled_by_hand: bool,
) -> None:
    """A position that is held has its stop, unless the plan or the person gave it up, or the outcome says so."""
    live = human.look()
    if _status(live) == "waiting_targets" and act is not ACTS["the stop is dropped"]:
        assert live["stop_loss"]["enabled"], about
        assert live["stop_loss"]["status"]["type"] in ("to_process", "order_placed"), about
    is_given_up = case is CASES["abandon"] or is_cancelled_by_hand or act is ACTS["it is cancelled"]
    held = Decimal(live["data"]["entered_amount"]) - Decimal(live["data"]["closed_amount"])
    if _status(live) == "cancelled" and held > 0 and not is_given_up:
        assert any(kind in (OutcomeKind.FILLED_WHILE_CANCELLING, OutcomeKind.FAILED) for kind, _ in told), about


def _check_edit(human: Human, case: Case, act: Act, edit: object, cut_into: str, about: str) -> None:
    """What a person wrote stands, but where the plan changes just that, or it fell between a look and its write."""
    live = human.look()
    if edit is None or not act.group or _status(live) not in ("waiting_position", "waiting_targets"):
        return
    method, _, path = cut_into.partition(" ")
    is_blind = (method == "PATCH" and act.group not in ("text", "note")) or path.endswith("set_note")
    if act.group in case.changes or is_blind:
        return
    assert act.value(live) == edit, about


def _check_truth(
    human: Human,
    world: World,
    case: Case,
    told: Sequence[tuple[OutcomeKind, str]],
    sent: Sequence[tuple[str, str]],
    about: str,
) -> None:
    kinds = {kind for kind, _ in told}
    if kinds <= {OutcomeKind.STALE, OutcomeKind.NOT_STARTED}:
        assert not [method for method, path in sent if method in WRITES_OF_MONEY or path.endswith("by_market")], about
    if kinds <= {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}:
        if case.ends:
            assert _status(human.look()) in ("cancelled", "panic_sold"), about
        is_told = any("meanwhile" in text or "at the same time" in text for _, text in told)
        if case.after.state is DesiredState.OPEN and not is_told:
            newest = world.trades()[0]
            shown: dict[str, Any] = human.look(int(str(newest["id"])))
            assert _status(shown) in ("waiting_position", "waiting_targets"), about
            if "stop_loss" in case.changes and case.after.terms.stop_loss is not None:
                assert _trigger(shown) == case.after.terms.stop_loss.trigger.value, about
            if "take_profit" in case.changes:
                assert _levels(shown) == [step.level.value for step in case.after.terms.steps], about


def _status(entity: dict[str, Any]) -> str:
    return str(entity["status"]["type"])


def test_the_first_trade_has_the_first_id() -> None:
    with World() as world:
        world.converge(trade())
        assert world.trades()[0]["id"] == FIRST_ID
