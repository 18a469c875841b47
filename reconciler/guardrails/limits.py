"""Stage 7b: the limits of reconciler.yaml, with the defaults of those that it does not state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import cast

from reconciler.codec.numbers import to_decimal
from reconciler.model.guardrails import GuardrailLevel, GuardrailName, Limit
from reconciler.model.plan import PlanContext

Values = Mapping[str, object]

# Key of the group of limits that are only shown.
WARN = "warn"
# A position closed, or left with less protection, is never routine; a handful of files removed at once may be.
DEFAULT_LIMITS: Mapping[str, int] = {"closes": 0, "unprotects": 0, "omissions": 5}
# Nobody has tried these on real plans yet, so they do not refuse one.
DEFAULT_WARNINGS: Mapping[str, int] = {
    "creates": 20,
    "liquidation_buffer_pct": 0,
    "entry_distance_pct": 30,
    "size_multiple": 10,
}
DEFAULT_PLAN_AGE_S = 24 * 3600
# Limits on the least value.
_LEAST = frozenset({GuardrailName.REWARD_RISK, GuardrailName.LIQUIDATION_BUFFER_PCT})
# Checked when a plan is applied, and not by its operations.
AT_APPLY = frozenset({GuardrailName.PLAN_AGE, GuardrailName.PRICE_MOVED_PCT})
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read_limits(stated: Values) -> tuple[Limit, ...]:
    """Read the `guardrails` of a valid reconciler.yaml, in the order of the names, each limit before its warning.

    Args:
        stated: The group as the file has it; empty if there is none.
    """
    warned = cast("Values", stated.get(WARN) or {})
    found: list[Limit] = []
    for name in GuardrailName:
        if name in AT_APPLY:
            continue
        found += _read_level(name, stated, DEFAULT_LIMITS, GuardrailLevel.LIMIT)
        # A limit of one's own makes the default of a warning pointless.
        defaults = {} if name in stated else DEFAULT_WARNINGS
        found += _read_level(name, warned, defaults, GuardrailLevel.WARN)
    return tuple(found)


def read_plan_age(stated: Values) -> int:
    """Read how long a saved plan can be applied, in seconds."""
    age = stated.get(GuardrailName.PLAN_AGE)
    return DEFAULT_PLAN_AGE_S if age is None else read_seconds(str(age))


def limit_age(context: PlanContext, stated: Values) -> PlanContext:
    """Return the context of a plan with the time that another `plan_age` leaves it, if that is shorter.

    Args:
        context: Of a plan.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
    """
    expires_at = context.made_at + timedelta(seconds=read_plan_age(stated))
    return replace(context, expires_at=min(context.expires_at, expires_at))


def read_seconds(text: str) -> int:
    """Read a duration such as `24h`, in seconds."""
    return int(text[:-1]) * _UNITS_S[text[-1]]


def _read_level(
    name: GuardrailName, stated: Values, defaults: Mapping[str, int], level: GuardrailLevel
) -> Iterator[Limit]:
    value = stated.get(name, defaults.get(name))
    if value is None or value is False:
        return
    parts = _PARTS.get(name, _read_number)(name, value)
    yield Limit(name=name, level=level, is_default=name not in stated, **parts)  # type: ignore[arg-type]  # by name


def _read_number(name: GuardrailName, value: object) -> Values:
    return {"least" if name in _LEAST else "most": to_decimal(value)}


def _read_amounts(_: GuardrailName, value: object) -> Values:
    return {"amounts": {currency: to_decimal(amount) for currency, amount in cast("Values", value).items()}}


def _read_losses(_: GuardrailName, value: object) -> Values:
    parts = cast("Values", value)
    amounts = {key: to_decimal(amount) for key, amount in parts.items() if key not in ("within", "count")}
    count = parts.get("count")
    return {
        "amounts": amounts,
        "most": None if count is None else to_decimal(count),
        "within_s": read_seconds(str(parts["within"])),
    }


def _read_range(_: GuardrailName, value: object) -> Values:
    parts = cast("Values", value)
    return {key: to_decimal(parts[end]) for key, end in (("least", "min"), ("most", "max")) if end in parts}


def _read_switch(_: GuardrailName, __: object) -> Values:
    return {"most": Decimal(0)}


def _read_list(_: GuardrailName, value: object) -> Values:
    return {"allowed": tuple(map(str, cast("list[object]", value))), "most": Decimal(0)}


_PARTS: Mapping[GuardrailName, Callable[[GuardrailName, object], Values]] = {
    **dict.fromkeys(
        (
            GuardrailName.NOTIONAL_PER_TRADE,
            GuardrailName.NOTIONAL_PER_PAIR,
            GuardrailName.NOTIONAL_TOTAL,
            GuardrailName.COMMITS_PER_PLAN,
            GuardrailName.MARGIN_TOTAL,
            GuardrailName.LOSS_AT_STOP_PER_TRADE,
            GuardrailName.LOSS_AT_STOP_TOTAL,
            GuardrailName.LOSS_AT_STOP_INCREASE,
        ),
        _read_amounts,
    ),
    GuardrailName.LOSS_REALISED: _read_losses,
    GuardrailName.STOP_DISTANCE_PCT: _read_range,
    GuardrailName.STOP_REQUIRED: _read_switch,
    **dict.fromkeys((GuardrailName.ACCOUNTS, GuardrailName.PAIRS, GuardrailName.SIDES), _read_list),
}
