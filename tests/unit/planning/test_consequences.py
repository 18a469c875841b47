from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.consequences import Basis, Closing, Moment
from reconciler.model.fires import STOP_FIRES, Fire, FireKind
from reconciler.model.lifecycle import Lifecycle, Prevented
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Effect, Operation
from reconciler.model.specs import DesiredState
from reconciler.model.terms import Entry, Leverage, LeverageType, OrderType, Side, Step, StopLoss, Terms
from reconciler.planning.consequences import foresee_liquidation, foresee_opening, foresee_update
from reconciler.rendering.reasons import describe_all
from tests.support import builders, planning
from tests.support.guardrails import count_breaches

OPEN = builders.live(phase=Phase.OPEN)
SHORT = builders.terms(
    entered_by=builders.entry(side=Side.SELL),
    steps=[builders.step(57000, 50), builders.step(54000, 50)],
    stop_loss=builders.stop(62500),
)


def updated(after: Terms, live: LiveTrade = OPEN, last: int = 61000) -> Closing | None:
    return foresee_update(live, live.terms, after, prices=builders.prices(last))


def stepped(*steps: Step, live: LiveTrade = OPEN) -> Closing | None:
    return updated(replace(live.terms, steps=steps), live)


def planned_for(after: Terms, live: LiveTrade = OPEN) -> Operation:
    return planning.only(planning.plan([builders.spec(after)], [live]))


def counts(operation: Operation) -> dict[str, int]:
    return count_breaches([operation])


def test_steps_below_the_market_that_sell_all_are_a_close_with_amount_and_result() -> None:
    operation = planned_for(builders.terms(steps=[builders.step(50000, 50), builders.step(50000, 50)]))
    assert operation.closing == Closing(
        moment=Moment.NOW,
        parts=(Fire(FireKind.STEP, 0), Fire(FireKind.STEP, 1)),
        side=Side.SELL,
        share_pct=Decimal(100),
        units=Decimal("0.01"),
        price=Decimal(60999),
        result=Decimal("9.99"),
    )
    assert operation.closes
    assert operation.destroys
    assert counts(operation) == {"closes": 1}
    assert "closes the position at once: sells 0.01 BTC for about 609.99 USDT, result about 9.99 USDT" in describe_all(
        operation.money
    )


def test_a_part_below_the_market_is_a_partial_close_that_executes_and_is_no_close() -> None:
    operation = planned_for(builders.terms(steps=[builders.step(50000, 50), builders.step(66000, 50)]))
    assert operation.effect is Effect.EXECUTES
    assert operation.closing is not None
    assert (operation.closing.share_pct, operation.closes, operation.destroys) == (Decimal(50), False, False)
    assert counts(operation) == {}
    assert "closes 50 % of the position at once: sells 0.005 BTC" in describe_all(operation.money)


def test_a_close_that_leaves_next_to_nothing_is_a_close_for_the_guardrail() -> None:
    operation = planned_for(builders.terms(steps=[builders.step(50000, 99), builders.step(66000, 1)]))
    assert counts(operation) == {"closes": 1}
    assert not operation.destroys


@pytest.mark.parametrize(
    ("steps", "share"),
    [
        ([builders.step(50000, 100, order_type=OrderType.MARKET)], 100),
        ([builders.step(50000, 100, order_type=OrderType.MARKET, trailing="0.5")], None),
        (
            [builders.step(50000, 60), builders.step(50000, 40, order_type=OrderType.MARKET, trailing=1)],
            60,
        ),
        ([builders.step(None, 100, percent=3)], None),
        ([builders.step(60999, 100)], 100),
        ([builders.step(61001, 100)], None),
    ],
)
def test_only_what_sells_at_once_counts_and_a_trailing_step_only_begins_to_follow(
    steps: list[Step], share: int | None
) -> None:
    closing = stepped(*steps)
    assert (closing and closing.share_pct) == share


