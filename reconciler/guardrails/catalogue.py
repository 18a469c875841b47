"""What each guardrail holds back if it is passed, and how it is acknowledged: for documents and for readers."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.guardrails.acknowledgements import is_counted
from reconciler.guardrails.limits import DEFAULT_LIMITS, DEFAULT_WARNINGS
from reconciler.model.guardrails import GuardrailName

# What a breach holds back. What lowers risk is in none of these, apart from the three that count it.
HELD_BACK: Mapping[GuardrailName, str] = {
    GuardrailName.CLOSES: "those",
    GuardrailName.UNPROTECTS: "those",
    GuardrailName.OMISSIONS: "those",
    GuardrailName.CREATES: "all that opens a trade",
    GuardrailName.AT_MARKET: "those",
    GuardrailName.NOTIONAL_PER_TRADE: "what adds to it",
    GuardrailName.NOTIONAL_PER_PAIR: "what adds to it",
    GuardrailName.NOTIONAL_TOTAL: "what adds to it",
    GuardrailName.COMMITS_PER_PLAN: "what binds money",
    GuardrailName.MARGIN_TOTAL: "what adds to it",
    GuardrailName.LOSS_AT_STOP_PER_TRADE: "what adds to it",
    GuardrailName.LOSS_AT_STOP_TOTAL: "what adds to it",
    GuardrailName.LOSS_AT_STOP_INCREASE: "what adds to it",
    GuardrailName.LOSS_REALISED: "what binds money",
    GuardrailName.REWARD_RISK: "what opens such a trade or makes it worse",
    GuardrailName.LEVERAGE: "what opens such a trade or makes it worse",
    GuardrailName.LIQUIDATION_BUFFER_PCT: "what opens such a trade or adds to its risk",
    GuardrailName.ENTRY_DISTANCE_PCT: "what opens such a trade or changes its entry",
    GuardrailName.STOP_DISTANCE_PCT: "what opens such a trade or moves its stop away",
    GuardrailName.STOP_REQUIRED: "what opens such a trade or takes its stop away",
    GuardrailName.CONCENTRATION_PCT: "what adds to that pair",
    GuardrailName.TRADES_OPEN: "all that opens a trade",
    GuardrailName.SIZE_MULTIPLE: "what adds to such a trade",
    GuardrailName.ACCOUNTS: "all there that does not only lower risk",
    GuardrailName.PAIRS: "all there that does not only lower risk",
    GuardrailName.SIDES: "all there that does not only lower risk",
    GuardrailName.PLAN_AGE: "the plan, which is stale (10)",
    GuardrailName.PRICE_MOVED_PCT: "that operation, which is stale (10)",
}
_OTHER_DEFAULTS: Mapping[GuardrailName, str] = {
    GuardrailName.PLAN_AGE: "24h",
    GuardrailName.PRICE_MOVED_PCT: "2",
}
# Those at the bottom of a ratio: a lower number acknowledges more.
_LEAST = frozenset({GuardrailName.REWARD_RISK, GuardrailName.LIQUIDATION_BUFFER_PCT})


def describe_default(name: GuardrailName) -> str:
    """Return the default of a guardrail in a few words."""
    if name in DEFAULT_LIMITS:
        return str(DEFAULT_LIMITS[name])
    if name in DEFAULT_WARNINGS:
        return f"warning, {DEFAULT_WARNINGS[name]}"
    return _OTHER_DEFAULTS.get(name, "none")


def describe_acknowledgement(name: GuardrailName) -> str:
    """Return how the number of an acknowledgement is meant."""
    if name in _OTHER_DEFAULTS:
        return "not"
    if is_counted(name):
        return "exact count"
    return "lower bound" if name in _LEAST else "upper bound"
