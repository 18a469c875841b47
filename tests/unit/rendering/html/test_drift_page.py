from __future__ import annotations

from dataclasses import replace

from reconciler.model.phrases import Tone
from reconciler.rendering.html.drift_page import lay_out_drift
from tests.support.drift_views import make_drift_view

VIEW = make_drift_view()


def test_each_trade_has_an_address_and_a_drawing_if_its_prices_are_known() -> None:
    loss, edit = lay_out_drift(VIEW).articles
    assert (loss.anchor, edit.anchor) == ("t-btc-dip", "t-eth-swing")
    assert loss.drawing is None
    assert edit.drawing is not None
    assert [column.title for column in edit.drawing.columns] == ["before", "after"]


def test_the_bar_leads_to_losses_first() -> None:
    assert [(each.text, each.is_danger) for each in lay_out_drift(VIEW).headlines] == [
        ("1 lost", True),
        ("1 edited outside the files", False),
    ]


def test_findings_can_be_filtered_by_their_words() -> None:
    page = lay_out_drift(VIEW)
    assert [(chip.effect, chip.count) for chip in page.chips] == [("LOSS", 1), ("edited outside the files", 1)]
    assert page.dangerous == 1


def test_the_value_of_the_file_is_shown_only_if_it_is_another_one() -> None:
    loss, edit = lay_out_drift(VIEW).articles
    assert (loss.has_filed, edit.has_filed) == (False, True)


def test_a_trade_without_a_name_is_called_by_its_id() -> None:
    nameless = replace(VIEW.cards[0], trade="")
    assert lay_out_drift(replace(VIEW, cards=(nameless,))).articles[0].label == "#7"


def test_without_findings_the_verdict_is_that_nothing_drifted() -> None:
    page = lay_out_drift(replace(VIEW, cards=(), tone=Tone.GOOD))
    assert (page.word, page.headlines, page.articles) == ("No drift", (), ())
