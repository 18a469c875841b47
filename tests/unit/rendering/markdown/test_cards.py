"""Rows and cards in Markdown."""

from __future__ import annotations

from reconciler.rendering.markdown.cards import INDEX_HEAD, is_always_shown, write_blocked, write_card, write_index_row
from reconciler.rendering.views.plan_view import view_plan
from tests.support.review_scenes import SCENES
from tests.unit.rendering.markdown.test_escape import parse

MIXED = view_plan(SCENES["mixed"])
RISKS = view_plan(SCENES["risks"])


def test_a_row_has_sign_name_effect_change_loss_and_ratio() -> None:
    assert write_index_row(MIXED.rows[1]) == (
        "| 🔴 `~` | `eth-swing` | **unprotects** | **stop at 3,120 instead of 3,250** |"
        " 109.30&nbsp;→&nbsp;213.20 | 1.17 |"
    )
    assert write_index_row(MIXED.rows[-1]).startswith("| ⛔ `x` | `ada-range` | blocked | ")
    page = parse("\n".join([INDEX_HEAD, *map(write_index_row, MIXED.rows)]))
    assert page.tags.count("tr") == 1 + len(MIXED.rows)
    assert page.tags.count("td") == 6 * len(MIXED.rows)


def test_a_trade_without_a_stop_is_bold() -> None:
    (row,) = [row for row in RISKS.rows if row.trade == "sol-bare"]
    assert "| **&ndash;&nbsp;→&nbsp;no&nbsp;stop** |" in write_index_row(row)
    (card,) = [card for card in RISKS.cards if card.row.trade == "sol-bare"]
    assert "**No stop, reward 204.06 USDT, fees about 2.94.**" in write_card(card).replace("**.", ".**")


def test_only_danger_is_unfolded() -> None:
    texts = [write_card(card) for card in MIXED.cards]
    assert [text.startswith("<details open>") for text in texts] == [True, True] + [False] * 8
    assert all(text.endswith("</details>") for text in texts)
    assert all(is_always_shown(card.row) == card.row.is_dangerous for card in MIXED.cards)


def test_several_operations_of_a_trade_are_in_one_block() -> None:
    (card,) = [card for card in view_plan(SCENES["averaging"]).cards if card.row.trade == "link-accum"]
    text = write_card(card)
    assert text.count("<details") == 1
    assert text.count("```diff") == 2
    assert "`~` will get an averaging order: **commits**" in text


def test_something_blocked_shows_live_and_file() -> None:
    blocked = view_plan(SCENES["blocks"]).blocked
    (first,) = [each for each in blocked if each.row.trade == "block-00"]
    assert "| Field | Live | File |" in write_blocked(first)
    assert all(parse(write_blocked(each)).tags.count("details") == 1 for each in blocked)
