from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.diffing.compare import compare
from reconciler.diffing.progress import find_dropped
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.marker import MarkerState, NoteReading
from reconciler.model.terms import Leverage, LeverageType, OrderType, PriceType, Side, Terms
from tests.support import builders


def changed(live: LiveTrade, wanted: Terms, rates: Rates | None = None) -> list[str]:
    return [change.path for change in compare(live, wanted, rates or builders.rates()).all]


def applied(terms: Terms, **shown: object) -> LiveTrade:
    """An open trade to which just these terms were applied, and which shows some of them otherwise."""
    seen = replace(terms, **shown)  # type: ignore[arg-type]  # a test names fields of the class
    return builders.live(builders.spec(terms), Phase.OPEN, shown=seen)


def test_held_units_and_the_average_price_are_progress() -> None:
    live = applied(builders.terms(), entry=builders.entry("60060.01", "0.00994"))
    assert changed(live, builders.terms()) == []


def test_before_the_entry_they_are_not() -> None:
    live = builders.live(shown=builders.terms(entered_by=builders.entry(60060)))
    assert changed(live, builders.terms()) == ["position.price.value"]


def test_lots_and_ticks_cut_off_are_progress_once_the_rates_are_known() -> None:
    wanted = builders.terms(
        entered_by=builders.entry("60000.129", "0.0100099", trigger="60100.129"),
        steps=[builders.step("63000.129", 100)],
        stop_loss=builders.stop("58500.129", limit="58400.129"),
    )
    shown = builders.terms(
        entered_by=builders.entry("60000.12", "0.01", trigger="60100.12"),
        steps=[builders.step("63000.12", 100)],
        stop_loss=builders.stop("58500.12", limit="58400.12"),
    )
    live = builders.live(builders.spec(wanted), shown=shown)
    assert changed(live, wanted) == []
    assert len(compare(live, wanted).all) == 6


def test_another_tick_is_no_rounding() -> None:
    live = builders.live(shown=builders.terms(entered_by=builders.entry("60000.02")))
    assert changed(live, builders.terms()) == ["position.price.value"]


PERCENTS = builders.terms(
    entered_by=builders.entry(None, trigger=60000, trailing=2),
    steps=[builders.step(None, 100, percent=5)],
    stop_loss=builders.stop(None, percent=3),
)


@pytest.mark.parametrize(("side", "target", "stop"), [(Side.BUY, 63000, 58200), (Side.SELL, 57000, 61800)])
def test_percent_that_became_a_price_is_progress(side: Side, target: int, stop: int) -> None:
    wanted = replace(PERCENTS, entry=replace(PERCENTS.entry, side=side))
    live = builders.live(
        builders.spec(wanted),
        Phase.OPEN,
        shown=replace(wanted, steps=(builders.step(target, 100),), stop_loss=builders.stop(stop)),
        average=60000,
    )
    assert changed(live, wanted) == []


def test_an_average_with_another_commission_in_it_still_makes_the_same_level() -> None:
    live = builders.live(
        builders.spec(PERCENTS),
        Phase.OPEN,
        shown=replace(PERCENTS, steps=(builders.step(63063, 100),), stop_loss=builders.stop("58258.2")),
        average=60000,
    )
    assert changed(live, PERCENTS) == []


def test_a_small_change_of_a_percent_in_the_file_is_seen() -> None:
    live = builders.live(
        builders.spec(PERCENTS),
        Phase.OPEN,
        shown=replace(PERCENTS, steps=(builders.step(63000, 100),), stop_loss=builders.stop(58200)),
        average=60000,
    )
    wanted = replace(PERCENTS, stop_loss=builders.stop(None, percent="3.1"))
    assert changed(live, wanted) == ["stop_loss.conditional.price.value", "stop_loss.conditional.price.percent"]


