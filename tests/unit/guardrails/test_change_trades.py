"""Beside a changed rule stand the trades that only it lets pass."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.guardrails.change_trades import name_trades
from reconciler.model.guardrails import Guardrail
from reconciler.model.review import ConfigChange


def raised(name: str, *trades: str, is_raised: bool = True) -> Guardrail:
    return Guardrail(name=name, value=Decimal(1), limit=None, trades=trades, is_raised=is_raised)


GUARDRAILS = (
    raised("closes", "a", "b"),
    raised("unprotects", "x", is_raised=False),
    raised("prevent", "c", "d"),
    raised("lock", "e"),
    raised("settle", "f"),
    raised("target", "g"),
    raised("foreign", "h"),
)


@pytest.mark.parametrize(
    ("path", "trades"),
    [
        ("guardrails.closes", ("a", "b")),
        ("guardrails.unprotects", ()),
        ("guardrails.notional_total.USDT", ()),
        ("trades.c.lifecycle.prevent", ("c",)),
        ("trades.z.lifecycle.prevent", ()),
        ("targets.real.lock", ("e",)),
        ("targets.real.settle", ("f",)),
        ("targets.real.gateway_delay", ("f",)),
        ("targets.real.accounts.main", ("g",)),
        ("targets.real.requests_per_minute", ()),
        ("foreign", ("h",)),
        ("include", ()),
    ],
)
def test_each_rule_has_its_trades(path: str, trades: tuple[str, ...]) -> None:
    (found,) = name_trades([ConfigChange(path=path, before="1", after="2")], GUARDRAILS)
    assert found.trades == trades
