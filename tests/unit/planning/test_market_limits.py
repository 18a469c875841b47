from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Limits, Phase, Rates
from reconciler.model.operations import Action
from reconciler.model.plan import NoticeKind
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Leverage, LeverageType, Terms
from reconciler.planning.decisions import Decision
from reconciler.rendering.reasons import describe, describe_all
from tests.support import builders, planning
from tests.support.planning import only, reason
from tests.support.world import World, trade

LIMITS = Limits(
    min_price=Decimal("0.01"),
    max_price=Decimal(1_000_000),
    min_lot=Decimal("0.00001"),
    max_lot=Decimal(9000),
    min_total=Decimal(5),
    min_market_total=Decimal(10),
    max_total=Decimal(9_000_000),
)
RATES: Rates = replace(builders.rates(), limits=LIMITS)
REFUSED = "the exchange would refuse it: "
CUT = "3Commas would cut or refuse it, and the trade would not be as the file says: "


def plan(wanted: Terms, applied: Terms | None = None, phase: Phase = Phase.ENTERING) -> Decision:
    active = [] if applied is None else [builders.live(builders.spec(applied), phase)]
    return planning.plan([builders.spec(wanted)], active, rates={(builders.ACCOUNT, builders.PAIR): RATES})


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (
            builders.terms(entered_by=builders.entry("60000.005")),
            "position.price 60000.005 is not a multiple of the tick 0.01: 60000 or 60000.01",
        ),
        (
            builders.terms(entered_by=builders.entry(trigger="61500.001")),
            "position.conditional.price 61500.001 is not a multiple of the tick 0.01: 61500 or 61500.01",
        ),
        (
            builders.terms(entered_by=builders.entry(units="0.0100001")),
            "position.units 0.0100001 BTC is not a multiple of the lot 0.00001: 0.01 or 0.01001",
        ),
        (
            builders.terms(entered_by=builders.entry(1_000_001), steps=()),
            "position.price 1000001 is above the largest price 1000000",
        ),
        (
            builders.terms(entered_by=builders.entry("0.001", units=9000), steps=()),
            "position.price 0.001 is below the smallest price 0.01",
        ),
        (
            builders.terms(entered_by=builders.entry(units=9001), steps=()),
            (
                "position.units 9001 BTC is above the largest order: at most 9000;"
                " position is 9001 BTC = 540060000 USDT, above the largest order of 9000000 USDT: at most 150 BTC"
            ),
        ),
        (
            builders.terms(entered_by=builders.entry(units="0.00008"), steps=()),
            "position is 0.00008 BTC = 4.8 USDT, below the smallest order of 5 USDT: at least 0.00009 BTC",
        ),
        (
            builders.terms(entered_by=builders.entry(None, units="0.0001"), steps=()),
            "position is 0.0001 BTC = 6.1001 USDT, below the smallest order of 10 USDT: at least 0.00017 BTC",
        ),
        (
            builders.terms(entered_by=builders.entry(units=200), steps=()),
            "position is 200 BTC = 12000000 USDT, above the largest order of 9000000 USDT: at most 150 BTC",
        ),
        (
            builders.terms(steps=[builders.step("63000.001", 100)]),
            "take_profit.steps[0].price 63000.001 is not a multiple of the tick 0.01: 63000 or 63000.01",
        ),
        (
            builders.terms(steps=[builders.step(63000, 99.5), builders.step(66000, 0.5)]),  # type: ignore[arg-type]
            (
                "take_profit.steps[1] (0.5 %) is 0.00005 BTC = 3.3 USDT, below the smallest order of 5 USDT:"
                " at least 0.00008 BTC"
            ),
        ),
        (
            builders.terms(stop_loss=builders.stop(limit="58400.001")),
            "stop_loss.price 58400.001 is not a multiple of the tick 0.01: 58400 or 58400.01",
        ),
    ],
)
def test_what_the_exchange_would_refuse_is_not_planned_and_the_nearest_value_is_told(
    wanted: Terms, problem: str
) -> None:
    assert reason(plan(wanted)) == (CUT if "is not a multiple" in problem else REFUSED) + problem


