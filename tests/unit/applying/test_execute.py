"""What the API does to an operation half way: races, trades that do not settle, answers that show something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciler.applying.polling import PATIENCE_S
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.support.world import START_AT, World, kinds, trade

Alter = Callable[[str, str, Any], Any]
FIRST = "/v2/smart_trades/30000001"


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def fill(world: World) -> None:
    """The market comes down to the entry of `trade()`."""
    world.price("USDT_BTC", 59900)


def text_of(world: World, plan: Plan) -> tuple[OutcomeKind, str]:
    """How the first operation ended."""
    outcome = world.apply(plan).outcomes[0]
    return outcome.kind, describe_outcome(outcome)


def whenever(condition: Callable[[str, str], bool], change: Callable[[dict[str, Any]], object]) -> Alter:
    """Change the entity in the answers of some requests."""

    def alter(method: str, path: str, answer: Any) -> Any:
        if condition(method, path):
            for entity in answer if isinstance(answer, list) else [answer]:
                change(entity)
        return answer

    return alter


def is_read_or_list(method: str, path: str) -> bool:
    """Whether a request reads trades, one or many."""
    return method == "GET" and path.startswith("/v2/smart_trades")


def test_a_trailing_stop_is_taken_though_its_distance_is_not_answered(world: World) -> None:
    world.converge(trade())
    fill(world)
    spec = trade(steps=((66000, 50),), unallocated=50)
    stop = spec.terms.stop_loss
    assert stop is not None
    trailing = replace(spec, terms=replace(spec.terms, stop_loss=replace(stop, trailing_pct=Decimal(2))))

    assert set(kinds(world.converge(trailing))) == {OutcomeKind.APPLIED}
    assert world.trades()[0]["stop_loss"]["conditional"]["trailing"] == {"enabled": True, "percent": None}  # type: ignore[index] # raw JSON
    assert world.plan(trailing).is_empty


def before_delete(world: World, work: Callable[[], None]) -> None:
    """Something happens between the last read and the cancel."""

    def act(number: int, method: str, path: str) -> None:
        if method == "DELETE":
            world.wire.before = lambda number, method, path: None
            work()

    world.wire.before = act


def test_an_entry_that_fills_between_read_and_cancel_is_told_with_what_takes_charge_of_the_coins(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(state=DesiredState.CLOSED))
    before_delete(world, lambda: fill(world))
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert "0.01" in text
    assert "held without a stop" in text


def test_an_entry_that_fills_while_it_is_replaced_is_not_opened_a_second_time(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(order_type="market", stop=50000, steps=((70000, 100),)))
    assert [operation.action for operation in plan.operations] == [Action.REPLACE]
    before_delete(world, lambda: fill(world))
    kind, _ = text_of(world, plan)
    assert kind is OutcomeKind.FILLED_WHILE_CANCELLING
    assert [path for method, path in world.wire.writes if method == "POST"].count("/v2/smart_trades") == 1


def test_the_last_step_is_not_cancelled_when_the_other_would_execute_now(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(steps=((66000, 50),), unallocated=50))
    prices = {"bid": "66500", "ask": "66501", "last": "66500"}
    world.wire.alter = whenever(
        lambda method, path: method == "GET" and path == FIRST,
        lambda entity: entity["data"].update(current_price=prices),
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.STALE
    assert "the last one would cancel the whole trade" in text
    assert "DELETE" not in [method for method, _ in world.wire.writes]


def test_a_step_that_3commas_does_not_offer_to_cancel_is_left_alone(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(steps=((66000, 50),), unallocated=50))
    world.wire.alter = whenever(
        lambda method, path: method == "GET" and path == FIRST,
        lambda entity: [step["data"].update(cancelable=False) for step in entity["take_profit"]["steps"]],
    )
    assert text_of(world, plan) == (OutcomeKind.STALE, "3Commas does not offer to cancel this step now")


def test_a_step_that_stays_after_its_cancel_is_a_failure(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(steps=((66000, 50),), unallocated=50))
    steps = world.api.get(30000001)["take_profit"]
    world.wire.alter = whenever(
        lambda method, path: method == "GET" and path == FIRST, lambda entity: entity.update(take_profit=steps)
    )
    assert text_of(world, plan) == (OutcomeKind.FAILED, "the step is still there; plan again")


def test_a_trade_that_ends_with_its_step_is_a_failure(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(steps=((66000, 50),), unallocated=50))

    def stop_out(number: int, method: str, path: str) -> None:
        if method == "DELETE":
            world.price("USDT_BTC", 58000)

    world.wire.after = stop_out
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "stop_loss_finished after the step was cancelled" in text


def test_a_stop_that_does_not_stand_after_an_update_is_a_failure_that_says_so(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(stop=59000))
    world.wire.alter = whenever(
        lambda method, path: path.startswith(FIRST) and "PATCH" in {method for method, _ in world.wire.writes},
        lambda entity: entity["stop_loss"]["status"].update(type="failed"),
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "the stop is not active (failed)" in text


def test_a_stop_that_does_not_stand_after_a_create_is_a_failure_that_says_so(world: World) -> None:
    plan = world.plan(trade(order_type="market", stop=50000, steps=((70000, 100),)))
    world.wire.alter = whenever(
        is_read_or_list,
        lambda entity: entity["stop_loss"]["status"].update(type="suspended"),
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "its stop is not active (suspended)" in text


def test_a_create_that_never_settles_is_waited_for_and_then_a_failure(world: World) -> None:
    plan = world.plan(trade())
    world.wire.alter = whenever(is_read_or_list, lambda entity: entity["status"].update(type="created"))
    kind, text = text_of(world, plan)
    assert (kind, text) == (OutcomeKind.FAILED, "#30000001 is still created; plan again")
    assert (world.clock.now() - START_AT).total_seconds() >= PATIENCE_S


def test_a_create_whose_marker_does_not_come_back_is_a_failure(world: World) -> None:
    plan = world.plan(trade())
    world.wire.alter = whenever(
        is_read_or_list,
        lambda entity: entity.update(note="trimmed", note_raw="trimmed"),
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "does not show the marker" in text


def test_a_create_that_the_lists_do_not_show_yet_is_read_by_its_id(world: World) -> None:
    specs = [trade("a", price=50000), trade("b", price=50001)]
    plan = world.plan(*specs)

    def hide(method: str, path: str, answer: Any) -> Any:
        return [] if path.startswith("/v2/smart_trades?") else answer

    world.wire.alter = hide
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.APPLIED, OutcomeKind.APPLIED]
    assert "lists do not show #30000001 yet" in describe_outcome(result.outcomes[0])
    assert (world.clock.now() - START_AT).total_seconds() >= PATIENCE_S


def test_a_new_trade_is_watched_until_lists_show_it_and_read_by_its_id_until_it_stands(world: World) -> None:
    plan = world.plan(trade())
    world.sandbox.add_fault(Fault(kind=FaultKind.LAG, reads=4))
    before = len(world.wire.seen)

    assert text_of(world, plan) == (OutcomeKind.APPLIED, "")
    read = [path for method, path in world.wire.seen[before:] if method == "GET" and "smart_trades" in path]
    assert read.count(FIRST) == 1
    assert world.plan(trade()).is_empty


def test_a_replacement_is_watched_until_lists_show_it(world: World) -> None:
    world.converge(trade())
    changed = trade(order_type="market", stop=58000, steps=((70000, 100),))
    world.sandbox.add_fault(Fault(kind=FaultKind.LAG, reads=4))

    assert kinds(world.converge(changed)) == [OutcomeKind.APPLIED]
    assert world.plan(changed).is_empty


def test_an_update_that_shows_other_values_than_it_was_sent_is_a_failure(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(price=60500))
    world.wire.alter = whenever(
        lambda method, path: path == f"{FIRST}/set_note" and "PATCH" in {method for method, _ in world.wire.writes},
        lambda entity: entity["position"]["price"].update(value="60499.0"),
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "shows another position.price.value" in text


def test_a_trade_that_ends_while_it_is_updated_is_a_failure(world: World) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(stop=59000))

    def stop_out(number: int, method: str, path: str) -> None:
        if method == "PATCH":
            world.price("USDT_BTC", 58000)

    world.wire.after = stop_out
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "stop_loss_finished" in text


@pytest.mark.parametrize(
    ("state", "flag", "word"),
    [(DesiredState.CLOSED, "panic_sell_available", "close"), (DesiredState.ABANDONED, "cancel_available", "cancel")],
)
def test_what_3commas_stopped_offering_is_not_sent(world: World, state: DesiredState, flag: str, word: str) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(state=state))
    world.wire.alter = whenever(
        lambda method, path: method == "GET" and path == FIRST, lambda entity: entity["data"].update({flag: False})
    )
    assert text_of(world, plan) == (OutcomeKind.STALE, f"3Commas does not offer to {word} #30000001 now")


@pytest.mark.parametrize("state", [DesiredState.CLOSED, DesiredState.ABANDONED])
def test_a_trade_that_does_not_end_in_time_is_a_failure(world: World, state: DesiredState) -> None:
    world.converge(trade())
    fill(world)
    plan = world.plan(trade(state=state))
    before = len(world.wire.writes)

    def linger(method: str, path: str, answer: Any) -> Any:
        if method == "GET" and path == FIRST and len(world.wire.writes) > before:
            answer["status"]["type"] = "panic_sell_in_progress"
        return answer

    world.wire.alter = linger
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert text.startswith("still panic_sell_in_progress after the c")


def test_a_replaced_trade_that_does_not_end_is_not_opened_anew(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(order_type="market", stop=50000, steps=((70000, 100),)))

    def linger(method: str, path: str, answer: Any) -> Any:
        if method == "GET" and path == FIRST and "DELETE" in {method for method, _ in world.wire.writes}:
            answer["status"]["type"] = "cancellation_in_progress"
        return answer

    world.wire.alter = linger
    kind, _ = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert len(world.trades()) == 1


def test_a_note_that_is_not_taken_as_sent_is_a_failure(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(note="new"))
    world.wire.alter = whenever(
        lambda method, path: path.endswith("set_note"), lambda entity: entity.update(note_raw=entity["note"][:20])
    )
    kind, text = text_of(world, plan)
    assert kind is OutcomeKind.FAILED
    assert "another note" in text


def test_a_trade_that_is_busy_is_waited_for(world: World) -> None:
    world.converge(trade())
    plan = world.plan(trade(note="new"))
    reads = 0

    def busy_at_first(method: str, path: str, answer: Any) -> Any:
        nonlocal reads
        if method == "GET" and path == FIRST:
            reads += 1
            if reads < 3:
                answer["status"]["type"] = "created"
        return answer

    world.wire.alter = busy_at_first
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]


def test_a_create_whose_answer_cannot_be_read_is_settled_by_reading(world: World) -> None:
    plan = world.plan(trade())
    world.wire.alter = whenever(
        lambda method, path: method == "POST", lambda entity: entity["position"].update(units=None)
    )
    kind, text = text_of(world, plan)
    assert (kind, text) == (OutcomeKind.APPLIED, "")
    assert len(world.wire.writes) == 1
    world.connect()
    assert world.plan(trade()).is_empty