def test_of_a_short_position_the_same_is_bought_back() -> None:
    live = builders.live(builders.spec(SHORT), Phase.OPEN)
    closing = stepped(builders.step(70000, 100), live=live)
    assert closing is not None
    assert (closing.side, closing.price, closing.result) == (Side.BUY, Decimal(61001), Decimal("-10.01"))
    assert closing.is_whole
    stopped = updated(replace(SHORT, stop_loss=builders.stop(60500)), live)
    assert stopped is not None
    assert stopped.parts == (STOP_FIRES,)


def test_what_is_left_after_executed_steps_is_the_whole() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["finished"], closed="0.005")
    closing = stepped(builders.STEPS[0], builders.step(50000, 50), live=live)
    assert closing is not None
    assert (closing.parts, closing.units, closing.share_pct) == (
        (Fire(FireKind.STEP, 1),),
        Decimal("0.005"),
        Decimal(100),
    )


def test_what_acts_without_the_update_is_not_of_its_making() -> None:
    live = builders.live(builders.spec(builders.terms(stop_loss=builders.stop(61500, timeout=60))), Phase.OPEN)
    assert updated(replace(live.terms, steps=(builders.step(64000, 100),)), live) is None
    active = builders.terms(steps=[builders.step(60000, 100)])
    assert (
        updated(replace(active, stop_loss=builders.stop(59000)), builders.live(builders.spec(active), Phase.OPEN))
        is None
    )


def test_breakeven_that_is_switched_on_after_a_step_may_close_below_the_entry() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["finished"], closed="0.005")
    after = builders.terms(stop_loss=builders.stop(breakeven=True))
    closing = updated(after, live, last=59500)
    assert closing is not None
    assert closing.parts == (STOP_FIRES,)
    assert updated(after, live, last=60500) is None
    assert updated(after, OPEN, last=59500) is None


def test_a_limit_stop_that_would_rest_is_valued_at_its_limit() -> None:
    closing = updated(builders.terms(stop_loss=builders.stop(62000, limit=61900)))
    assert closing is not None
    assert closing.price == 61900
    marketable = updated(builders.terms(stop_loss=builders.stop(62000, limit=60000)))
    assert marketable is not None
    assert marketable.price == 60999


def test_without_prices_nothing_is_made_up() -> None:
    after = builders.terms(stop_loss=builders.stop(62000))
    assert foresee_update(OPEN, OPEN.terms, after, prices=None) is None


WAITING = builders.entry(60000)
WAITING_SHORT = builders.entry(62000, side=Side.SELL)


@pytest.mark.parametrize(
    ("entry", "stop", "steps", "share"),
    [
        (WAITING, builders.stop(61500), builders.STEPS, 100),
        (WAITING, builders.stop(60000), builders.STEPS, 100),
        (WAITING, builders.stop(59999), builders.STEPS, None),
        (WAITING, None, [builders.step(59000, 100)], 100),
        (WAITING, None, [builders.step(59000, 30), builders.step(66000, 70)], 30),
        (WAITING_SHORT, builders.stop(61500), [builders.step(57000, 100)], 100),
        (WAITING_SHORT, builders.stop(62500), [builders.step(57000, 100)], None),
        (WAITING_SHORT, None, [builders.step(63000, 100)], 100),
        # A limit order that a trigger places fills at the better of both prices.
        (builders.entry(61000, trigger=61500), builders.stop(61200), builders.STEPS, 100),
        (builders.entry(62000, trigger=61500), builders.stop(61200), builders.STEPS, None),
        (builders.entry(None, trigger=61500), builders.stop(61500), builders.STEPS, 100),
        # How far a trailing entry follows is not known, but no further than this.
        (builders.entry(None, trigger=60000, trailing=2), builders.stop(61200), builders.STEPS, 100),
        (builders.entry(None, trigger=60000, trailing=2), builders.stop(61100), builders.STEPS, None),
        (builders.entry(None, trigger=60000, trailing=2), None, [builders.step(59000, 100)], None),
    ],
)
def test_exits_on_the_wrong_side_of_a_waiting_entry_close_right_after_it(
    entry: Entry, stop: StopLoss | None, steps: list[Step], share: int | None
) -> None:
    closing = foresee_opening(builders.terms(entered_by=entry, stop_loss=stop, steps=steps), builders.prices())
    assert (closing and closing.share_pct) == share
    assert closing is None or closing.moment is Moment.AFTER_ENTRY