def test_all_problems_of_a_trade_are_told_at_once() -> None:
    text = reason(plan(builders.terms(entered_by=builders.entry("1.001"), stop_loss=builders.stop("0.001"))))
    assert text.startswith(REFUSED)
    assert text.count(";") == 2
    assert "position.price 1.001" in text
    assert "stop_loss.conditional.price 0.001" in text


def test_the_smallest_lot_is_a_limit_of_its_own() -> None:
    rates = replace(RATES, lot_step=Decimal(0))
    wanted = builders.spec(builders.terms(entered_by=builders.entry(units="0.000001"), steps=()))
    decision = planning.plan([wanted], rates={(builders.ACCOUNT, builders.PAIR): rates})
    assert "position.units 0.000001 BTC is below the smallest order: at least 0.00001" in reason(decision)


def test_an_own_average_price_need_not_lie_on_the_tick() -> None:
    wanted = builders.terms(entered_by=builders.entry("60000.0051"), is_own_funds=True)
    assert only(plan(wanted)).action is Action.CREATE


def test_levels_in_percent_have_no_price_yet() -> None:
    wanted = builders.terms(
        entered_by=builders.entry(None, trigger=61500, trailing=1),
        steps=[builders.step(None, 100, percent="3.333")],
        stop_loss=builders.stop(None, percent="1.234"),
    )
    assert only(plan(wanted)).action is Action.CREATE


def test_a_pair_without_limits_is_not_checked() -> None:
    wanted = builders.spec(builders.terms(entered_by=builders.entry("0.0000001", units="0.0000001")))
    bare = builders.rates(price_step=0, lot_step=0)
    assert only(planning.plan([wanted], rates={(builders.ACCOUNT, builders.PAIR): bare})).action is Action.CREATE


def test_a_replace_that_would_be_refused_cancels_nothing() -> None:
    wanted = builders.terms(entered_by=builders.entry(trigger="61500.001"))
    assert reason(plan(wanted, builders.terms())).startswith(CUT)


ODD_STOP = builders.stop("58500.001")


def test_an_update_is_checked_where_it_changes_something() -> None:
    applied = builders.terms(stop_loss=ODD_STOP)
    moved = replace(applied, entry=builders.entry(59000))
    assert only(plan(moved, applied)).action is Action.UPDATE
    assert "59000.001" in reason(plan(replace(applied, entry=builders.entry("59000.001")), applied))


def test_steps_that_stay_are_not_checked_again() -> None:
    tiny = [builders.step(63000, 99.5), builders.step(66000, 0.5)]  # type: ignore[arg-type]
    applied = builders.terms(steps=tiny)
    wanted = replace(applied, steps=(builders.step(64000, 99.5), tiny[1]))  # type: ignore[arg-type]
    assert only(plan(wanted, applied, Phase.OPEN)).action is Action.UPDATE


def test_a_trigger_off_the_tick_is_sent_since_the_service_keeps_it() -> None:
    wanted = builders.terms(stop_loss=builders.stop("58900.001"))
    assert only(plan(wanted)).action is Action.CREATE
    assert only(plan(wanted, builders.terms(), Phase.OPEN)).action is Action.UPDATE


def test_a_limit_price_of_a_stop_off_the_tick_is_not_planned_for_a_position() -> None:
    wanted = builders.terms(stop_loss=builders.stop("58900", limit="58800.001"))
    assert reason(plan(wanted, builders.terms(), Phase.OPEN)).startswith(CUT)