def test_a_level_that_shows_both_value_and_percent_is_compared_by_what_the_file_states() -> None:
    both = replace(builders.stop(58200), trigger=builders.level(58200, percent=3))
    live = builders.live(builders.spec(PERCENTS), Phase.OPEN, shown=replace(PERCENTS, stop_loss=both), average=60000)
    assert changed(live, PERCENTS) == []
    assert changed(live, replace(PERCENTS, stop_loss=builders.stop(58200))) == []


def test_percent_without_an_average_cannot_be_told() -> None:
    live = builders.live(builders.spec(PERCENTS), shown=replace(PERCENTS, stop_loss=builders.stop(58200)))
    assert changed(live, PERCENTS) == ["stop_loss.conditional.price.value", "stop_loss.conditional.price.percent"]


@pytest.mark.parametrize(("side", "moved", "back"), [(Side.BUY, 59900, 58000), (Side.SELL, 57100, 59000)])
def test_a_trailing_stop_moves_only_towards_more_protection(side: Side, moved: int, back: int) -> None:
    wanted = builders.terms(entered_by=builders.entry(side=side), stop_loss=builders.stop(trailing=2))
    assert changed(applied(wanted, stop_loss=builders.stop(moved, trailing=2)), wanted) == []
    shown_worse = applied(wanted, stop_loss=builders.stop(back, trailing=2))
    assert changed(shown_worse, wanted) == ["stop_loss.conditional.price.value"]


def test_a_trailing_stop_in_percent_moves_too() -> None:
    wanted = replace(PERCENTS, stop_loss=builders.stop(None, percent=3, trailing=2))
    live = builders.live(
        builders.spec(wanted),
        Phase.OPEN,
        shown=replace(wanted, stop_loss=builders.stop(61000, trailing=2)),
        average=60000,
    )
    assert changed(live, wanted) == []
    unknown = replace(live, average_price=None)
    assert changed(unknown, wanted)


def test_a_plain_stop_does_not_move_by_itself() -> None:
    assert changed(applied(builders.terms(), stop_loss=builders.stop(59000)), builders.terms()) == [
        "stop_loss.conditional.price.value"
    ]


def test_a_stop_that_stands_as_last_applied_has_not_moved_so_lowering_it_in_the_file_is_a_change() -> None:
    live = applied(builders.terms(stop_loss=builders.stop(58500, trailing=2)))
    wanted = builders.terms(stop_loss=builders.stop(57000, trailing=2))
    assert changed(live, wanted) == ["stop_loss.conditional.price.value"]


def test_another_change_of_the_file_does_not_put_a_moved_stop_back() -> None:
    before = builders.terms(stop_loss=builders.stop(58500, trailing=2))
    live = applied(before, stop_loss=builders.stop(61000, trailing=2))
    wanted = replace(before, steps=(builders.step(64000, 50), builders.step(66000, 50)))
    assert changed(live, wanted) == ["take_profit.steps[0].price.value"]


BREAKEVEN = builders.terms(stop_loss=builders.stop(breakeven=True))


def broken_even(*statuses: str, level: str = "60000", average: str = "60000") -> LiveTrade:
    shown = replace(BREAKEVEN, stop_loss=builders.stop(level, breakeven=True))
    return builders.live(
        builders.spec(BREAKEVEN), Phase.OPEN, shown=shown, step_statuses=statuses, average=average, closed="0.005"
    )


def test_a_breakeven_stop_moves_to_the_average_once_a_step_was_executed() -> None:
    assert changed(broken_even("finished"), BREAKEVEN) == []
    assert changed(broken_even("finished", level="60059"), BREAKEVEN) == []
    assert changed(broken_even(), BREAKEVEN)
    assert changed(broken_even("finished", level="61000"), BREAKEVEN)
    assert changed(replace(broken_even("finished"), average_price=None), BREAKEVEN)


def test_executed_steps_may_stay_in_the_file_or_be_dropped() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["finished"])
    assert changed(live, builders.terms()) == []
    assert changed(live, builders.terms(steps=builders.STEPS[1:])) == []


