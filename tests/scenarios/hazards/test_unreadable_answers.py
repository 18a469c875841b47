"""Answers of which a part cannot be read: nothing is opened twice, nothing is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import click
import pytest

from reconciler.cli.trade.run_all import run_all
from reconciler.cli.trade.run_command import run_command
from reconciler.model.commands import Selector
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan_reasons import BlockReason, NoticeReason
from reconciler.model.specs import TradeSpec
from reconciler.planning.commands import Commands
from reconciler.workflows.end_all import Scope
from tests.support.trade_commands import close, order, session_of
from tests.support.world import World, kinds, trade

Change = Callable[[dict[str, Any]], None]


def altering(change: Change) -> Callable[[str, str, Any], Any]:
    """Answers in which every SmartTrade is changed."""

    def alter(method: str, path: str, answer: Any) -> Any:
        for entity in answer if isinstance(answer, list) else [answer]:
            if isinstance(entity, dict) and "take_profit" in entity:
                change(entity)
        return answer

    return alter


def trailing(percent: str = "5") -> TradeSpec:
    spec = trade()
    assert spec.terms.stop_loss is not None
    stop = replace(spec.terms.stop_loss, trailing_pct=Decimal(percent))
    return replace(spec, terms=replace(spec.terms, stop_loss=stop))


def hide_distance(entity: dict[str, Any]) -> None:
    if entity["stop_loss"]["enabled"]:
        entity["stop_loss"]["conditional"]["trailing"]["percent"] = None


def drop_stop(entity: dict[str, Any]) -> None:
    entity["stop_loss"]["conditional"] = None


def drop_pair(entity: dict[str, Any]) -> None:
    entity["pair"] = None


def drop_account(entity: dict[str, Any]) -> None:
    del entity["account"]


def drop_flags(entity: dict[str, Any]) -> None:
    for flag in ("panic_sell_available", "cancel_available"):
        del entity["data"][flag]


def drop_fills(entity: dict[str, Any]) -> None:
    entity["data"]["closed_amount"] = "much"


def empty_note(entity: dict[str, Any]) -> None:
    entity.update(note="", note_raw="")
    drop_stop(entity)


def rename_pair(entity: dict[str, Any]) -> None:
    if entity["pair"] == "USDT_BTC":
        entity["pair"] = "USDT_BTCUSDT"


DAMAGES = [drop_stop, drop_pair, drop_account, drop_flags, drop_fills, hide_distance]


def end_all(world: World, action: Action) -> int:
    with click.Context(click.Command("trade")):
        return run_all(session_of(world), Scope(action=action, account=None, pair=None))


def test_a_trailing_stop_whose_distance_is_not_answered_is_applied_and_plans_empty() -> None:
    with World() as world:
        world.wire.alter = altering(hide_distance)
        assert kinds(world.converge(trailing())) == [OutcomeKind.APPLIED]
        assert not world.plan(trailing()).operations
        world.price("USDT_BTC", 59900)
        world.price("USDT_BTC", 62000)
        plan = world.plan(trailing())
        assert (plan.operations, plan.blocked) == ((), ())


def test_another_distance_in_the_file_is_sent_once() -> None:
    with World() as world:
        world.wire.alter = altering(hide_distance)
        world.converge(trailing())
        assert kinds(world.converge(trailing("4"))) == [OutcomeKind.APPLIED]
        assert not world.plan(trailing("4")).operations
        world.wire.alter = None
        assert not world.plan(trailing("4")).operations


def test_an_edit_of_the_trigger_sends_the_distance_again() -> None:
    with World() as world:
        world.wire.alter = altering(hide_distance)
        world.converge(trailing())
        spec = trailing()
        assert spec.terms.stop_loss is not None
        level = replace(spec.terms.stop_loss.trigger, value=Decimal(58000))
        stop = replace(spec.terms.stop_loss, trigger=level)
        edited = replace(spec, terms=replace(spec.terms, stop_loss=stop))
        assert kinds(world.converge(edited)) == [OutcomeKind.APPLIED]
        world.wire.alter = None
        assert not world.plan(edited).operations


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_position_of_which_a_part_cannot_be_read_is_closed_by_name(damage: Change) -> None:
    with World() as world:
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        world.wire.alter = altering(damage)
        assert order(world, close) == 0
        assert "panic_sold" in str(world.trades()[0]["status"])


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_position_of_which_a_part_cannot_be_read_is_closed_by_id_and_by_all(damage: Change) -> None:
    with World() as world:
        world.converge(trade(), trade("other"))
        world.price("USDT_BTC", 59900)
        world.wire.alter = altering(damage)
        first = Selector(name=None, live_id=int(str(world.trades()[-1]["id"])))
        with click.Context(click.Command("trade")):
            code = run_command(session_of(world), first, lambda live: Commands(live, world.settings.workspaces).close())
        assert code == 0
        assert end_all(world, Action.CLOSE) == 0
        assert all("panic_sold" in str(entity["status"]) for entity in world.trades())


@pytest.mark.parametrize("damage", [drop_stop, drop_pair, drop_account, drop_flags, drop_fills])
def test_an_entry_of_which_a_part_cannot_be_read_is_cancelled_by_all(damage: Change) -> None:
    with World() as world:
        world.converge(trade())
        world.wire.alter = altering(damage)
        assert end_all(world, Action.CANCEL) == 0
        assert "cancelled" in str(world.trades()[0]["status"])


@pytest.mark.parametrize("damage", [drop_stop, drop_pair, drop_account, drop_fills])
def test_a_trade_of_which_a_part_cannot_be_read_is_named_and_left_unchanged(damage: Change) -> None:
    with World() as world:
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        world.wire.alter = altering(damage)
        plan = world.plan(trade())
        assert plan.operations == ()
        assert [each.reason.code for each in plan.blocked] == [BlockReason.UNREADABLE]
        assert NoticeReason.UNREADABLE in [each.reason.code for each in plan.notices]


def test_an_unreadable_trade_whose_note_was_emptied_blocks_the_create() -> None:
    with World() as world:
        world.converge(trade())
        world.wire.alter = altering(empty_note)
        plan = world.plan(trade())
        assert plan.operations == ()
        assert len(plan.blocked) == 1


def test_the_other_name_of_a_contract_is_the_same_trade() -> None:
    with World() as world:
        world.converge(trade())
        world.wire.alter = altering(rename_pair)
        plan = world.plan(trade())
        assert (plan.operations, plan.blocked) == ((), ())
        assert kinds(world.converge(trade(stop=58000))) == [OutcomeKind.APPLIED]
        world.price("USDT_BTC", 59900)
        plan = world.plan(trade(stop=58000))
        assert (plan.operations, plan.blocked) == ((), ())
        assert order(world, close) == 0


def test_an_account_that_cannot_be_read_and_that_no_file_names_stops_nothing() -> None:
    with World() as world:

        def alter(method: str, path: str, answer: Any) -> Any:
            if "/accounts" in path and "page=1" in path and isinstance(answer, list):
                return [{"id": 99, "market_code": None}, *answer]
            return answer

        world.wire.alter = alter
        assert kinds(world.converge(trade())) == [OutcomeKind.APPLIED]


def hide_market(method: str, path: str, answer: Any) -> Any:
    """Account 1 as an account whose market cannot be read."""
    if "/accounts" in path and isinstance(answer, list):
        return [{**entity, "market_code": None} if entity.get("id") == 1 else entity for entity in answer]
    return answer


def test_a_trade_on_an_account_that_cannot_be_read_is_shown_and_closed() -> None:
    with World() as world:
        world.converge(trade())
        world.price("USDT_BTC", 59900)
        world.wire.alter = hide_market
        plan = world.plan(trade())
        assert (plan.operations, plan.blocked) == ((), ())
        assert order(world, close) == 0
        assert "panic_sold" in str(world.trades()[0]["status"])


def test_nothing_is_opened_on_an_account_that_cannot_be_read() -> None:
    with World() as world:
        world.wire.alter = hide_market
        plan = world.plan(trade(), trade("other", pair="USDT_ETH", price=3000, stop=None, steps=()))
        assert plan.operations == ()
        assert [each.reason.code for each in plan.blocked] == [BlockReason.ACCOUNT_REFUSES] * 2


@pytest.mark.parametrize("field", ["bid", "last"])
@pytest.mark.parametrize("value", [None, "", "0.0", -1, "x"])
def test_prices_of_one_pair_that_cannot_be_read_block_that_pair_alone(field: str, value: object) -> None:
    other = trade("other", pair="USDT_ETH", price=3000, stop=None, steps=())
    with World() as world:

        def alter(_method: str, path: str, answer: Any) -> Any:
            return {**answer, field: value} if "pair=USDT_BTC" in path else answer

        world.wire.alter = alter
        plan = world.plan(trade(), other)
        assert [each.trade for each in plan.operations] == ["other"]
        assert [each.reason.code for each in plan.blocked] == [BlockReason.RATES_UNREADABLE]
        world.wire.alter = None
        world.converge(trade())
        world.wire.alter = alter
        plan = world.plan(trade(stop=58000), other)
        assert [each.reason.code for each in plan.blocked] == [BlockReason.RATES_UNREADABLE]


def test_a_limit_that_cannot_be_read_limits_nothing() -> None:
    with World() as world:
        odd: dict[str, object] = {"minTotal": "", "maxTotal": {}, "priceStep": "x", "lotStep": None, "minLotSize": True}
        world.wire.alter = lambda _method, path, answer: {**answer, **odd} if "currency_rates" in path else answer
        assert kinds(world.converge(trade())) == [OutcomeKind.APPLIED]
