"""Each guardrail at its limit, above it, with an unknown value, with lowered risk, and acknowledged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.guardrails.acknowledged import find_refused, mark_acknowledged
from reconciler.guardrails.acknowledgements import parse_acknowledgements
from reconciler.guardrails.evaluate import JUDGES, evaluate, evaluate_again, evaluate_plan
from reconciler.guardrails.limits import AT_APPLY, read_limits
from reconciler.guardrails.trade_changes import Facts
from reconciler.model.guardrails import (
    Guardrail,
    GuardrailLevel,
    GuardrailName,
    GuardrailReason,
    GuardrailState,
    PastLoss,
    PastTrades,
)
from reconciler.model.operations import Action, Cause
from reconciler.model.risk import Level, LevelKind, LiquidationBasis, LiquidationPrice, TradeRisk, WorkspaceRisk
from reconciler.model.terms import Leverage, LeverageType, Side
from tests.support import builders
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN, change, gather, judge_one, named, risk

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One guardrail with a value at its limit, one above, one unknown, and one where only risk is lowered."""

    stated: Mapping[str, object]
    at: Facts
    above: Facts
    value: str
    unknown: Facts | None = None
    lowered: Facts | None = None


def opened(**numbers: Any) -> Facts:
    return gather(change(CREATE, None, risk(**numbers)))


def tightened(before: Mapping[str, Any], after: Mapping[str, Any]) -> Facts:
    return gather(change(TIGHTEN, risk(**before), risk(**after)))


def amounts(name: str, part: str) -> Story:
    return Story(
        stated={name: {"USDT": 100}},
        at=opened(**{part: "100"}),
        above=opened(**{part: "100.01"}),
        value="100.01",
        unknown=opened(**{part: None}),
        lowered=tightened({part: "500"}, {part: "400"}),
    )


def levels(**prices: object) -> list[Level]:
    return [Level(kind=LevelKind(name), price=Decimal(str(price))) for name, price in prices.items()]


def distant(distance: str | None) -> Facts:
    level = Level(
        kind=LevelKind.ENTRY, price=Decimal(60000), distance_pct=None if distance is None else Decimal(distance)
    )
    return gather(change(CREATE, None, risk(), [level]))


def stopped(trigger: int | str) -> Facts:
    terms = builders.terms(stop_loss=builders.stop(trigger))
    return gather(change(replace(CREATE, after=terms), None, risk(), levels(entry=60000, stop=trigger)))


def leveraged(factor: str | None, liquidation: str | None = None, operation: object = CREATE) -> Facts:
    leverage = Leverage(type=LeverageType.ISOLATED, value=None if factor is None else Decimal(factor))
    price = LiquidationPrice(
        value=None if liquidation is None else Decimal(liquidation), basis=LiquidationBasis.ESTIMATE
    )
    made = replace(CREATE, after=builders.terms(leverage=leverage))
    return gather(change(made, None, risk(liquidation=price), levels(entry=60000, stop=58500)))


def lost(*losses: str | None, hours: int = 1, is_whole: bool = True) -> Facts:
    found = tuple(
        PastLoss(
            trade=f"t{place}",
            currency="USDT",
            amount=None if each is None else Decimal(each),
            ended_at=NOW - timedelta(hours=hours),
        )
        for place, each in enumerate(losses)
    )
    return gather(change(CREATE, None, risk()), past=PastTrades(losses=found, is_whole=is_whole, now=NOW))


def sized(notional: str | None, sizes: tuple[int, ...] = (90, 100, 110)) -> Facts:
    past = PastTrades(sizes={"USDT": tuple(map(Decimal, sizes))}, now=NOW)
    return gather(change(CREATE, None, risk(notional=notional)), past=past)


def counted(count: int, **changes: object) -> Facts:
    operation = replace(CREATE, **changes)  # type: ignore[arg-type]  # a test names fields
    return gather(*(change(named(operation, f"t{place}"), None, risk()) for place in range(count)))


def on_pair(pair: str) -> Facts:
    return gather(change(replace(CREATE, after=builders.terms(pair=pair)), None, risk(pair=pair)))


CLOSE = replace(TIGHTEN, action=Action.CLOSE)
OTHERS = {"eth": risk(pair="USDT_ETH", notional=50)}
LONG_AND_SHORT = builders.terms(entered_by=builders.entry(side=Side.SELL))
NO_STOP = risk(has_stop=0, loss_at_stop=None)

