"""Limits that compare a plan with earlier trades."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.model.guardrails import GuardrailReason, PastLoss, PastTrades
from tests.support.guardrails import CREATE, TIGHTEN, change, gather, judge_one, risk

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STATED = {"loss_realised": {"USDT": 10, "within": "24h", "count": 1}}


def loss(amount: int, hours: int | None, currency: str = "USDT") -> PastLoss:
    ended_at = None if hours is None else NOW - timedelta(hours=hours)
    return PastLoss(trade="t", currency=currency, amount=Decimal(amount), ended_at=ended_at)


def past(*losses: PastLoss, is_whole: bool = True) -> PastTrades:
    return PastTrades(losses=losses, is_whole=is_whole, now=NOW)


def test_only_losses_within_the_time_count_and_one_without_a_time_does() -> None:
    facts = gather(change(CREATE, None, risk()), past=past(loss(50, 25), loss(4, 23), loss(5, None)))
    found = [each for each in evaluate(facts, read_limits(STATED)) if each.name == "loss_realised"]
    assert [(each.value, each.unit, each.is_breach) for each in found] == [
        (Decimal(2), "", True),
        (Decimal(9), "USDT", False),
    ]


def test_a_loss_in_a_currency_without_a_number_is_a_breach() -> None:
    facts = gather(change(CREATE, None, risk()), past=past(loss(1, 1, "EUR")))
    stated = {"loss_realised": {"USDT": 10, "within": "24h"}}
    found = judge_one(facts, stated, "loss_realised")
    assert found.reason is not None
    assert (found.unit, found.reason.code, found.is_breach) == ("EUR", GuardrailReason.NO_LIMIT, True)


def test_a_history_that_was_not_read_to_its_end_is_unknown() -> None:
    for read in (None, past(is_whole=False)):
        found = judge_one(gather(change(CREATE, None, risk()), past=read), STATED, "loss_realised")
        assert (found.value, found.is_breach, found.acknowledge) == (None, True, "loss_realised.unknown=1")


def test_losses_hold_back_nothing_that_binds_no_money() -> None:
    facts = gather(change(TIGHTEN, risk(), risk()), past=past(loss(99, 1)))
    assert not judge_one(facts, STATED, "loss_realised").is_breach


def test_the_usual_size_is_the_median_of_the_newest_twenty() -> None:
    sizes = (*[Decimal(100)] * 20, *[Decimal(10**6)] * 40)
    facts = gather(change(CREATE, None, risk(notional=500)), past=PastTrades(sizes={"USDT": sizes}, now=NOW))
    assert judge_one(facts, {"size_multiple": 4}, "size_multiple").value == 5


def test_the_default_says_nothing_before_there_are_earlier_trades() -> None:
    facts = gather(change(CREATE, None, risk(notional=500)), past=PastTrades(now=NOW))
    assert "size_multiple" not in [each.name for each in evaluate(facts, read_limits({}))]
    found = judge_one(facts, {"size_multiple": 4}, "size_multiple")
    assert found.reason is not None
    assert found.reason.code is GuardrailReason.NO_EARLIER_TRADES