WRONG_SIDE = builders.terms(stop_loss=builders.stop(61500))


def test_a_stop_above_a_waiting_buy_counts_as_a_close_for_create_update_and_replace() -> None:
    create = planning.only(planning.plan([builders.spec(WRONG_SIDE)]))
    update = planned_for(WRONG_SIDE, builders.live())
    replaced = planned_for(
        builders.terms(entered_by=builders.entry(None, trigger=60000), stop_loss=builders.stop(61500)),
        builders.live(),
    )
    for operation in (create, update, replaced):
        assert counts(operation) == {"closes": 1}, operation.action
        assert "as soon as the entry fills" in describe_all(operation.money)
    assert not create.destroys
    assert not update.destroys


def test_a_waiting_trade_that_closes_anyway_is_not_counted_for_another_change() -> None:
    waiting = builders.live(builders.spec(WRONG_SIDE))
    leverage = Leverage(type=LeverageType.ISOLATED, value=Decimal(2))
    assert counts(planned_for(replace(WRONG_SIDE, leverage=leverage), waiting)) == {}


def test_a_close_right_after_the_entry_is_held_back_by_prevent() -> None:
    spec = replace(builders.spec(WRONG_SIDE), lifecycle=Lifecycle(prevent=frozenset({Prevented.CLOSE})))
    assert "`close` is prevented" in planning.reason(planning.plan([spec]))
    below = replace(spec, terms=builders.terms(steps=[builders.step(50000, 100)]))
    assert "`close` is prevented" in planning.reason(planning.plan([below], [OPEN]))


def test_own_funds_whose_steps_or_stop_act_at_once_are_closed_at_once() -> None:
    above = builders.terms(is_own_funds=True, steps=[builders.step(60500, 100)], stop_loss=None)
    operation = planning.only(planning.plan([builders.spec(above)]))
    assert (operation.effect, operation.closes) == (Effect.EXECUTES, True)
    assert counts(planning.only(planning.plan([builders.spec(builders.terms(is_own_funds=True))]))) == {}


def test_a_market_entry_whose_stop_is_above_the_market_is_closed_at_once() -> None:
    terms = builders.terms(entered_by=builders.entry(None), stop_loss=builders.stop(62000))
    operation = planning.only(planning.plan([builders.spec(terms)]))
    assert operation.closing is not None
    assert (operation.closing.moment, operation.closing.result) == (Moment.NOW, Decimal("-0.02"))


def test_a_partial_close_does_not_hide_that_the_stop_goes() -> None:
    operation = planned_for(builders.terms(steps=[builders.step(50000, 1), builders.step(66000, 99)], stop_loss=None))
    assert operation.effects == (Effect.EXECUTES, Effect.UNPROTECTS)
    assert counts(operation) == {"unprotects": 1}


def test_an_entry_that_executes_does_not_hide_that_the_stop_goes() -> None:
    operation = planned_for(builders.terms(entered_by=builders.entry(62000), stop_loss=None), builders.live())
    assert operation.effects == (Effect.EXECUTES, Effect.UNPROTECTS)


@pytest.mark.parametrize(
    ("stop", "is_weaker"), [(None, True), (builders.stop(57000), False), (builders.stop(59000), False)]
)
def test_a_replace_that_takes_the_stop_away_unprotects(stop: StopLoss | None, is_weaker: bool) -> None:
    after = builders.terms(entered_by=builders.entry(None, trigger=60000), stop_loss=stop)
    assert (Effect.UNPROTECTS in planned_for(after, builders.live()).effects) is is_weaker


def test_another_pair_without_a_stop_unprotects_too() -> None:
    eth = builders.terms(pair="USDT_ETH", entered_by=builders.entry(2900), steps=(), stop_loss=None)
    assert counts(planned_for(eth, builders.live())) == {"unprotects": 1}