def test_the_order_of_steps_does_not_matter() -> None:
    assert changed(builders.live(phase=Phase.OPEN), builders.terms(steps=builders.STEPS[::-1])) == []


def test_a_step_that_was_taken_away_and_is_still_listed_is_gone() -> None:
    live = builders.live(phase=Phase.OPEN, step_statuses=["cancelled"])
    assert changed(live, builders.terms(steps=builders.STEPS[1:])) == []
    assert changed(live, builders.terms())[0].startswith("take_profit.steps")
    assert [step.terms for step in live.open_steps] == [builders.STEPS[1]]
    assert live.finished_steps == ()


def test_steps_that_the_file_lists_no_more_are_dropped_unless_something_else_changed() -> None:
    live = builders.live(phase=Phase.OPEN)
    assert [step.id for step in find_dropped(live, builders.terms(steps=builders.STEPS[:1]))] == [1001]
    assert find_dropped(live, builders.terms(steps=[builders.step(63000, 40)])) == ()
    finished = builders.live(phase=Phase.OPEN, step_statuses=["finished"])
    assert find_dropped(finished, builders.terms(steps=builders.STEPS[1:])) == ()


def test_of_two_steps_alike_just_one_is_dropped() -> None:
    twins = builders.spec(builders.terms(steps=[builders.step(63000, 50), builders.step(63000, 50)]))
    dropped = find_dropped(builders.live(twins, Phase.OPEN), builders.terms(steps=[builders.step(63000, 50)]))
    assert [step.id for step in dropped] == [1001]


ISOLATED = Leverage(type=LeverageType.ISOLATED, value=Decimal(3))


def leveraged(wanted: Leverage, shown: Leverage | None) -> list[str]:
    spec = builders.spec(builders.terms(leverage=wanted))
    return changed(builders.live(spec, shown=replace(spec.terms, leverage=shown)), spec.terms)


def test_a_leverage_that_the_api_ignored_is_no_difference() -> None:
    assert leveraged(ISOLATED, None) == []


def test_a_leverage_that_was_ignored_before_stays_so_when_the_file_changes_elsewhere() -> None:
    before = builders.spec(builders.terms(leverage=ISOLATED))
    live = builders.live(before, shown=builders.terms())
    wanted = builders.terms(leverage=ISOLATED, stop_loss=builders.stop(59000))
    assert changed(live, wanted) == ["stop_loss.conditional.price.value"]


def test_a_leverage_that_is_new_in_the_file_is_a_difference() -> None:
    assert "leverage.type" in changed(builders.live(), builders.terms(leverage=ISOLATED))


def test_what_the_file_leaves_to_the_api_is_no_difference() -> None:
    assert leveraged(replace(ISOLATED, value=None), ISOLATED) == []
    assert leveraged(replace(ISOLATED, type=LeverageType.CUSTOM), ISOLATED) == []
    assert leveraged(replace(ISOLATED, type=LeverageType.CROSS), ISOLATED) == ["leverage.type"]
    assert leveraged(replace(ISOLATED, value=Decimal(5)), ISOLATED) == ["leverage.value"]


def test_without_a_marker_nothing_is_known_about_what_was_applied() -> None:
    live = builders.live(shown=builders.terms())
    foreign = replace(live, reading=NoteReading(state=MarkerState.ABSENT, marker=None, text=""))
    assert "leverage.type" in changed(foreign, builders.terms(leverage=ISOLATED))


def test_a_watched_price_is_never_progress() -> None:
    wanted = builders.terms(stop_loss=builders.stop(trailing=2))
    seen = builders.stop(59000, trailing=2, watched=PriceType.BID)
    assert changed(applied(wanted, stop_loss=seen), wanted)


def test_a_step_of_another_kind_is_another_step() -> None:
    wanted = builders.terms(steps=[builders.step(63000, 50, order_type=OrderType.MARKET), builders.STEPS[1]])
    assert changed(builders.live(phase=Phase.OPEN), wanted) == ["take_profit.steps[0].order_type"]
