"""Words that acknowledge a passed limit: counts exactly, amounts as an upper bound, what is unknown by its trades.

`closes=2` fits two closes and nothing else. `loss_at_stop_total=1520` fits up to 1520. If a limit is passed in several
currencies, each is named: `loss_at_stop_total.EUR=80`. `notional_total.unknown=3` fits an unknown value, if it holds
back exactly three trades.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reconciler.codec.numbers import plain
from reconciler.errors import UsageError
from reconciler.guardrails.limits import AT_APPLY
from reconciler.model.changed_rules import ChangedRule
from reconciler.model.guardrails import Guardrail, GuardrailName

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,18})?")
# No plan has more operations than this.
_COUNT = re.compile("[0-9]{1,9}")
_SUFFIX = re.compile(r"(\.([A-Z0-9]{2,20}|count))?(\.unknown)?")
_COUNT_WORD = "count"
_UNKNOWN = ".unknown"
# Amounts are acknowledged up to the next number with so many decimals.
_SHOWN = Decimal("0.00000001")
_NAMES = (*(name for name in GuardrailName if name not in AT_APPLY), *ChangedRule)
# An exact number of operations or trades; all other limits are on amounts, shares and ratios.
_COUNTS = frozenset(
    {
        *ChangedRule,
        GuardrailName.CLOSES,
        GuardrailName.UNPROTECTS,
        GuardrailName.OMISSIONS,
        GuardrailName.CREATES,
        GuardrailName.AT_MARKET,
        GuardrailName.STOP_REQUIRED,
        GuardrailName.TRADES_OPEN,
        GuardrailName.ACCOUNTS,
        GuardrailName.PAIRS,
        GuardrailName.SIDES,
    }
)


def parse_acknowledgements(texts: Iterable[str]) -> dict[str, Decimal]:
    """Read acknowledgements from `closes=2`, `notional_total=500` and the like.

    Raises:
        UsageError: A text is of another form, names no guardrail, or means all of them.
    """
    found: dict[str, Decimal] = {}
    for text in texts:
        key, _, number = text.partition("=")
        name, dot, rest = key.partition(".")
        if name.strip().lower() in ("all", "*"):
            raise UsageError(
                f"--acknowledge {text:.60}: nothing acknowledges all at once; acknowledge each by its name and number,"
                " as the plan says, for example closes=2"
            )
        form = _COUNT if name in _COUNTS or key.endswith((_UNKNOWN, f".{_COUNT_WORD}")) else _NUMBER
        if name not in _NAMES or not _SUFFIX.fullmatch(dot + rest) or not form.fullmatch(number):
            what = "NAME=COUNT" if name in _COUNTS or name not in _NAMES else "NAME=NUMBER"
            raise UsageError(
                f"--acknowledge {text:.60}: expected {what} with one of {', '.join(_NAMES)}, for example closes=2"
            )
        found[key] = Decimal(number)
    return found


def write_acknowledgements(guardrails: Sequence[Guardrail]) -> tuple[Guardrail, ...]:
    """Put beside each passed limit what acknowledges it.

    Args:
        guardrails: All limits of one plan: those that are passed in several currencies name theirs.
    """
    return tuple(
        replace(each, acknowledge=f"{_name_key(each, guardrails)}={plain(_find_number(each))}")
        if each.is_passed
        else each
        for each in guardrails
    )


def fits_any(guardrail: Guardrail, acknowledged: Mapping[str, Decimal]) -> bool:
    """Return whether one of some acknowledgements fits a passed limit.

    Args:
        guardrail: The limit, with what acknowledges it.
        acknowledged: What was acknowledged, by name.
    """
    key, _, _ = guardrail.acknowledge.partition("=")
    number = acknowledged.get(key)
    return bool(key) and number is not None and fits(guardrail, number)


def fits(guardrail: Guardrail, number: Decimal) -> bool:
    """Return whether a number acknowledges a passed limit: counts exactly, amounts as a bound.

    Args:
        guardrail: The limit.
        number: What was acknowledged for it.
    """
    if guardrail.value is None:
        return number == len(guardrail.holds)
    if _is_count(guardrail):
        return guardrail.value == number
    return guardrail.value >= number if guardrail.is_least else guardrail.value <= number


def is_counted(name: str) -> bool:
    """Return whether a limit is on a number of operations or trades, which is acknowledged exactly."""
    return name in _COUNTS


def _name_key(guardrail: Guardrail, others: Iterable[Guardrail]) -> str:
    units = {each.unit for each in others if each.name == guardrail.name and each.is_passed}
    key = guardrail.name if len(units) < 2 else f"{guardrail.name}.{guardrail.unit or _COUNT_WORD}"
    return f"{key}{_UNKNOWN}" if guardrail.value is None else key


def _find_number(guardrail: Guardrail) -> Decimal:
    if guardrail.value is None:
        return Decimal(len(guardrail.holds))
    if _is_count(guardrail):
        return guardrail.value
    exact = guardrail.value
    shown = exact.quantize(_SHOWN, rounding=ROUND_FLOOR if guardrail.is_least else ROUND_CEILING)
    return exact if shown == exact else shown


def _is_count(guardrail: Guardrail) -> bool:
    return guardrail.name in _COUNTS or (guardrail.name == GuardrailName.LOSS_REALISED and not guardrail.unit)