@pytest.mark.parametrize("shown", ["58900.001", "58900"], ids=["kept", "cut"])
def test_a_trigger_off_the_tick_makes_no_lasting_difference(shown: str) -> None:
    wanted = builders.terms(stop_loss=builders.stop("58900.001"))
    live = builders.live(builders.spec(wanted), Phase.OPEN, shown=builders.terms(stop_loss=builders.stop(shown)))
    decision = planning.plan([builders.spec(wanted)], [live], rates={(builders.ACCOUNT, builders.PAIR): RATES})
    assert decision.is_empty
    assert not decision.notices


def test_a_step_and_a_size_that_the_service_has_cut_make_no_lasting_difference() -> None:
    wanted = builders.terms(
        entered_by=builders.entry(units="0.0100007"), steps=[builders.step("63000.126", 100)], stop_loss=None
    )
    shown = builders.terms(
        entered_by=builders.entry(units="0.01"), steps=[builders.step("63000.12", 100)], stop_loss=None
    )
    live = builders.live(builders.spec(wanted), shown=shown)
    decision = planning.plan([builders.spec(wanted)], [live], rates={(builders.ACCOUNT, builders.PAIR): RATES})
    assert decision.is_empty


def test_a_stop_that_is_armed_again_goes_out_all_the_same() -> None:
    applied = builders.spec()
    lost = builders.live(applied, Phase.OPEN, stop_status="failed")
    wanted = builders.spec(builders.terms(stop_loss=builders.stop("58900", limit="58800.001")))
    decision = planning.plan([wanted], [lost], rates={(builders.ACCOUNT, builders.PAIR): RATES})
    assert only(decision).action is Action.UPDATE
    assert [notice.kind for notice in decision.notices] == [NoticeKind.LOSS, NoticeKind.WARNING]


# On the wire


def alter_accounts(**fields: object) -> Callable[[str, str, Any], Any]:
    def alter(method: str, path: str, answer: Any) -> Any:
        is_list = method == "GET" and path.startswith("/ver1/accounts?")
        return [{**account, **fields} for account in answer] if is_list else answer

    return alter


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"is_locked": True, "lock_reason": "unpaid"}, "is locked by 3Commas (unpaid)"),
        ({"is_locked": True, "lock_reason": None}, "is locked by 3Commas"),
        ({"api_key_invalid": True}, "has an exchange key that is invalid or has expired"),
        ({"api_keys_state": "expired"}, "has an exchange key that is invalid or has expired"),
        ({"smart_trading_supported": False}, "does not support SmartTrades"),
        ({"trading_supported": False}, "does not support trading"),
    ],
)
def test_on_an_account_that_cannot_trade_nothing_is_opened_or_updated(fields: dict[str, object], text: str) -> None:
    with World() as world:
        world.converge(trade("held"))
        world.wire.alter = alter_accounts(**fields)
        plan = world.plan(trade("held", stop=58000), trade("new", price=59000))
        assert not plan.operations
        assert [describe(blocked.reason).partition(") ")[2] for blocked in plan.blocked] == [text, text]
        assert [operation.action for operation in world.plan().operations] == [Action.CANCEL]


def test_a_create_that_commits_more_than_the_account_is_worth_is_warned_of() -> None:
    with World() as world:
        world.wire.alter = alter_accounts(usd_amount="1000.0", btc_amount="0.02")
        plan = world.plan(trade("first"), trade("second", price=60001), trade("own", price=60002, is_own_funds=True))
        (warning,) = plan.notices
        assert len(plan.operations) == 3
        assert describe(warning.reason) == (
            "what is to be opened on account 1 commits 1200.01 USDT, but the whole account is worth 1000 USD;"
            " not all of it can be filled"
        )
        world.wire.alter = alter_accounts(usd_amount=None, btc_amount=None)
        assert not world.plan(trade("first"), trade("second", price=60001)).notices


