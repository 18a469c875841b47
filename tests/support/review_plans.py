"""Plans with money at risk, made by the pure stages: what reviewers are shown, for the tests of all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.trade_changes import gather_facts
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.averaging import AveragingReading
from reconciler.model.live import LiveTrade, Phase, Prices, Rates
from reconciler.model.markets import Market, MarketKind
from reconciler.model.plan import Plan
from reconciler.model.review import GitState
from reconciler.model.risk import FeeBasis, FeeRate
from reconciler.model.specs import Origin, TradeSpec, map_renames
from reconciler.model.targets import Mode, TargetKind
from reconciler.planning.known import Known
from reconciler.planning.plan_trades import plan_trades
from reconciler.risk.plan_risk import Accounts, Seen, assess_plan
from tests.support import builders

NO_LIMITS: Mapping[str, object] = {}
COMMIT = "9f2c1ab4d07e6b5a3c2d1e0f9a8b7c6d5e4f3a2b"
SPOT, LINEAR = Market(kind=MarketKind.SPOT), Market(kind=MarketKind.LINEAR)
INVERSE = Market(kind=MarketKind.INVERSE)
# Last price, tick and market of each pair.
_PAIRS: Mapping[str, tuple[str, str, Market]] = {
    "USDT_BTC": ("97245", "0.01", SPOT),
    "USDT_ETH": ("3412.5", "0.01", SPOT),
    "USDT_DOGE": ("0.4021", "0.0001", SPOT),
    "USDT_SOL": ("238.4", "0.01", SPOT),
    "USDT_AVAX": ("41.35", "0.01", SPOT),
    "USDT_XRP": ("1.463", "0.0001", SPOT),
    "USDT_LINK": ("17.842", "0.001", SPOT),
    "USDT_DOT": ("7.12", "0.001", SPOT),
    "USDT_ADA": ("0.93", "0.0001", SPOT),
    "BTC_ETH": ("0.03509", "0.00001", SPOT),
    "USDT_BTCUSDT": ("97262", "0.1", LINEAR),
    "BTC_BTCUSD_PERP": ("50500", "0.1", INVERSE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a plan is made of.

    Attributes:
        specs: The trades of the files.
        lives: The live trades.
        ended: Trades that have ended.
        averaging: SmartTrade id to its averaging orders.
        limits: `guardrails` of reconciler.yaml.
        is_real: Whether real money moves.
        unchanged: More trades that need nothing.
    """

    specs: Sequence[TradeSpec] = ()
    lives: Sequence[LiveTrade] = ()
    ended: Sequence[LiveTrade] = ()
    averaging: Mapping[int, AveragingReading] = field(default_factory=dict)
    limits: Mapping[str, object] = field(default_factory=dict)
    is_real: bool = True
    unchanged: int = 0


def prices_of(pair: str) -> Prices:
    """Prices of a pair, with a spread of one tick."""
    last, tick, _ = _PAIRS[pair]
    return Prices(bid=Decimal(last) - Decimal(tick), ask=Decimal(last) + Decimal(tick), last=Decimal(last))


def spec(name: str, pair: str, file: str, line: int = 3, **terms: object) -> TradeSpec:
    """A trade of a file; terms are arguments of `builders.terms`."""
    market = _PAIRS[pair][2]
    made = builders.terms(pair=pair, **terms)  # type: ignore[arg-type]  # a test names arguments of the builder
    return replace(
        builders.spec(replace(made, market=market), name=name),
        origin=Origin(file=f"plans/{file}", line=line, column=3),
    )


def live(applied: TradeSpec, number: int, phase: Phase = Phase.ENTERING, **parts: object) -> LiveTrade:
    """The live trade of a spec; parts are arguments of `builders.live`."""
    trade = builders.live(applied, phase, id=number, **parts)  # type: ignore[arg-type]  # a test names arguments
    average = trade.average_price if trade.average_price is not None else applied.terms.entry.price
    return replace(
        trade,
        prices=prices_of(applied.terms.pair),
        entered_total=trade.entered_units * (average or 0) * Decimal("1.001"),
    )


def make(scene: Scene) -> Plan:
    """Make the plan of a scene."""
    specs = scene.specs
    renames = map_renames(specs)
    index = index_active(scene.lives, (builders.WORKSPACE,), (), renames=renames)
    newest = {trade.reading.marker.name: trade for trade in scene.ended if trade.reading.marker}
    sighting = Sighting(index=index, history=History(newest=newest), all_names={each.name for each in specs})
    rates = {
        (builders.ACCOUNT, pair): Rates(
            prices=prices_of(pair), price_step=Decimal(tick), lot_step=Decimal("0.00001"), market=market
        )
        for pair, (_, tick, market) in _PAIRS.items()
    }
    known = Known(workspace=builders.WORKSPACE, rates=rates, averaging=scene.averaging)
    decision, _ = plan_trades(match(specs, sighting), index, known, is_whole=True)
    seen = Seen(
        lives=index.by_name,
        rates=rates,
        averaging=scene.averaging,
        planned={each.name: each.averaging for each in specs},
    )
    accounts = Accounts(
        ids={"main": builders.ACCOUNT},
        fees={"main": FeeRate(rate=Decimal("0.001"), basis=FeeBasis.CONFIG)},
        maintenance_pct={"main": Decimal("0.5")},
    )
    touched = {each.id: each for each in (*scene.lives, *scene.ended)}
    risk = assess_plan(decision.operations, seen, accounts, touched)
    facts = gather_facts(decision.operations, risk, accounts.ids)
    pairs = sorted({each.terms.pair for each in specs} | {each.terms.pair for each in scene.lives})
    plan = builders.plan(
        decision.operations,
        blocked=decision.blocked,
        notices=decision.notices,
        guardrails=evaluate(facts, read_limits(scene.limits)),
        seen={f"{pair}@binance": prices_of(pair) for pair in pairs},
        unchanged=scene.unchanged,
    )
    made_at = builders.NOW
    kind, mode = (TargetKind.API, Mode.REAL) if scene.is_real else (TargetKind.SANDBOX, Mode.PAPER)
    return replace(
        plan,
        context=builders.context(
            workspace=builders.WORKSPACE,
            target="real" if scene.is_real else "sandbox",
            target_kind=kind,
            mode=mode,
            git_commit=COMMIT,
            expires_at=made_at + timedelta(hours=24),
        ),
        risk=risk,
        names=tuple(each.name for each in specs),
        sources={each.name: each.origin for each in specs},
        seen_at=dict.fromkeys(plan.prices, made_at - timedelta(seconds=5)),
        git=GitState(commit=COMMIT, tree="5c0e7d2f9a1b", base_commit=None),
    )
