"""The plan that people are shown first: eleven trades, nearly every kind of change, one limit that is passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.plan import Plan
from reconciler.model.review import ConfigChange
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side, StopLoss
from tests.support.builders import entry, step, stop
from tests.support.review_plans import Scene, live, make, spec

_LIMITS = {
    "closes": 1,
    "leverage": 5,
    "loss_at_stop_per_trade": {"USDT": 500, "BTC": "0.01"},
    "loss_at_stop_total": {"USDT": 1500, "BTC": "0.01"},
    "notional_per_trade": {"USDT": 6000, "BTC": "0.2"},
    "notional_total": {"USDT": 40000, "BTC": "0.2"},
}
_ORDERS = (
    AveragingOrder(price=Decimal("16.9"), units=Decimal(60)),
    AveragingOrder(price=Decimal("16.2"), units=Decimal(60)),
)


def make_shown_plan() -> Plan:
    """Make the plan."""
    parts = [*_make_held(), *_make_waiting()]
    scene = Scene(
        specs=[part for part in parts if isinstance(part, TradeSpec)],
        lives=[part for part in parts if isinstance(part, LiveTrade)],
        limits=_LIMITS,
        unchanged=9,
    )
    plan = make(scene)
    change = ConfigChange(path="guardrails.closes", before="0", after="1", trades=("doge-runner",))
    context = replace(plan.context, workspace="prod", expires_at=plan.context.expires_at)
    return replace(
        plan, context=context, config_changes=(change,), config_base="main", requests_used=15, requests_needed=46
    )


def _make_held() -> Iterator[TradeSpec | LiveTrade]:
    """Trades that hold a position."""
    doge = spec(
        "doge-runner", "USDT_DOGE", "spot/doge.yaml", 11,
        entered_by=entry("0.392", 5000), steps=[step("0.44"), step("0.48")], stop_loss=stop("0.37"),
    )  # fmt: skip
    yield replace(doge, state=DesiredState.CLOSED)
    yield live(doge, 30428811, Phase.OPEN)
    eth = spec(
        "eth-swing", "USDT_ETH", "spot/eth.yaml", 24,
        entered_by=entry(3380, "0.8"), steps=[step(3600, 60), step(3850, 40)], stop_loss=stop(3250),
    )  # fmt: skip
    yield _move_stop(eth, stop(3120))
    yield live(eth, 30428790, Phase.OPEN)
    link = spec(
        "link-accum", "USDT_LINK", "spot/link.yaml", 8,
        entered_by=entry("18.4", 120), steps=[step(21), step(24)], stop_loss=stop("15.6"),
    )  # fmt: skip
    held = live(link, 30428764, Phase.OPEN)
    yield replace(link, averaging=_ORDERS)
    yield replace(held, flags=replace(held.flags, add_funds=True))
    mean = spec(
        "ethbtc-mean", "BTC_ETH", "spot/ethbtc.yaml", 7,
        entered_by=entry("0.0346", "1.5"), steps=[step("0.037"), step("0.0395")], stop_loss=stop("0.0332"),
    )  # fmt: skip
    yield mean
    edited = replace(mean.terms, steps=(step("0.038"), step("0.0395")))
    yield live(mean, 30428741, Phase.OPEN, shown=edited)
    core = spec(
        "btc-core", "USDT_BTC", "spot/btc.yaml", 5,
        entered_by=entry(93100, "0.06"), steps=[step(101000, 40), step(108000, 60)], stop_loss=stop(91800),
    )  # fmt: skip
    yield _move_stop(core, stop(94500))
    yield live(core, 30428702, Phase.OPEN)
    ada = spec(
        "ada-range", "USDT_ADA", "spot/ada.yaml", 4,
        entered_by=entry("0.91", 1500), steps=[step("1.08", 100)], stop_loss=stop("0.86"),
    )  # fmt: skip
    yield replace(ada, terms=replace(ada.terms, entry=entry("0.88", 1500)))
    yield live(ada, 30428777, Phase.OPEN)


def _make_waiting() -> Iterator[TradeSpec | LiveTrade]:
    """Trades that are not entered yet, or not even sent."""
    yield spec(
        "btc-short", "USDT_BTCUSDT", "futures/btc.yaml", 6,
        entered_by=entry(98400, "0.05", side=Side.SELL), steps=[step(94000), step(90500)], stop_loss=stop(100900),
        leverage=Leverage(type=LeverageType.ISOLATED, value=Decimal(5)),
    )  # fmt: skip
    sol = spec(
        "sol-breakout", "USDT_SOL", "spot/sol.yaml", 4,
        entered_by=entry(228, 6), steps=[step(255), step(270)], stop_loss=stop(219),
    )  # fmt: skip
    yield spec(
        "sol-breakout", "USDT_SOL", "spot/sol.yaml", 4,
        entered_by=entry(None, 6, trigger=245), steps=[step(262), step(280)], stop_loss=stop(236),
    )  # fmt: skip
    yield live(sol, 30428833)
    trailing = step(54, 25, order_type=OrderType.MARKET, trailing=2)
    avax = spec(
        "avax-ladder", "USDT_AVAX", "spot/avax.yaml", 3, entered_by=entry("40.2", 40),
        steps=[step("43.5", 25), step(46, 25), step(49, 25), trailing], stop_loss=stop("37.6", trailing="6.5"),
    )  # fmt: skip
    yield replace(avax, note="range low | <b>add</b> below 39, ask @desk")
    yield spec(
        "xrp-own", "USDT_XRP", "spot/xrp.yaml", 5, entered_by=entry("1.124", 2000), is_own_funds=True,
        steps=[step("1.6", 40), step("1.85", 30), step("2.2", 30)], stop_loss=stop("1.28"),
    )  # fmt: skip
    dot = spec(
        "dot-old", "USDT_DOT", "spot/dot.yaml", 4,
        entered_by=entry("6.4", 150), steps=[step("7.4", 100)], stop_loss=stop("5.9"),
    )  # fmt: skip
    yield live(dot, 30428755)


def _move_stop(trade: TradeSpec, moved: StopLoss) -> TradeSpec:
    return replace(trade, terms=replace(trade.terms, stop_loss=moved))
