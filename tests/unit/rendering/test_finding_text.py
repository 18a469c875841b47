"""One finding as text."""

from __future__ import annotations

from reconciler.rendering.finding_text import describe_finding, finding_line, finding_trade, shorten_path
from tests.support.drift_reports import EDITS, FILES, LOSSES


def test_an_edit_in_one_line_shows_its_values_and_the_one_of_the_file_if_it_is_another() -> None:
    assert finding_line(EDITS[0]) == "stop_loss.conditional.price  58500 -> 58000  (the file says 58700)"
    assert finding_line(EDITS[1]) == "take_profit[1]  50 % limit at 66000 (last) -> (none)"


def test_a_loss_in_one_line_is_its_sentence_with_the_remedy() -> None:
    sentence = "the position is open and its stop is gone: reconciler plan shows how to set it again"
    assert finding_line(LOSSES[1]) == describe_finding(LOSSES[1]) == sentence


def test_a_finding_names_its_trade_with_the_id_of_the_live_one() -> None:
    assert (finding_trade(LOSSES[0]), finding_trade(FILES[3])) == ("btc-dip #7", "ada")


def test_a_path_is_shown_in_the_short_form_of_plan_files() -> None:
    assert shorten_path("take_profit.steps[0].price.value") == "take_profit[0].price"