@pytest.mark.parametrize(("pair", "meant"), [("BTC_USDT", "USDT_BTC"), ("USDT_BTCC", "USDT_BTC"), ("EUR_GOLD", "")])
def test_for_an_unknown_pair_one_that_may_have_been_meant_is_named(pair: str, meant: str) -> None:
    with World() as world:
        (blocked,) = world.plan(trade(pair=pair)).blocked
        assert describe(blocked.reason) == f"the exchange of account 1 has no pair {pair}"
        assert describe(blocked.hint) == (f"correct the pair; did you mean {meant}?" if meant else "correct the pair")


def test_the_pairs_of_a_market_are_asked_for_once() -> None:
    with World() as world:
        asked: list[str] = []
        world.wire.after = lambda number, method, path: asked.append(path)
        world.plan(*(trade(f"t{number}", pair=f"USDT_NONE{number}") for number in range(3)))
        assert sum("market_pairs" in path for path in asked) == 1


CONTRACT = "USDT_BTCUSDT"


def levered(name: str, pair: str, account_id: int = builders.ACCOUNT) -> TradeSpec:
    spec = trade(name, pair=pair)
    leverage = Leverage(type=LeverageType.ISOLATED, value=Decimal(10))
    return replace(spec, terms=replace(spec.terms, leverage=leverage, account_id=account_id))


def test_a_contract_on_a_spot_account_is_blocked_and_leverage_on_a_spot_pair_is_said_to_be_ignored() -> None:
    with World() as world:
        plan = world.plan(levered("contract", CONTRACT), levered("spot", builders.PAIR))
        (blocked,) = plan.blocked
        assert describe(blocked.reason).startswith("USDT_BTCUSDT is a contract, and account 1")
        (operation,) = plan.operations
        assert describe_all(operation.money) == (
            "600 USDT; USDT_BTC is a spot pair, which takes no leverage: isolated 10 is ignored"
        )
        world.converge(levered("spot", builders.PAIR))
        assert not world.plan(levered("spot", builders.PAIR)).operations


def test_a_contract_account_is_asked_for_the_size_of_a_contract_in_place_of_the_plain_rates() -> None:
    with World(accounts={"main": builders.ACCOUNT, "futures": 7}) as world:
        world.sandbox.ensure_account(7, market="futures")
        world.wire.alter = lambda method, path, answer: (
            answer | {"quanto_multiplier": "10"} if "with_leverage_data" in path else answer
        )
        plan = world.plan(levered("contract", CONTRACT, 7))
        (operation,) = plan.operations
        assert describe_all(operation.money) == "6000 USDT, margin 600 USDT, leverage isolated 10"
        rates = [path.partition("?")[0] for _, path in world.wire.seen if "rates" in path]
        assert rates == ["/ver1/accounts/currency_rates_with_leverage_data"]


def averaged(*orders: tuple[str, str]) -> TradeSpec:
    listed = tuple(AveragingOrder(price=Decimal(price), units=Decimal(units)) for price, units in orders)
    return replace(builders.spec(), averaging=listed)


@pytest.mark.parametrize(
    ("order", "start", "words"),
    [
        (("55000", "0.0012345"), CUT, "averaging[0].units"),
        (("55000.001", "0.01"), CUT, "averaging[0].price"),
        (("55000", "0.00001"), REFUSED, "averaging[0]"),
        (("9000", "0.01"), "the exchange may refuse it: ", "averaging[0].price 9000"),
    ],
)
def test_an_averaging_order_is_cut_refused_or_perhaps_refused(order: tuple[str, str], start: str, words: str) -> None:
    limits = replace(LIMITS, lowest_buy=Decimal("0.2"))
    rates = {(builders.ACCOUNT, builders.PAIR): replace(RATES, limits=limits)}
    for active in ([], [builders.live(builders.spec())]):
        decision = planning.plan([averaged(order)], active, rates=rates)
        (warning,) = [each for each in decision.notices if each.kind is NoticeKind.WARNING]
        assert describe(warning.reason).startswith(start)
        assert words in describe(warning.reason)
