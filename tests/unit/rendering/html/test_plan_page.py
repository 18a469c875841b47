from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.model.phrases import Tone
from reconciler.model.plan_view import NoticeView, PlanView
from reconciler.rendering.html.plan_page import MOST_BLOCKED, MOST_FIRST, PlanPage, lay_out_plan
from reconciler.rendering.phrases import phrase
from reconciler.rendering.views.plan_view import view_plan
from tests.support.large_plans import make_large_plan

VIEW = view_plan(make_large_plan(24))


def lay_out(view: PlanView = VIEW, most_full: int = 150) -> PlanPage:
    return lay_out_plan(view, most_full)


def notices(count: int, tone: Tone) -> Sequence[NoticeView]:
    return [
        NoticeView(kind="LOSS", trade=f"t{each}", live_id=None, text=phrase("x"), tone=tone) for each in range(count)
    ]


def test_every_row_of_the_index_leads_to_its_trade() -> None:
    page = lay_out()
    anchors = {each.anchor for each in page.full} | {each.anchor for each in page.blocked}
    assert [row.view for row in page.rows] == list(VIEW.rows)
    assert {row.anchor for row in page.rows} == anchors
    assert len(anchors) == len(page.rows)


def test_names_lead_to_the_same_places_from_elsewhere() -> None:
    page = lay_out()
    assert page.anchors == {row.view.trade: row.anchor for row in page.rows}


def test_the_most_dangerous_are_shown_in_full_and_the_rest_as_rows() -> None:
    page = lay_out(most_full=10)
    assert [each.card for each in (*page.full, *page.brief)] == list(VIEW.cards)
    assert len(page.full) == 10
    assert all(part.drawing is None for each in page.brief for part in each.parts)
    assert all(part.drawing for each in page.full for part in each.parts if part.ladder)


def test_a_dangerous_trade_stays_in_the_index_even_if_it_has_no_drawing() -> None:
    page = lay_out(most_full=1)
    dangerous = [card.row.trade for card in VIEW.cards if card.row.is_dangerous]
    assert len(dangerous) > 1
    assert [row.view.trade for row in page.rows if row.view.is_dangerous] == dangerous


def test_many_blocked_trades_are_rows() -> None:
    blocked = [replace(VIEW.blocked[0], row=replace(VIEW.blocked[0].row, live_id=each)) for each in range(99)]
    view = replace(VIEW, blocked=tuple(blocked), rows=tuple(each.row for each in blocked))
    page = lay_out(view)
    assert (len(page.blocked), len(page.brief_blocked)) == (MOST_BLOCKED, 99 - MOST_BLOCKED)
    assert len(page.rows) == MOST_BLOCKED


def test_effects_are_counted_in_the_order_of_the_index() -> None:
    chips = lay_out().chips
    assert [chip.effect for chip in chips] == list(dict.fromkeys(row.effect for row in VIEW.rows))
    assert sum(chip.count for chip in chips) == len(VIEW.rows)


def test_the_bar_names_what_is_dangerous_and_leads_there() -> None:
    page = lay_out()
    texts = [each.text for each in page.headlines if each.is_danger]
    assert texts == ["2 close or sell", "2 lose protection", "2 open with leverage", "1 rule changes"]
    assert page.headlines[0].anchor == page.full[0].anchor


def test_bad_news_is_in_the_head_as_far_as_there_is_room_and_the_rest_is_counted() -> None:
    bad, quiet = notices(MOST_FIRST + 3, Tone.DANGER), notices(2, Tone.QUIET)
    page = lay_out(replace(VIEW, notices=(*bad, *quiet)))
    assert list(page.urgent) == list(bad[:MOST_FIRST])
    assert page.other_urgent == 3
    assert list(page.notices) == [*bad[MOST_FIRST:], *quiet]


def test_several_changes_of_one_trade_have_addresses_of_their_own() -> None:
    card = VIEW.cards[0]
    twice = replace(card, operations=(*card.operations, *card.operations))
    page = lay_out(replace(VIEW, cards=(twice,)))
    assert len({part.key for part in page.full[0].parts}) == 2
    assert page.full[0].parts[1].label == f"{card.row.trade}, change 2"
