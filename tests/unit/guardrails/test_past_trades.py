"""Losses and sizes of earlier trades."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.guardrails.past_trades import find_size, gather_past
from reconciler.model.guardrails import PastLoss
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.unreadable import Part, Unreadable
from tests.support import builders
from tests.support.builders import NOW


def ended(profit: str | None, number: int = 7, **changes: object) -> LiveTrade:
    live = builders.live(phase=Phase.ENDED, entered="0.01", id=number, average=60000)
    usual: dict[str, object] = {"profit": None if profit is None else Decimal(profit), "closed_at": NOW}
    return replace(live, **{**usual, **changes})  # type: ignore[arg-type]  # a test names fields


def losses(*lives: LiveTrade) -> tuple[PastLoss, ...]:
    return gather_past(lives, is_whole=True, now=NOW).losses


def test_only_trades_that_ended_with_a_loss_count() -> None:
    found = losses(ended("-5"), ended("7"), ended("0"), builders.live(phase=Phase.OPEN), builders.live())
    assert found == (PastLoss(trade="btc-dip", currency="USDT", amount=Decimal(5), ended_at=NOW),)


def test_a_trade_that_was_never_filled_lost_nothing() -> None:
    assert losses(replace(builders.live(phase=Phase.ENDED), profit=None)) == ()


def test_a_result_that_cannot_be_read_is_unknown_and_not_zero() -> None:
    damaged = ended("3", unreadable=(Unreadable(part=Part.FIGURES, field="profit", problem="not a number"),))
    assert [each.amount for each in losses(ended(None), damaged)] == [None, None]


def test_the_size_is_what_was_entered_and_else_what_is_asked_for() -> None:
    assert find_size(ended("1")) == 600
    assert find_size(builders.live()) == 600
    market = builders.spec(builders.terms(entered_by=builders.entry(None)))
    assert find_size(builders.live(market)) is None


def test_sizes_are_the_newest_first() -> None:
    older = replace(ended("1", 1), entered_total=Decimal(100))
    newer = replace(ended("1", 2), entered_total=Decimal(200))
    assert gather_past([older, newer], is_whole=False, now=NOW).sizes == {"USDT": (Decimal(200), Decimal(100))}