STORIES: Mapping[str, Story] = {
    "closes": Story(
        stated={"closes": 1},
        at=gather(change(CLOSE, risk(), None)),
        above=gather(change(CLOSE, risk(), None), change(named(CLOSE, "b"), risk(), None)),
        value="2",
    ),
    "unprotects": Story(
        stated={"unprotects": 1},
        at=gather(change(LOOSEN, risk(), risk())),
        above=gather(change(LOOSEN, risk(), risk()), change(named(LOOSEN, "b"), risk(), risk())),
        value="2",
    ),
    "omissions": Story(
        stated={"omissions": 1}, at=counted(1, cause=Cause.OMISSION), above=counted(2, cause=Cause.OMISSION), value="2"
    ),
    "creates": Story(stated={"creates": 2}, at=counted(2), above=counted(3), value="3"),
    "at_market": Story(
        stated={"at_market": 1},
        at=counted(1, after=builders.terms(entered_by=builders.entry(None))),
        above=counted(2, after=builders.terms(entered_by=builders.entry(None))),
        value="2",
    ),
    "notional_per_trade": amounts("notional_per_trade", "notional"),
    "notional_per_pair": amounts("notional_per_pair", "notional"),
    "notional_total": amounts("notional_total", "notional"),
    "commits_per_plan": amounts("commits_per_plan", "margin"),
    "margin_total": amounts("margin_total", "margin"),
    "loss_at_stop_per_trade": amounts("loss_at_stop_per_trade", "loss_at_stop"),
    "loss_at_stop_total": amounts("loss_at_stop_total", "loss_at_stop"),
    "loss_at_stop_increase": amounts("loss_at_stop_increase", "loss_at_stop"),
    "loss_realised": Story(
        stated={"loss_realised": {"USDT": 300, "within": "24h"}},
        at=lost("100", "200"),
        above=lost("100", "201"),
        value="301",
        unknown=lost("1", None),
        lowered=replace(tightened({}, {}), past=lost("999").past),
    ),
    "reward_risk": Story(
        stated={"reward_risk": 2},
        at=opened(reward_risk="2", loss_at_stop=1),
        above=opened(reward_risk="1.99", loss_at_stop=1),
        value="1.99",
        unknown=opened(reward_risk=None, loss_at_stop=None),
        lowered=tightened({"reward_risk": "1", "loss_at_stop": 1}, {"reward_risk": "1.5", "loss_at_stop": 1}),
    ),
    "leverage": Story(
        stated={"leverage": 5}, at=leveraged("5"), above=leveraged("6"), value="6", unknown=leveraged(None)
    ),
    "liquidation_buffer_pct": Story(
        stated={"liquidation_buffer_pct": 1},
        at=leveraged("5", "57900"),
        above=leveraged("5", "58200"),
        value="0.5",
        unknown=leveraged("5"),
    ),
    "entry_distance_pct": Story(
        stated={"entry_distance_pct": 30}, at=distant("-30"), above=distant("-31"), value="31", unknown=distant(None)
    ),
    "stop_distance_pct": Story(
        stated={"stop_distance_pct": {"min": "0.2", "max": 5}}, at=stopped(57000), above=stopped(56400), value="6"
    ),
    "stop_required": Story(
        stated={"stop_required": True},
        at=opened(),
        above=gather(change(CREATE, None, NO_STOP)),
        value="1",
        lowered=gather(change(TIGHTEN, NO_STOP, NO_STOP)),
    ),
    "concentration_pct": Story(
        stated={"concentration_pct": 50},
        at=gather(change(CREATE, None, risk(notional=50)), others=OTHERS),
        above=gather(change(CREATE, None, risk(notional=150)), others=OTHERS),
        value="75",
        unknown=gather(change(CREATE, None, risk(notional=None)), others=OTHERS),
        lowered=gather(change(TIGHTEN, risk(notional=500), risk(notional=400)), others=OTHERS),
    ),
    "trades_open": Story(
        stated={"trades_open": 2},
        at=gather(change(CREATE, None, risk()), others=OTHERS),
        above=gather(change(CREATE, None, risk()), others={**OTHERS, "sol": risk()}),
        value="3",
        lowered=gather(change(TIGHTEN, risk(), risk()), others={"a": risk(), "b": risk(), "c": risk()}),
    ),
    "size_multiple": Story(
        stated={"size_multiple": 10}, at=sized("1000"), above=sized("1001"), value="10.01", unknown=sized("5", ())
    ),
    "accounts": Story(
        stated={"accounts": ["ma*"]},
        at=opened(),
        above=gather(change(replace(CREATE, after=builders.terms(account_id=2)), None, risk())),
        value="1",
        lowered=gather(change(CLOSE, risk(), None)),
    ),
    "pairs": Story(
        stated={"pairs": ["USDT_*"]}, at=on_pair("USDT_ETH"), above=on_pair("BTC_ETH"), value="1", lowered=None
    ),
    "sides": Story(
        stated={"sides": ["long"]},
        at=opened(),
        above=gather(change(replace(CREATE, after=LONG_AND_SHORT), None, risk())),
        value="1",
    ),
}