def test_closing_by_the_file_says_what_it_is_worth() -> None:
    operation = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [OPEN]))
    assert operation.closing is not None
    assert (operation.closing.is_whole, operation.closing.result) == (True, Decimal("9.99"))
    assert operation.reviewed_prices == builders.prices()


# Leverage.


def isolated(value: int) -> Leverage:
    return Leverage(type=LeverageType.ISOLATED, value=Decimal(value))


def cross(value: int) -> Leverage:
    return Leverage(type=LeverageType.CROSS, value=Decimal(value))


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (isolated(2), isolated(100), True),
        (isolated(2), isolated(3), False),
        (isolated(20), isolated(25), False),
        (isolated(20), isolated(39), True),
        (isolated(100), isolated(50), False),
        (isolated(2), cross(2), True),
        (cross(2), cross(3), True),
        (cross(3), cross(2), False),
        (None, isolated(2), False),
        (None, cross(2), True),
    ],
)
def test_leverage_that_may_liquidate_before_the_stop_unprotects(
    before: Leverage | None, after: Leverage | None, is_worse: bool
) -> None:
    held = builders.live(builders.spec(builders.terms(leverage=before)), Phase.OPEN)
    operation = planned_for(builders.terms(leverage=after), held)
    assert operation.effect is (Effect.UNPROTECTS if is_worse else Effect.REPRICES)
    assert counts(operation) == ({"unprotects": 1} if is_worse else {})


def test_a_raise_without_any_stop_unprotects_and_one_behind_the_stop_is_said() -> None:
    bare = builders.live(builders.spec(builders.terms(leverage=isolated(2), stop_loss=None)), Phase.OPEN)
    assert planned_for(builders.terms(leverage=isolated(3), stop_loss=None), bare).effect is Effect.UNPROTECTS
    held = builders.live(builders.spec(builders.terms(leverage=isolated(2))), Phase.OPEN)
    words = describe_all(planned_for(builders.terms(leverage=isolated(3)), held).money)
    assert "liquidation at about 40000 (estimated, without maintenance margin), behind the stop at 58500" in words


def test_leverage_of_a_short_position_is_mirrored() -> None:
    liquidation = foresee_liquidation(replace(SHORT, leverage=isolated(20)), builders.prices())
    assert liquidation is not None
    assert (liquidation.price, liquidation.stop, liquidation.is_before_stop) == (Decimal(63000), Decimal(62500), True)


def test_where_a_cross_position_is_liquidated_is_not_known() -> None:
    liquidation = foresee_liquidation(builders.terms(leverage=cross(5)), builders.prices())
    assert liquidation is not None
    assert (liquidation.basis, liquidation.price, liquidation.is_before_stop) == (Basis.UNKNOWN, None, None)
    assert foresee_liquidation(builders.terms(), builders.prices()) is None


def test_a_waiting_trade_whose_liquidation_comes_before_its_stop_is_told_and_counted() -> None:
    waiting = builders.live(builders.spec(builders.terms(leverage=isolated(2))))
    assert planned_for(builders.terms(leverage=isolated(100)), waiting).effect is Effect.UNPROTECTS
    assert planned_for(builders.terms(leverage=cross(3)), waiting).effect is Effect.REPRICES
    create = planning.only(planning.plan([builders.spec(builders.terms(leverage=isolated(100)))]))
    assert create.effect is Effect.COMMITS
    assert "before or near the stop at 58500" in describe_all(create.money)


def test_a_stop_behind_the_liquidation_protects_nothing() -> None:
    held = builders.live(builders.spec(builders.terms(leverage=isolated(100))), Phase.OPEN)
    operation = planned_for(builders.terms(leverage=isolated(100), stop_loss=builders.stop(59000)), held)
    assert operation.effect is Effect.REPRICES
    assert "before or near the stop at 59000" in describe_all(operation.money)


def test_arming_a_stop_again_does_not_hide_that_leverage_is_raised() -> None:
    held = builders.live(builders.spec(builders.terms(leverage=isolated(2))), Phase.OPEN, stop_status="failed")
    operation = planned_for(builders.terms(leverage=isolated(100)), held)
    assert operation.effect is Effect.UNPROTECTS
