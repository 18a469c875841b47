"""Words that acknowledge a passed limit: counts exactly, amounts as an upper bound, what is unknown by its trades.

`closes=2` fits two closes and nothing else. `loss_at_stop_total=1520` fits up to 1520. If a limit is passed in several
currencies, each is named: `loss_at_stop_total.EUR=80`. If a trade is under and another above a range, the lower end is
named: `stop_distance_pct.min=0.1`. `notional_total.unknown=3` fits an unknown value, if it holds back exactly three
trades. Several pairs or trades that pass one limit have one number: the one that covers all.
"""

from __future__ import annotations

import re
from collections import defaultdict
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
_SUFFIX = re.compile(r"(\.([A-Z0-9]{2,20}|count|min))?(\.unknown)?")
_COUNT_WORD = "count"
_LEAST_WORD = "min"
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
        UsageError: A text is of another form, names no guardrail, means all of them, or contradicts another.
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
        if found.setdefault(key, Decimal(number)) != Decimal(number):
            raise UsageError(
                f"--acknowledge {text:.60}: {key} is also acknowledged as {plain(found[key])}; give one number for it"
            )
    return found


def write_acknowledgements(guardrails: Sequence[Guardrail]) -> tuple[Guardrail, ...]:
    """Put beside each passed limit what acknowledges it.

    Args:
        guardrails: All limits of one plan: those that are passed in several currencies name theirs.
    """
    passed = [each for each in guardrails if each.is_passed]
    same: dict[str, list[Guardrail]] = defaultdict(list)
    for each in passed:
        same[_name_key(each, passed)].append(each)
    words = {key: f"{key}={plain(_find_number(found))}" for key, found in same.items()}
    return tuple(
        replace(each, acknowledge=words[_name_key(each, passed)]) if each.is_passed else each for each in guardrails
    )


def fits_any(guardrail: Guardrail, acknowledged: Mapping[str, Decimal]) -> bool:
    """Return whether one of some acknowledgements fits a passed limit.

    Args:
        guardrail: The limit, with what acknowledges it.
        acknowledged: What was acknowledged, by name.
    """
    return bool(find_fitting(guardrail, acknowledged))


def find_fitting(guardrail: Guardrail, acknowledged: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """Find the numbers among some acknowledgements that fit a passed limit.

    Args:
        guardrail: The limit, with what acknowledges it.
        acknowledged: What was acknowledged, by name; the name of a currency may be given although no other is passed.
    """
    key, _, wanted = guardrail.acknowledge.partition("=")
    if not key:
        return ()
    numbers = (acknowledged.get(each) for each in (key, _name_whole(guardrail)))
    if guardrail.value is None:
        return tuple(number for number in numbers if number == Decimal(wanted))
    return tuple(number for number in numbers if number is not None and fits(guardrail, number))


def fits(guardrail: Guardrail, number: Decimal) -> bool:
    """Return whether a number acknowledges a passed limit: counts exactly, amounts as a bound.

    Args:
        guardrail: The limit, whose value is known.
        number: What was acknowledged for it.
    """
    if guardrail.value is None or _is_count(guardrail):
        return guardrail.value == number
    return guardrail.value >= number if guardrail.is_least else guardrail.value <= number


def is_counted(name: str) -> bool:
    """Return whether a limit is on a number of operations or trades, which is acknowledged exactly."""
    return name in _COUNTS


def _name_key(guardrail: Guardrail, passed: Iterable[Guardrail]) -> str:
    """Return the name of an acknowledgement, as short as it can be beside those of other passed limits."""
    others = [each for each in passed if each.name == guardrail.name]
    key = guardrail.name
    if len({each.unit for each in others}) > 1:
        key += f".{guardrail.unit or _COUNT_WORD}"
    if guardrail.value is None:
        return f"{key}{_UNKNOWN}"
    has_range = any(not each.is_least and each.value is not None for each in others)
    return f"{key}.{_LEAST_WORD}" if guardrail.is_least and has_range else key


def _name_whole(guardrail: Guardrail) -> str:
    """Return the longest name of an acknowledgement, which fits this limit and no other."""
    part = _LEAST_WORD if guardrail.name == GuardrailName.STOP_DISTANCE_PCT and guardrail.is_least else guardrail.unit
    return f"{guardrail.name}.{part or _COUNT_WORD}{_UNKNOWN if guardrail.value is None else ''}"


def _find_number(found: Sequence[Guardrail]) -> Decimal:
    """Return the number that acknowledges some passed limits of one name."""
    values = [each.value for each in found if each.value is not None]
    if not values:
        return Decimal(len({trade for each in found for trade in each.holds}))
    first = found[0]
    if _is_count(first):
        return values[0]
    exact = min(values) if first.is_least else max(values)
    shown = exact.quantize(_SHOWN, rounding=ROUND_FLOOR if first.is_least else ROUND_CEILING)
    return exact if shown == exact else shown


def _is_count(guardrail: Guardrail) -> bool:
    return guardrail.name in _COUNTS or (guardrail.name == GuardrailName.LOSS_REALISED and not guardrail.unit)