def find(facts: Facts, name: str) -> Guardrail:
    return judge_one(facts, STORIES[name].stated, name)


def test_every_guardrail_has_a_judge_and_a_story() -> None:
    names = {name.value for name in GuardrailName} - set(AT_APPLY)
    assert {name.value for name in JUDGES} == names == STORIES.keys()


@pytest.mark.parametrize("name", STORIES)
def test_a_value_at_the_limit_passes(name: str) -> None:
    found = find(STORIES[name].at, name)
    assert not found.is_passed
    assert found.state in (GuardrailState.AT_LIMIT, GuardrailState.OK)


@pytest.mark.parametrize("name", STORIES)
def test_a_value_above_the_limit_is_a_breach_that_holds_back_its_operations(name: str) -> None:
    found = find(STORIES[name].above, name)
    assert (found.state, found.value) == (GuardrailState.OVER, Decimal(STORIES[name].value))
    assert found.is_breach
    assert found.holds


@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.unknown])
def test_what_is_not_known_is_a_breach(name: str) -> None:
    facts = STORIES[name].unknown
    assert facts is not None
    found = find(facts, name)
    assert (found.state, found.value) == (GuardrailState.UNKNOWN, None)
    assert found.is_breach
    assert f"{name}.unknown={len(found.holds)}" == found.acknowledge


@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.lowered])
def test_what_lowers_risk_is_never_held_back(name: str) -> None:
    facts = STORIES[name].lowered
    assert facts is not None
    assert not [
        each for each in evaluate(facts, read_limits(STORIES[name].stated)) if each.name == name and each.is_passed
    ]


@pytest.mark.parametrize("name", STORIES)
def test_an_acknowledgement_that_fits_lets_a_breach_pass_and_no_other(name: str) -> None:
    found = find(STORIES[name].above, name)
    plan = builders.plan()
    fitting = parse_acknowledgements([found.acknowledge])
    assert find_refused([found], plan, fitting) == ()
    assert mark_acknowledged((found,), fitting)[0].acknowledged
    number = next(iter(fitting.values()))
    off = number + 1 if found.is_least else number - 1
    assert find_refused([found], plan, {next(iter(fitting)): off}) == (found,)
    assert find_refused([found], plan, {"unprotects" if name == "closes" else "closes": number}) == (found,)


@pytest.mark.parametrize("name", STORIES)
def test_a_warning_never_refuses(name: str) -> None:
    story = STORIES[name]
    own = {} if name in ("closes", "unprotects", "omissions") else {name: story.stated[name]}
    found = [
        each
        for each in evaluate(story.above, read_limits({**({name: 99} if not own else {}), "warn": story.stated}))
        if each.name == name and each.is_passed
    ]
    assert found
    assert all(each.level is GuardrailLevel.WARN and not each.is_breach for each in found)


def test_a_currency_without_a_number_is_a_breach_if_another_has_one() -> None:
    facts = gather(change(CREATE, None, risk("EUR", notional=1)))
    found = judge_one(facts, {"notional_total": {"USDT": 5}}, "notional_total")
    assert found.is_breach
    assert found.reason is not None
    assert found.reason.code is GuardrailReason.NO_LIMIT
    assert found.reason["currency"] == "EUR"
    assert not judge_one(facts, {"notional_total": {"USDT": 5, "*": 1}}, "notional_total").is_passed


