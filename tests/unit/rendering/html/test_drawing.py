from __future__ import annotations

import pytest

from reconciler.model.risk import LevelChange, LevelKind
from reconciler.model.terms import Side
from reconciler.rendering.html.drawing import Drawing, draw_ladder
from tests.support.ladders import ENTRY, LAST, STEP, STOP, ladder, level

NEW, REMOVED, WORSE = LevelChange.NEW, LevelChange.REMOVED, LevelChange.WORSE
MOVED_STOP = ladder(
    level(STEP, "120", index=1, share="40"),
    level(LAST, "105"),
    level(ENTRY, "100"),
    level(STOP, "95", REMOVED),
    level(STOP, "90", WORSE),
)


def draw(*levels: object, **options: object) -> Drawing:
    drawing = draw_ladder(ladder(*levels, **options))  # type: ignore[arg-type]  # arguments of the builder
    assert drawing is not None
    return drawing


def moved() -> Drawing:
    drawing = draw_ladder(MOVED_STOP)
    assert drawing is not None
    return drawing


def test_a_change_has_two_columns_and_what_is_gone_is_only_in_the_first() -> None:
    before, after = moved().columns
    assert [mark.price for mark in before.marks] == ["120", "100", "95"]
    assert [mark.price for mark in after.marks] == ["120", "100", "90"]
    assert (before.title, before.is_past, after.title, after.is_past) == ("before", True, "after", False)


def test_places_are_linear_in_the_price_over_all_columns() -> None:
    drawing = moved()
    places = {mark.price: mark.place for column in drawing.columns for mark in column.marks}
    unit = (places["90"] - places["120"]) / 30
    for price, place in places.items():
        assert place == pytest.approx(places["120"] + (120 - float(price)) * unit)
    assert drawing.last == pytest.approx(places["120"] + 15 * unit)


def test_loss_and_reward_reach_from_the_entry_to_stop_and_furthest_step() -> None:
    drawing = moved()
    gain, loss = drawing.columns[1].areas
    places = {mark.price: mark.place for mark in drawing.columns[1].marks}
    assert (gain.kind, gain.top) == ("gain", places["120"])
    assert gain.height == pytest.approx(places["100"] - places["120"])
    assert (loss.kind, loss.top) == ("loss", places["100"])
    assert loss.height == pytest.approx(places["90"] - places["100"])


def test_an_arrow_shows_the_way_of_a_stop_and_whether_it_protects_less() -> None:
    arrow = moved().arrow
    assert arrow is not None
    assert arrow.is_worse
    assert arrow.end > arrow.start


def test_what_is_gone_is_named_on_the_left_and_the_rest_on_the_right() -> None:
    gone = [label.price for label in moved().labels if label.is_removed]
    there = [label.price for label in moved().labels if not label.is_removed]
    assert gone == ["95.00"]
    assert there == ["120.00", "105.00", "100.00", "90.00"]


def test_a_new_trade_has_one_column_with_distances() -> None:
    drawing = draw(level(STEP, "120", NEW, index=1, share="50"), level(ENTRY, "100", NEW), level(STOP, "90", NEW))
    assert [column.title for column in drawing.columns] == ["after"]
    assert drawing.columns[0].marks[0].share == 0.5
    assert drawing.labels[0].text == "step 1 · 50 %"


def test_a_trade_that_ends_is_shown_as_it_is_now() -> None:
    drawing = draw(level(ENTRY, "100", REMOVED), level(STOP, "90", REMOVED), is_destroyed=True)
    assert [(column.title, column.is_past) for column in drawing.columns] == [("now", False)]
    assert not any(label.is_removed for label in drawing.labels)


def test_a_trade_whose_prices_stay_is_drawn_once() -> None:
    assert [column.title for column in draw(level(ENTRY, "100"), level(STOP, "90")).columns] == ["now"]


def test_a_stop_beyond_the_entry_locks_in() -> None:
    drawing = draw(level(STOP, "110", NEW), level(ENTRY, "100", NEW))
    assert [area.kind for area in drawing.columns[0].areas] == ["lock"]


@pytest.mark.parametrize(("side", "edge"), [(Side.BUY, "bottom"), (Side.SELL, "top")])
def test_without_a_stop_the_loss_reaches_to_the_edge_and_says_so(side: Side, edge: str) -> None:
    drawing = draw(level(STEP, "105", NEW, index=1), level(ENTRY, "100", NEW), level(LAST, "95"), side=side)
    loss = next(area for area in drawing.columns[0].areas if area.kind == "loss")
    reached = loss.top + loss.height if edge == "bottom" else loss.top
    assert reached == pytest.approx(getattr(drawing, edge))
    assert [label.text for label in drawing.labels if label.kind == "none"] == ["no stop"]


def test_a_short_trade_loses_above_its_entry() -> None:
    drawing = draw(level(STOP, "110", NEW), level(ENTRY, "100", NEW), level(STEP, "80", NEW, index=1), side=Side.SELL)
    kinds = {area.kind: area for area in drawing.columns[0].areas}
    assert kinds["loss"].top < kinds["gain"].top


def test_a_liquidation_far_away_breaks_the_axis_and_leaves_the_others_their_room() -> None:
    levels = [level(STOP, "110", NEW), level(ENTRY, "100", NEW), level(STEP, "90", NEW, index=1)]
    near = draw(*levels, side=Side.SELL)
    far = draw(level(LevelKind.LIQUIDATION, "150", NEW), *levels, side=Side.SELL)
    assert near.zigzag is None
    assert far.zigzag is not None
    marks = {mark.kind: mark.place for mark in far.columns[0].marks}
    assert marks["liquidation"] < far.zigzag < far.top <= marks["stop"]


def test_a_liquidation_below_a_long_trade_breaks_the_axis_below() -> None:
    drawing = draw(level(ENTRY, "100", NEW), level(STOP, "95", NEW), level(LevelKind.LIQUIDATION, "20", NEW))
    marks = {mark.kind: mark.place for mark in drawing.columns[0].marks}
    assert drawing.zigzag is not None
    assert drawing.bottom < drawing.zigzag < marks["liquidation"] < drawing.height


def test_reward_and_loss_count_from_the_average_once_all_orders_are_filled() -> None:
    drawing = draw(
        level(ENTRY, "100", NEW), level(LevelKind.AVERAGE, "90", NEW), level(LevelKind.ADD, "80", NEW, index=1),
        level(STOP, "70", NEW),
    )  # fmt: skip
    places = {mark.kind: mark.place for mark in drawing.columns[0].marks}
    assert drawing.columns[0].areas[0].top == pytest.approx(places["average"])


def test_a_step_that_trails_is_marked() -> None:
    drawing = draw(level(STEP, "120", NEW, index=1, trailing="2"), level(ENTRY, "100", NEW), level(STOP, "90", NEW))
    assert [mark.trails for mark in drawing.columns[0].marks] == [True, False, False]


def test_the_description_says_all_prices_of_both_sides() -> None:
    assert moved().description == (
        "Last price 105.00. Before: step 1 120.00 for 40 percent, entry 100.00, stop 95.00."
        " After: step 1 120.00 for 40 percent, entry 100.00, stop 90.00."
    )


def test_a_ladder_without_a_price_is_not_drawn() -> None:
    assert draw_ladder(ladder(level(ENTRY, None, NEW), level(STOP, None, NEW))) is None


def test_a_single_price_is_drawn() -> None:
    drawing = draw(level(LAST, "100"))
    assert drawing.last is not None
    assert drawing.top < drawing.last < drawing.bottom
