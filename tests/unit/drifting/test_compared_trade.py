"""A live trade together with all that is known about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.drifting.compared_trade import ComparedTrade
from reconciler.model.drift import FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.lifecycle import Ignored, Lifecycle
from reconciler.model.reasons import Amount, reason
from reconciler.model.remedies import Remedy
from tests.support import builders

SPEC = replace(builders.spec(), lifecycle=Lifecycle(ignored=frozenset({Ignored.NOTE})))
TRADE = ComparedTrade(name="btc-dip", spec=SPEC, live=builders.live(id=7), applied=None, rates=None)


def test_fields_are_ignored_by_a_file_only() -> None:
    assert TRADE.ignored == {Ignored.NOTE}
    assert replace(TRADE, spec=None).ignored == frozenset()


def test_a_size_is_an_amount_in_base_currency() -> None:
    assert TRADE.base_amount(Decimal(2)) == Amount(Decimal(2), "BTC")


def test_a_finding_names_the_trade_and_its_live_id() -> None:
    words, remedy = reason(DriftCode.STOP_INACTIVE), reason(Remedy.PLAN_REACTIVATES_STOP)
    finding = TRADE.make_finding(FindingKind.LOSS, Topic.STOP_NOT_ARMED, words, remedy)
    assert (finding.trade, finding.live_id, finding.reason, finding.hint) == ("btc-dip", 7, words, remedy)
    assert (finding.kind, finding.topic, finding.path) == (FindingKind.LOSS, Topic.STOP_NOT_ARMED, "")
