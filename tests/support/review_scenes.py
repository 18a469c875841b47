"""Twelve plans that span all operations, blocks and guardrails, for golden files of all formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from reconciler.codec.note import write_note
from reconciler.model.averaging import AveragingOrder, AveragingReading, SentOrder
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailName, GuardrailReason, GuardrailState
from reconciler.model.lifecycle import Ignored, Lifecycle, Prevented
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningHint, OpeningReason
from reconciler.model.operations import FieldChange
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.model.problems import Problem, Severity
from reconciler.model.reasons import reason
from reconciler.model.review import ConfigChange
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Leverage, LeverageType, OrderType, Side
from reconciler.planning.previous_generation import show_previous
from tests.support import builders as b
from tests.support.example_values import example_of
from tests.support.review_plans import Scene, live, make, spec

D = Decimal
FIVE = Leverage(type=LeverageType.ISOLATED, value=D(5))

DOGE = spec(
    "doge-runner",
    "USDT_DOGE",
    "spot/doge.yaml",
    11,
    entered_by=b.entry("0.392", "5000"),
    steps=[b.step("0.44", 50), b.step("0.48", 50)],
    stop_loss=b.stop("0.37"),
)
ETH = spec(
    "eth-swing",
    "USDT_ETH",
    "spot/eth.yaml",
    24,
    entered_by=b.entry(3380, "0.8"),
    steps=[b.step(3600, 60), b.step(3850, 40)],
    stop_loss=b.stop(3250),
)
SHORT = spec(
    "btc-short",
    "USDT_BTCUSDT",
    "futures/btc.yaml",
    6,
    entered_by=b.entry(98400, "0.05", side=Side.SELL),
    steps=[b.step(94000, 50), b.step(90500, 50)],
    stop_loss=b.stop(100900),
    leverage=FIVE,
)
SOL = spec(
    "sol-breakout",
    "USDT_SOL",
    "spot/sol.yaml",
    4,
    entered_by=b.entry(228, 6),
    steps=[b.step(255, 50), b.step(270, 50)],
    stop_loss=b.stop(219),
)
SOL_ABOVE = spec(
    "sol-breakout",
    "USDT_SOL",
    "spot/sol.yaml",
    4,
    entered_by=b.entry(None, 6, trigger=245),
    steps=[b.step(262, 50), b.step(280, 50)],
    stop_loss=b.stop(236),
)
AVAX = replace(
    spec(
        "avax-ladder",
        "USDT_AVAX",
        "spot/avax.yaml",
        entered_by=b.entry("40.2", 40),
        steps=[
            b.step("43.5", 25),
            b.step(46, 25),
            b.step(49, 25),
            b.step(54, 25, order_type=OrderType.MARKET, trailing=2),
        ],
        stop_loss=b.stop("37.6", trailing="6.5"),
    ),
    note="range low | <b>add</b> below 39, ask @desk",
)
XRP = spec(
    "xrp-own",
    "USDT_XRP",
    "spot/xrp.yaml",
    5,
    entered_by=b.entry("1.124", 2000),
    steps=[b.step("1.6", 40), b.step("1.85", 30), b.step("2.2", 30)],
    stop_loss=b.stop("1.28"),
    is_own_funds=True,
)
LINK = spec(
    "link-accum",
    "USDT_LINK",
    "spot/link.yaml",
    8,
    entered_by=b.entry("18.4", 120),
    steps=[b.step(21, 50), b.step(24, 50)],
    stop_loss=b.stop("15.6"),
)
ADDS = (AveragingOrder(price=D("16.9"), units=D(60)), AveragingOrder(price=D("16.2"), units=D(60)))
ETHBTC = spec(
    "ethbtc-mean",
    "BTC_ETH",
    "spot/ethbtc.yaml",
    7,
    entered_by=b.entry("0.0346", "1.5"),
    steps=[b.step("0.037", 50), b.step("0.0395", 50)],
    stop_loss=b.stop("0.0332"),
)
CORE = spec(
    "btc-core",
    "USDT_BTC",
    "spot/btc.yaml",
    5,
    entered_by=b.entry(93100, "0.06"),
    steps=[b.step(101000, 40), b.step(108000, 60)],
    stop_loss=b.stop(91800),
)
DOT = spec(
    "dot-old",
    "USDT_DOT",
    "spot/dot.yaml",
    1,
    entered_by=b.entry("6.4", 150),
    steps=[b.step("7.4", 100)],
    stop_loss=b.stop("5.9"),
)
ADA = spec(
    "ada-range",
    "USDT_ADA",
    "spot/ada.yaml",
    2,
    entered_by=b.entry("0.91", 2000),
    steps=[b.step("1.05", 100)],
    stop_loss=b.stop("0.88"),
)


def edit(wanted: TradeSpec, **terms: object) -> TradeSpec:
    """The same trade with other terms."""
    return replace(wanted, terms=replace(wanted.terms, **terms))  # type: ignore[arg-type]  # a test names fields


def held(wanted: TradeSpec, number: int, **parts: object) -> LiveTrade:
    """The trade with its position open, to which funds can be added."""
    trade = live(wanted, number, Phase.OPEN, **parts)
    return replace(trade, flags=replace(trade.flags, add_funds=True))


def sent(price: str, number: int) -> SentOrder:
    """An averaging order that waits."""
    order = AveragingOrder(price=D(price), units=D(60))
    return SentOrder(id=number, order=order, status="order_placed", filled_units=D(0), cancelable=True)


def mixed() -> Plan:
    """One of each kind, as on the day on which nobody has time."""
    scene = Scene(
        specs=[
            replace(DOGE, state=DesiredState.CLOSED),
            edit(ETH, stop_loss=b.stop(3120)),
            SHORT,
            SOL_ABOVE,
            AVAX,
            XRP,
            replace(LINK, averaging=ADDS),
            ETHBTC,
            edit(CORE, stop_loss=b.stop(94500)),
            edit(ADA, entry=b.entry("0.88", 2000)),
        ],
        lives=[
            held(DOGE, 30428811),
            held(ETH, 30428790),
            live(SOL, 30428833),
            held(LINK, 30428764),
            held(ETHBTC, 30428741, shown=replace(ETHBTC.terms, steps=(b.step("0.038", 50), b.step("0.0395", 50)))),
            held(CORE, 30428702),
            live(DOT, 30428755),
            held(ADA, 30428777),
        ],
        limits={
            "closes": 1,
            "notional_per_trade": {"USDT": 6000},
            "notional_total": {"USDT": 40000, "BTC": 1},
            "loss_at_stop_per_trade": {"USDT": 500, "BTC": "0.01"},
            "loss_at_stop_total": {"USDT": 1500, "BTC": "0.01"},
            "leverage": 5,
        },
        unchanged=9,
    )
    change = ConfigChange(path="guardrails.closes", before="0", after="1", trades=("doge-runner",))
    return replace(make(scene), config_base="origin/main (0123abcd)", config_changes=(change,))


def creates() -> Plan:
    """Every way to open a trade."""
    steps = [b.step(101000, 100)]
    kinds = {
        "limit": {"entered_by": b.entry(95000), "steps": steps, "stop_loss": b.stop(93000, limit=92900, timeout=60)},
        "above": {"entered_by": b.entry(98600, trigger=98500), "steps": steps, "stop_loss": b.stop(96000)},
        "follows": {
            "entered_by": b.entry(None, trigger=96000, trailing=2),
            "steps": [b.step(None, 100, percent="7.5")],
            "stop_loss": b.stop(None, percent=3),
        },
        "now": {"entered_by": b.entry(None), "steps": steps, "stop_loss": b.stop(96000, breakeven=True)},
        "at-once": {"entered_by": b.entry(98000), "steps": steps, "stop_loss": b.stop(97500)},
        "bare": {"entered_by": b.entry(95000, "0.02"), "steps": (), "stop_loss": None},
        "instant": {"entered_by": b.entry(95000), "is_instant": True},
    }
    specs = [
        spec(f"btc-{name}", "USDT_BTC", "btc.yaml", 3 * place + 3, **kind)
        for place, (name, kind) in enumerate(kinds.items())
    ]
    planned = replace(CORE, name="btc-adds", averaging=(AveragingOrder(price=D(92500), units=D("0.01")),))
    again = replace(XRP, name="xrp-again", generation=2)
    scene = Scene(
        specs=[*specs, planned, again, SHORT],
        ended=[live(replace(again, generation=1), 30000009, Phase.ENDED, status="stop_loss_finished")],
        limits={"creates": 5},
    )
    plan = make(scene)
    endings = {"xrp-again": b.live(phase=Phase.ENDED, status="cancelled", entered="100")}
    return replace(plan, operations=show_previous(plan.operations, endings))


def endings() -> Plan:
    """Every way to end a trade, or to let it go; closes are acknowledged, omissions pass their limit."""
    gone = [live(replace(DOT, name=f"dot-{number}"), 30000010 + number) for number in range(6)]
    scene = Scene(
        specs=[
            replace(DOGE, state=DesiredState.CLOSED),
            replace(SOL, state=DesiredState.CLOSED),
            replace(ETH, state=DesiredState.ABANDONED),
            replace(LINK, state=DesiredState.RELEASED),
        ],
        lives=[held(DOGE, 30000001), live(SOL, 30000002), held(ETH, 30000003), held(LINK, 30000004), *gone],
    )
    plan = make(scene)
    known = tuple(
        replace(each, acknowledged=True) if each.name == GuardrailName.CLOSES else each for each in plan.guardrails
    )
    return replace(plan, guardrails=known, acknowledged={"closes": D(1)})


def stops() -> Plan:
    """Stops that are moved, taken away, lost, set, and that act at once."""
    bare = edit(DOGE, stop_loss=None)
    scene = Scene(
        specs=[
            edit(ETH, stop_loss=b.stop(3120)),
            bare,
            edit(CORE, stop_loss=b.stop(98000)),
            LINK,
            edit(XRP, stop_loss=b.stop("1.4")),
            edit(SHORT, leverage=Leverage(type=LeverageType.ISOLATED, value=D(20))),
            ADA,
        ],
        lives=[
            held(ETH, 30000001),
            held(DOGE, 30000002),
            held(CORE, 30000003),
            held(LINK, 30000004, stop_status="failed"),
            held(edit(XRP, stop_loss=None), 30000005),
            live(SHORT, 30000006),
            held(ADA, 30000007, shown=edit(ADA, stop_loss=None).terms),
        ],
        limits={"unprotects": 1, "stop_required": True},
    )
    return make(scene)


def replaces() -> Plan:
    """Trades that are opened again, that have another name, and whose note is written."""
    renamed = replace(CORE, name="btc-retest", former_names=("btc-core",))
    scene = Scene(
        specs=[SOL_ABOVE, renamed, replace(ETH, note="new words | `and` code")],
        lives=[live(SOL, 30000001), held(CORE, 30000002), held(ETH, 30000003)],
    )
    return make(scene)


def averaging() -> Plan:
    """Averaging orders that are sent and cancelled, and steps that are cancelled."""
    fewer = replace(edit(ETH, steps=ETH.terms.steps[:1]), unallocated_pct=D(40))
    note = write_note(replace(b.marker(ADA), averaging_sent=2), "")
    counted = held(ADA, 30000002, note=note)
    scene = Scene(
        specs=[replace(LINK, averaging=ADDS), fewer, replace(ADA, averaging=(sent("0.85", 5).order,))],
        lives=[held(LINK, 30000001), held(ETH, 30000003), counted],
        averaging={30000002: AveragingReading(orders=(sent("0.85", 5), sent("0.80", 6)))},
    )
    return make(scene)


def drift() -> Plan:
    """Edits outside the files that are put back."""
    scene = Scene(
        specs=[ETHBTC, edit(ETH, stop_loss=b.stop(3300)), edit(SOL, entry=b.entry(229, 6)), DOT],
        lives=[
            held(ETHBTC, 30000001, shown=replace(ETHBTC.terms, steps=(b.step("0.038", 50), b.step("0.0395", 50)))),
            held(ETH, 30000002, shown=edit(ETH, stop_loss=b.stop(3100)).terms),
            live(SOL, 30000003, shown=edit(SOL, stop_loss=None).terms),
            live(DOT, 30000004, shown=edit(DOT, entry=b.entry("6.5", 150)).terms),
        ],
    )
    return make(scene)


def blocks() -> Plan:
    """Every reason for which something is not done, and every advice."""
    changes = (FieldChange(path="take_profit.steps[0].price.value", live="63000", wanted="65000"),)
    prevented = replace(
        edit(ETH, stop_loss=b.stop(3120)), lifecycle=Lifecycle(prevent=frozenset({Prevented.UNPROTECTS}))
    )
    scene = Scene(
        specs=[prevented, edit(ADA, entry=b.entry("0.88", 2000))],
        lives=[held(ETH, 30000001), held(ADA, 30000002), held(DOGE, 30000003)],
    )
    hints = [*BlockHint, *OpeningHint]
    made = [
        Blocked(
            trade=f"block-{place:02}",
            live_id=30000100 + place if place % 2 else None,
            reason=example_of(code),
            hint=example_of(hints[place % len(hints)]),
            changes=changes if place % 3 == 0 else (),
        )
        for place, code in enumerate([*BlockReason, *OpeningReason])
    ]
    plan = make(scene)
    return replace(plan, blocked=(*plan.blocked, *made))


def notices() -> Plan:
    """Everything to know that asks for no operation, and warnings of files."""
    kinds = list(NoticeKind)
    made = [
        Notice(
            kind=kinds[place % len(kinds)],
            trade=f"notice-{place:02}" if place % 4 else "",
            live_id=30000100 + place if place % 3 else None,
            reason=example_of(code),
            needs_attention=place % 5 == 0,
        )
        for place, code in enumerate(NoticeReason)
    ]
    ended = [
        Notice(
            kind=NoticeKind.ENDED,
            trade=f"ended-{number}",
            live_id=number,
            reason=reason(NoticeReason.ENDED, status="finished"),
        )
        for number in range(1, 8)
    ]
    warning = Problem(
        severity=Severity.WARNING,
        file="plans/btc.yaml",
        line=10,
        column=58,
        path="trades.btc-dip.stop_loss",
        message="the stop is near the entry",
    )
    ignoring = replace(
        edit(ETH, stop_loss=b.stop(3120, timeout=60)),
        lifecycle=Lifecycle(ignored=frozenset({Ignored.STOP_LOSS, Ignored.NOTE})),
    )
    plan = make(Scene(specs=[ignoring, CORE], lives=[held(ETH, 30000001), held(CORE, 30000002)], unchanged=2))
    return replace(plan, notices=(*plan.notices, *made, *ended), warnings=(warning,), unmanaged=(41, 42), outside=(43,))


def guardrails() -> Plan:
    """Every guardrail, in every state."""
    states = list(GuardrailState)
    units = ("", "USDT", "%", "BTC")
    made = tuple(
        Guardrail(
            name=name,
            level=GuardrailLevel.WARN if place % 5 == 4 else GuardrailLevel.LIMIT,
            value=None if states[place % 6] is GuardrailState.UNKNOWN else D(9 + place),
            before=D(9),
            limit=D(10),
            limit_base=D(8) if place % 7 == 0 else None,
            is_least=name in (GuardrailName.REWARD_RISK, GuardrailName.LIQUIDATION_BUFFER_PCT),
            unit=units[place % 4],
            scope="USDT_SOL" if place % 3 == 0 else "",
            trades=("eth-swing", "sol-breakout", "avax-ladder", "xrp-own")[: place % 4 + 1],
            holds=("eth-swing",),
            state=states[place % 6],
            reason=example_of(list(GuardrailReason)[place % len(GuardrailReason)]) if place % 2 else None,
            acknowledge=f"{name}={9 + place}" if place % 4 else "",
            acknowledged=place % 11 == 10,
            is_raised=place % 7 == 0,
        )
        for place, name in enumerate(GuardrailName)
    )
    scene = Scene(specs=[edit(ETH, stop_loss=b.stop(3120)), AVAX], lives=[held(ETH, 30000001)])
    return replace(make(scene), guardrails=made)


def rules() -> Plan:
    """Rules that have changed, a freeze, and policies."""
    scene = Scene(specs=[AVAX, edit(CORE, stop_loss=b.stop(94500))], lives=[held(CORE, 30000001)])
    freeze = Freeze(
        source=FreezeSource.COMMAND,
        reason="exchange under maintenance",
        until=b.NOW + timedelta(hours=3),
        who="eva@desk",
        set_at=b.NOW,
    )
    refused = PolicyVerdict(
        source=PolicySource.BASE,
        command=("conftest", "test", "--policy", "policies", "-"),
        result=PolicyResult.REFUSED,
        exit_code=1,
        output="FAIL - avax-ladder: no trades on Sundays\n1 test, 0 passed, 1 failure",
    )
    passed = PolicyVerdict(source=PolicySource.CONFIG, command=("true",), result=PolicyResult.PASSED, exit_code=0)
    changes = (
        ConfigChange(path="guardrails.closes", before="0", after="50"),
        ConfigChange(path="foreign", before=None, after="[7]"),
        ConfigChange(path="trades.btc-core.lifecycle.prevent", before="close", after=None, trades=("btc-core",)),
    )
    return replace(
        make(scene),
        freezes=(freeze,),
        policies=(refused, passed),
        config_base="origin/main (0123abcd)",
        config_changes=changes,
    )


def risks() -> Plan:
    """Several currencies, an inverse contract, trades without a stop, and numbers that nobody knows."""
    inverse = spec(
        "coin-margined",
        "BTC_BTCUSD_PERP",
        "futures/inverse.yaml",
        entered_by=b.entry(50000, 60000),
        steps=[b.step(55000, 100)],
        stop_loss=b.stop(48000),
        leverage=Leverage(type=LeverageType.ISOLATED, value=D(10)),
    )
    cross = replace(edit(SHORT, leverage=Leverage(type=LeverageType.CROSS, value=None)), name="cross-short")
    bare = replace(edit(SOL, stop_loss=None), name="sol-bare")
    scene = Scene(
        specs=[inverse, cross, bare, edit(ETHBTC, stop_loss=b.stop("0.0325"))],
        lives=[held(ETHBTC, 30000001), held(edit(DOGE, stop_loss=None), 30000002)],
        is_real=False,
        limits={"unprotects": 5},
    )
    return make(scene)


SCENES: Mapping[str, Plan] = {
    "mixed": mixed(),
    "creates": creates(),
    "endings": endings(),
    "stops": stops(),
    "replaces": replaces(),
    "averaging": averaging(),
    "drift": drift(),
    "blocks": blocks(),
    "notices": notices(),
    "guardrails": guardrails(),
    "rules": rules(),
    "risks": risks(),
}
