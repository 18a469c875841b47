"""Fee rates: of reconciler.yaml, of the API, and assumed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.codec.live_trades import read_trade
from reconciler.model.live import LiveTrade
from reconciler.model.risk import FeeBasis, FeeRate
from reconciler.risk.fees import ASSUMED_FEE, choose_fees
from tests.support import builders
from tests.support.world import World, trade

D = Decimal


def live(commission: str, account: int = 1) -> LiveTrade:
    made = builders.live(builders.spec(builders.terms(account_id=account)))
    return replace(made, commission=D(commission))


def test_the_file_counts_before_the_api_and_the_api_before_what_is_assumed() -> None:
    ids = {"main": 1, "second": 2, "third": 3}
    found = choose_fees(ids, {"main": D("0.075")}, [live("0.002"), live("0.0004", 2), live("0.0006", 2)])

    assert found == {
        "main": FeeRate(rate=D("0.00075"), basis=FeeBasis.CONFIG),
        "second": FeeRate(rate=D("0.0006"), basis=FeeBasis.LIVE),
        "third": ASSUMED_FEE,
    }
    assert (ASSUMED_FEE.rate, ASSUMED_FEE.basis) == (D("0.001"), FeeBasis.ASSUMED)


def test_a_fee_of_zero_is_a_fee() -> None:
    assert choose_fees({"main": 1}, {"main": D(0)}, [])["main"] == FeeRate(rate=D(0), basis=FeeBasis.CONFIG)


def test_the_api_writes_its_commission_as_a_number_or_as_a_text() -> None:
    with World() as world:
        world.converge(trade())
        (entity,) = world.trades()
    data = entity["data"]
    assert isinstance(data, dict)
    written = [{**entity, "data": {**data, "commission": value}} for value in (D("0.001"), "0.001", None, "much", -1)]

    assert [read_trade(each).commission for each in written] == [D("0.001"), D("0.001"), None, None, None]
    assert read_trade(entity).commission == D("0.001")


def test_a_commission_that_cannot_be_a_share_is_ignored() -> None:
    assert choose_fees({"main": 1}, {}, [live("1")])["main"] == ASSUMED_FEE
