"""Plans on contract markets: what is committed, refused and compared; and what is not claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Account, Limits, LiveTrade, Phase, Prices, Rates
from reconciler.model.markets import Market, MarketKind
from reconciler.model.operations import Action, Effect
from reconciler.model.plan import NoticeKind
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side, Terms
from reconciler.planning.commands import Commands
from reconciler.planning.decisions import Decision
from reconciler.planning.forecasts import forecast_add_funds
from reconciler.planning.known import Known
from reconciler.planning.plan_trades import plan_trades
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.reasons import describe, describe_all
from reconciler.saved_plan.files import read_plan, write_plan
from tests.support import builders, planning

GATE, COIN = "USDT_BTC_USDT", "BTC_BTCUSD_PERP"
TENTH_OF_A_THOUSANDTH = Market(kind=MarketKind.LINEAR, unit_size=Decimal("0.0001"))
UNKNOWN = Market(kind=MarketKind.LINEAR, unit_size=None)
HUNDRED_DOLLARS = Market(kind=MarketKind.INVERSE, unit_size=Decimal(100))
SPOT = Market(kind=MarketKind.SPOT)
ISOLATED = Leverage(type=LeverageType.ISOLATED, value=Decimal(5))
WIDE = Limits(min_total=Decimal(5), max_total=Decimal(9_000_000))


def rates(market: Market, last: int | str = 98800, **more: object) -> Rates:
    price = Decimal(last)
    found = Rates(
        prices=Prices(bid=price, ask=price, last=price),
        price_step=Decimal("0.1"),
        lot_step=Decimal(1) if market.is_contract else Decimal("0.00001"),
        limits=WIDE,
        market=market,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def order(
    pair: str,
    units: int | str,
    price: int | str | None,
    *,
    side: Side = Side.BUY,
    leverage: Leverage | None = ISOLATED,
    stop: int | str | None = None,
) -> Terms:
    return builders.terms(
        pair=pair,
        leverage=leverage,
        entered_by=builders.entry(price, units, side=side),
        steps=(),
        stop_loss=None if stop is None else builders.stop(stop),
    )


def plan(terms: Terms, rated: Rates, lives: Sequence[LiveTrade] = (), account: Account | None = None) -> Decision:
    key = (terms.account_id, terms.pair)
    if account is None:
        return planning.plan([builders.spec(terms)], lives, rates={key: rated})
    spec = builders.spec(terms)
    index = index_active(lives, (builders.WORKSPACE,))
    matching = match([spec], Sighting(index=index, history=History(newest={}), all_names={spec.name}))
    known = Known(workspace=builders.WORKSPACE, rates={key: rated}, accounts={account.id: account})
    return plan_trades(matching, index, known, is_whole=True)[0]


def money(decision: Decision) -> str:
    return describe_all(planning.only(decision).money)


def warnings(decision: Decision) -> list[str]:
    return [describe(each.reason) for each in decision.notices if each.kind is NoticeKind.WARNING]


def stranger(pair: str, market: Market) -> LiveTrade:
    """A trade of somebody else on the same pair, which shows what one contract costs."""
    shown = order(pair, 7, 90000).on(market)
    return builders.live(builders.spec(shown), shown=shown, note="mine", id=99)


@pytest.mark.parametrize(
    ("terms", "market", "expected"),
    [
        (
            order(GATE, 40, "98765.4"),
            TENTH_OF_A_THOUSANDTH,
            "395.0616 USDT, margin 79.01232 USDT, leverage isolated 5",
        ),
        (
            order(GATE, 40, "98900.5", side=Side.SELL),
            TENTH_OF_A_THOUSANDTH,
            "395.602 USDT, margin 79.1204 USDT, leverage isolated 5",
        ),
        (order(COIN, 3, 31250), HUNDRED_DOLLARS, "0.0096 BTC, margin 0.00192 BTC, leverage isolated 5"),
        (
            order(GATE, 25, "98765.4"),
            UNKNOWN,
            (
                "25 contracts at 98765.4, leverage isolated 5; the size of one contract is not known, so its worth"
                " is not shown"
            ),
        ),
        (
            order(GATE, 1, "98765.4", leverage=None),
            UNKNOWN,
            "1 contract at 98765.4; the size of one contract is not known, so its worth is not shown",
        ),
        (
            order("USDT_BTC", "0.01", 60000),
            SPOT,
            "600 USDT; USDT_BTC is a spot pair, which takes no leverage: isolated 5 is ignored",
        ),
        (order("USDT_BTC", "0.01", 60000, leverage=None), SPOT, "600 USDT"),
    ],
)
def test_a_create_says_what_it_commits_on_its_market(terms: Terms, market: Market, expected: str) -> None:
    last = 31300 if terms.pair == COIN else 98800
    decision = plan(terms, rates(market, last))
    assert planning.only(decision).effect is Effect.COMMITS
    assert money(decision) == expected


def test_an_order_that_is_small_in_money_is_not_refused_as_too_large() -> None:
    assert planning.only(plan(order(GATE, 100, 98000), rates(TENTH_OF_A_THOUSANDTH))).action is Action.CREATE
    text = planning.reason(plan(order(GATE, 2_000_000, 98000), rates(TENTH_OF_A_THOUSANDTH)))
    assert text == (
        "the exchange would refuse it: position is 2000000 contracts = 19600000 USDT, above the largest order of"
        " 9000000 USDT: at most 918367 contracts"
    )
    text = planning.reason(
        plan(order(GATE, 1, 98000), rates(Market(kind=MarketKind.LINEAR, unit_size=Decimal("1e-5"))))
    )
    assert text.endswith("position is 1 contract = 0.98 USDT, below the smallest order of 5 USDT: at least 6 contracts")


@pytest.mark.parametrize(("pair", "market"), [(GATE, UNKNOWN), (COIN, HUNDRED_DOLLARS)])
def test_totals_are_not_compared_if_their_size_or_currency_is_not_known(pair: str, market: Market) -> None:
    assert planning.only(plan(order(pair, 2_000_000, 90000), rates(market))).action is Action.CREATE


def test_the_size_of_a_contract_is_taken_from_live_trades_of_the_pair() -> None:
    decision = plan(order(GATE, 40, "98765.4"), rates(UNKNOWN), [stranger(GATE, TENTH_OF_A_THOUSANDTH)])
    assert money(decision).startswith("395.0616 USDT, margin 79.01232 USDT")
    elsewhere = [stranger("USDT_ETH_USDT", TENTH_OF_A_THOUSANDTH)]
    assert money(plan(order(GATE, 40, "98765.4"), rates(UNKNOWN), elsewhere)).startswith("40 contracts at 98765.4")


def test_no_money_is_claimed_if_live_trades_contradict_the_rates() -> None:
    other = replace(TENTH_OF_A_THOUSANDTH, unit_size=Decimal("0.01"))
    decision = plan(order(GATE, 40, "98765.4"), rates(TENTH_OF_A_THOUSANDTH), [stranger(GATE, other)])
    assert money(decision).startswith("40 contracts at 98765.4")


def test_a_market_entry_says_about_what_it_buys() -> None:
    assert money(plan(order(GATE, 40, None), rates(TENTH_OF_A_THOUSANDTH, 100000))) == (
        "buys 40 contracts at once, about 400 USDT, margin 80 USDT, leverage isolated 5"
    )
    assert money(plan(order(GATE, 40, None, leverage=None), rates(UNKNOWN, 100000))) == (
        "buys 40 contracts at once; the size of one contract is not known, so its worth is not shown"
    )


@pytest.mark.parametrize(
    ("pair", "market", "units", "entry", "last", "expected"),
    [
        (
            GATE,
            TENTH_OF_A_THOUSANDTH,
            40,
            100000,
            110000,
            "sells 40 contracts at market, about 440 USDT, result about 40 USDT",
        ),
        (COIN, HUNDRED_DOLLARS, 1, 20000, 25000, "sells 1 contract at market, about 0.004 BTC, result about 0.001 BTC"),
        (GATE, UNKNOWN, 40, 100000, 110000, "sells 40 contracts at market"),
    ],
)
def test_a_close_by_hand_says_what_it_gives(
    pair: str, market: Market, units: int, entry: int, last: int, expected: str
) -> None:
    terms = order(pair, units, entry).on(market)
    price = Decimal(last)
    live = replace(
        builders.live(builders.spec(terms), Phase.OPEN, shown=terms, entered=units, average=entry),
        prices=Prices(bid=price, ask=price, last=price),
    )
    assert describe_all(Commands(live, (builders.WORKSPACE,)).close().money[:1]) == expected


def test_a_waiting_entry_of_contracts_frees_what_it_commits() -> None:
    def freed(market: Market) -> str:
        terms = order(GATE, 40, "98765.4").on(market)
        return describe_all(Commands(builders.live(builders.spec(terms), shown=terms), ()).cancel().money)

    assert freed(TENTH_OF_A_THOUSANDTH) == "frees 395.0616 USDT"
    assert freed(UNKNOWN) == "frees 40 contracts at 98765.4"


def test_a_coin_settled_position_is_liquidated_earlier_than_a_linear_one() -> None:
    ten = Leverage(type=LeverageType.ISOLATED, value=Decimal(10))
    found = planning.only(plan(order(COIN, 3, 33000, leverage=ten), rates(HUNDRED_DOLLARS, 33100))).liquidation
    assert found is not None
    assert found.price == Decimal(30000)
    short = order(COIN, 3, 36000, leverage=ten, side=Side.SELL)
    found = planning.only(plan(short, rates(HUNDRED_DOLLARS, 35900))).liquidation
    assert found is not None
    assert found.price == Decimal(40000)
    never = order(COIN, 3, 36000, leverage=replace(ten, value=Decimal(1)), side=Side.SELL)
    found = planning.only(plan(never, rates(HUNDRED_DOLLARS, 35900))).liquidation
    assert found is not None
    assert found.price is None


def test_leverage_above_the_largest_one_is_refused() -> None:
    rated = rates(TENTH_OF_A_THOUSANDTH, largest_leverage=(("isolated", Decimal(4)), ("cross", Decimal(50))))
    assert planning.reason(plan(order(GATE, 40, 98000), rated)) == (
        "the exchange would refuse it: leverage.value 5 is above the largest isolated leverage: at most 4"
    )
    cross = Leverage(type=LeverageType.CROSS, value=Decimal(50))
    assert planning.only(plan(order(GATE, 40, 98000, leverage=cross), rated)).action is Action.CREATE
    chosen = Leverage(type=LeverageType.ISOLATED, value=None)
    assert planning.only(plan(order(GATE, 40, 98000, leverage=chosen), rated)).action is Action.CREATE


MARKET_LIMITS = replace(
    WIDE, max_market_buy=Decimal("0.5"), max_market_sell=Decimal("0.4"), min_market_buy=Decimal("0.01")
)


def test_an_order_at_market_is_held_against_the_largest_and_smallest_one() -> None:
    rated = rates(SPOT, 63800, limits=MARKET_LIMITS)
    large = order("USDT_BTC", "0.7", None, leverage=None, stop=60000)
    assert planning.reason(plan(large, rated)) == (
        "the exchange would refuse it: position 0.7 BTC is above the largest market order: at most 0.5"
    )
    small = order("USDT_BTC", "0.009", None, leverage=None)
    assert "position 0.009 BTC is below the smallest market order: at least 0.01" in planning.reason(plan(small, rated))
    waiting = order("USDT_BTC", "0.7", 60000, leverage=None)
    assert planning.only(plan(waiting, rated)).action is Action.CREATE


def test_an_exit_at_market_that_is_larger_than_one_is_warned_of() -> None:
    rated = rates(SPOT, 63800, limits=MARKET_LIMITS)
    terms = replace(
        order("USDT_BTC", "0.5", 60000, leverage=None, stop=58000),
        steps=(builders.step(66000, 90, order_type=OrderType.MARKET), builders.step(67000, 10)),
    )
    decision = plan(terms, rated)
    assert planning.only(decision).action is Action.CREATE
    assert warnings(decision) == [
        (
            "the exchange may refuse it: take_profit.steps[0] (90 %) 0.45 BTC is above the largest market order:"
            " at most 0.4; stop_loss 0.5 BTC is above the largest market order: at most 0.4"
        )
    ]


def test_a_limit_far_from_the_price_is_warned_of() -> None:
    band = replace(WIDE, lowest_buy=Decimal("0.5"), highest_buy=Decimal(2), highest_sell=Decimal("1.5"))
    rated = rates(SPOT, 60000, limits=band)
    terms = replace(order("USDT_BTC", "0.01", 29000, leverage=None), steps=(builders.step(95000, 100),))
    assert warnings(plan(terms, rated)) == [
        (
            "the exchange may refuse it: position.price 29000 is below 30000, the lowest price of a buy while the price"
            " is 60000; take_profit.steps[0].price 95000 is above 90000, the highest price of a sell while the price is"
            " 60000"
        )
    ]
    near = replace(order("USDT_BTC", "0.01", 30000, leverage=None), steps=(builders.step(90000, 100),))
    assert warnings(plan(near, rated)) == []


SPOT_ACCOUNT = Account(
    id=builders.ACCOUNT, name="main", market_code="paper_trading", takes_contracts=False, takes_spot=True
)


def test_a_contract_is_not_opened_on_a_spot_account_and_no_coins_on_one_for_contracts() -> None:
    decision = plan(order(GATE, 40, 98000), rates(TENTH_OF_A_THOUSANDTH), account=SPOT_ACCOUNT)
    assert planning.reason(decision) == "USDT_BTC_USDT is a contract, and account 1 (main) trades spot only"
    assert describe(decision.blocked[0].hint) == "correct the pair or the account"
    futures = replace(SPOT_ACCOUNT, takes_contracts=True, takes_spot=False)
    decision = plan(order("USDT_BTC", "0.01", 60000), rates(SPOT), account=futures)
    assert planning.reason(decision) == "USDT_BTC is a spot pair, and account 1 (main) trades contracts only"
    silent = replace(SPOT_ACCOUNT, takes_contracts=None, takes_spot=None)
    assert planning.only(plan(order(GATE, 40, 98000), rates(TENTH_OF_A_THOUSANDTH), account=silent)).opens


def test_the_worth_of_an_account_is_held_against_the_margin_of_contracts() -> None:
    account = replace(SPOT_ACCOUNT, takes_contracts=True, takes_spot=None, usd_amount=Decimal(100))
    fits = plan(order(GATE, 40, 98000), rates(TENTH_OF_A_THOUSANDTH), account=account)
    assert warnings(fits) == []
    large = plan(order(GATE, 80, 98000), rates(TENTH_OF_A_THOUSANDTH), account=account)
    assert warnings(large) == [
        (
            "what is to be opened on account 1 commits 156.8 USDT, but the whole account is worth 100 USD; not all"
            " of it can be filled"
        )
    ]
    assert warnings(plan(order(GATE, 80_000, 98000), rates(UNKNOWN), account=account)) == []
    # Leverage that is ignored does not make a spot order smaller.
    spot = plan(order("USDT_BTC", "0.01", 60000), rates(SPOT), account=replace(account, takes_spot=True))
    assert len(warnings(spot)) == 1


def test_a_saved_plan_shows_contracts_as_the_plan_did() -> None:
    for market in (TENTH_OF_A_THOUSANDTH, UNKNOWN, HUNDRED_DOLLARS, SPOT):
        planned = builders.plan([planning.only(plan(order(GATE, 25, "98765.4"), rates(market)))])
        read = read_plan(write_plan(planned))
        assert render_plan(read) == render_plan(planned)
        assert [each.after.market for each in read.operations if each.after] == [market]


@pytest.mark.parametrize(
    ("market", "waiting", "at_once"),
    [
        (
            TENTH_OF_A_THOUSANDTH,
            "98 USDT more, 10 contracts at 98000, margin 19.6 USDT",
            "buys 10 contracts at once, worth 98 USDT at most",
        ),
        (UNKNOWN, "10 contracts more, 10 contracts at 98000", "buys 10 contracts at once"),
        (SPOT, "980000 USDT more, 10 BTC_USDT at 98000", "buys 10 BTC_USDT at once, worth 980000 USDT at most"),
    ],
)
def test_an_averaging_order_is_worth_what_its_contracts_are(market: Market, waiting: str, at_once: str) -> None:
    terms = order(GATE, 40, 99000).on(market)
    more = AveragingOrder(price=Decimal(98000), units=Decimal(10))
    assert describe_all(forecast_add_funds(more, terms, is_reached=False)[1]) == waiting
    assert describe_all(forecast_add_funds(more, terms, is_reached=True)[1]) == at_once
