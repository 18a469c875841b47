"""Tests of reconciler/rendering/alert_text.py."""

from __future__ import annotations

from reconciler.model.alerts import AlertChange, AlertEvent, Due
from reconciler.rendering.alert_text import MOST_LINES, calm, render_alert_body, render_alert_title


def due(
    text: str = "its stop is gone",
    event: AlertEvent = AlertEvent.LOSS,
    change: AlertChange = AlertChange.APPEARED,
    subject: str = "btc-dip",
) -> Due:
    return Due(change=change, event=event, subject=subject, text=text)


def test_the_title_says_where_and_how_much_of_what() -> None:
    changes = [due(), due(), due(event=AlertEvent.DRIFT), due(event=AlertEvent.DRIFT, change=AlertChange.CLEARED)]
    title = render_alert_title("prod on real (real)", changes)
    assert title == "reconciler prod on real (real): 2 losses, 1 edit outside, 1 edit outside over"


def test_each_change_is_a_line_with_its_trade() -> None:
    changes = [due(), due("1 -> 2", AlertEvent.DRIFT, AlertChange.WORSENED), due(change=AlertChange.CLEARED)]
    assert render_alert_body([*changes, due("2 of 2", AlertEvent.APPLIED, subject="")], "by octocat").splitlines() == [
        "LOSS btc-dip: its stop is gone",
        "worse: DRIFT btc-dip: 1 -> 2",
        "over: LOSS btc-dip: its stop is gone",
        "APPLIED 2 of 2",
        "by octocat",
    ]


def test_text_from_outside_notifies_nobody_links_nothing_and_stays_in_its_line() -> None:
    hostile = "@everyone\nLOSS eth <!channel> `x` https://evil.example \x1b[2J \u202e"
    (line,) = render_alert_body([due(hostile)]).splitlines()
    for lively in ("@", "<!", "`", "://", "\x1b", "\u202e"):
        assert lively not in line
    assert calm("a  \t b") == "a b"


def test_many_lines_and_long_ones_are_cut_and_counted() -> None:
    body = render_alert_body([due("x" * 5000)] * (MOST_LINES + 7)).splitlines()
    assert len(body) == MOST_LINES + 1
    assert body[-1] == "and 7 more"
    assert len(body[0]) == 400
