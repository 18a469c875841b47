"""The plan file for coins that a cancelled trade has left."""

from __future__ import annotations

import pytest

from reconciler.rendering.takeover_text import name_takeover, render_takeover
from tests.support import builders


def test_the_file_has_the_trade_under_a_name_of_its_own() -> None:
    lines = render_takeover("btc-dip", builders.terms(is_own_funds=True)).split("\n")
    assert lines[:3] == ["version: 1", "trades:", "  btc-dip-held:"]
    assert "    skip_enter_step: true" in lines


def test_a_file_without_a_stop_asks_for_one() -> None:
    bare = builders.terms(is_own_funds=True, stop_loss=None)
    assert "state one before you apply this" in render_takeover("btc-dip", bare)
    assert "state one" not in render_takeover("btc-dip", builders.terms(is_own_funds=True))


@pytest.mark.parametrize(("name", "taken"), [("a", "a-held"), ("x" * 48, "x" * 43 + "-held")])
def test_a_long_name_is_cut(name: str, taken: str) -> None:
    assert name_takeover(name) == taken


def test_what_cannot_be_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="not a name of a trade"):
        name_takeover("#7")
