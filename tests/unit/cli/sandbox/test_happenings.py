from __future__ import annotations

import pytest

from reconciler.cli.sandbox.happenings import describe_line, describe_lines, name_trade

MARKER = "[reconciler:1 prod-7f3a/btc-dip#1 5f3a9c1e 0b77d2aa]"


@pytest.mark.parametrize(
    ("note", "name"), [(MARKER, "btc-dip"), (f"{MARKER} mine", "btc-dip"), ("mine", "#7"), ("", "#7"), (None, "#7")]
)
def test_a_trade_bears_the_name_of_its_marker(note: str | None, name: str) -> None:
    assert name_trade(7, note) == name
    assert describe_line(7, note, "entered 1 BTC at 2") == f"{name}: entered 1 BTC at 2"


def test_each_happening_is_one_line() -> None:
    happened = [{"trade_id": 7, "note": MARKER, "text": "ended: cancelled"}, {"trade_id": 8, "note": None, "text": "x"}]

    assert list(describe_lines(happened)) == ["btc-dip: ended: cancelled", "#8: x"]
    assert list(describe_lines(None)) == []