def test_currencies_are_never_added_and_are_acknowledged_one_by_one() -> None:
    facts = gather(
        change(named(CREATE, "a"), None, risk("EUR", notional=60)), change(CREATE, None, risk("USDT", notional=70))
    )
    stated = {"notional_total": {"*": 50}}
    found = [each for each in evaluate(facts, read_limits(stated)) if each.is_breach]
    assert [each.acknowledge for each in found] == ["notional_total.EUR=60", "notional_total.USDT=70"]
    assert find_refused(found, builders.plan(), {"notional_total": Decimal(999)}) == tuple(found)


def test_a_total_that_was_over_before_and_is_not_raised_is_shown_and_is_no_breach() -> None:
    facts = gather(
        change(CREATE, None, risk(notional=100)),
        change(TIGHTEN, risk(notional=900), risk(notional=700)),
    )
    found = judge_one(facts, {"notional_total": {"USDT": 500}}, "notional_total")
    assert (found.value, found.before, found.state) == (Decimal(800), Decimal(900), GuardrailState.OVER_BEFORE)
    assert not found.is_breach


def test_a_trade_without_a_stop_is_not_made_up_for_by_another_that_ends() -> None:
    facts = gather(change(CREATE, None, NO_STOP), change(named(CLOSE, "old"), NO_STOP, None))
    found = judge_one(facts, {"stop_required": True}, "stop_required")
    assert (found.value, found.before, found.holds, found.is_breach) == (Decimal(1), Decimal(1), ("new",), True)


def test_breaches_come_first_and_from_80_percent_on_a_limit_is_marked() -> None:
    facts = opened(notional=80, margin=50)
    found = evaluate(facts, read_limits({"notional_total": {"USDT": 100}, "margin_total": {"USDT": 10}}))
    assert [each.name for each in found[:2]] == ["margin_total", "notional_total"]
    assert [each.state for each in found[:2]] == [GuardrailState.OVER, GuardrailState.NEAR]


@pytest.mark.parametrize("name", STORIES)
def test_a_plan_that_was_reviewed_is_judged_again_by_the_limits_of_now(name: str) -> None:
    story = STORIES[name]
    plan = builders.plan(story.above.operations)
    reviewed = replace(plan, guardrails=evaluate(story.above, read_limits(story.stated)))
    again = [each for each in evaluate_again(reviewed, story.stated) if each.name == name and each.is_breach]
    first = [each for each in reviewed.guardrails if each.name == name and each.is_breach]
    assert [(each.value, each.acknowledge) for each in again] == [(each.value, each.acknowledge) for each in first]


@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.unknown])
def test_a_limit_that_is_new_since_the_review_is_unknown(name: str) -> None:
    story = STORIES[name]
    operations = (LOOSEN,) if name.startswith("loss_at") else story.above.operations
    plan = builders.plan(operations)
    found = [each for each in evaluate_again(plan, story.stated) if each.name == name and each.is_breach]
    assert found
    assert all(each.value is None or name == "leverage" for each in found)


@pytest.mark.parametrize("name", STORIES)
def test_a_limit_that_is_new_since_the_review_holds_back_nothing_that_lowers_risk(name: str) -> None:
    plan = builders.plan([TIGHTEN])
    assert [each for each in evaluate_again(plan, STORIES[name].stated) if each.is_breach] == []


def test_a_lower_limit_for_each_trade_counts_for_what_the_plan_opens() -> None:
    others: Mapping[str, TradeRisk] = {"big": risk(notional=900)}
    facts = gather(change(CREATE, None, risk(notional=800)), others=others)
    stated = {"notional_per_trade": {"USDT": 1000}}
    plan = replace(builders.plan([CREATE]), guardrails=evaluate(facts, read_limits(stated)))
    found = evaluate_again(plan, {"notional_per_trade": {"USDT": 500}})
    assert [each.holds for each in found if each.is_breach] == [("new",)]


def test_a_plan_is_judged_with_its_own_risk() -> None:
    made = change(CREATE, None, risk(notional=800))
    plan = replace(builders.plan([CREATE]), risk=WorkspaceRisk(operations=(made[1],)))
    found = evaluate_plan(plan, {"notional_total": {"USDT": 500}})
    assert [each.acknowledge for each in found if each.is_breach] == ["notional_total=800"]
