"""One to eight steps, each with order type, price and volume; the volumes add up to exactly 100.

Finished steps stay listed, so they count. A share without a step is written as `unallocated`.
Source: SmartTradesV2 page, take_profit: "Maximum steps is 8", "should be 100% in the sum of all steps".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.rules.candidate import Candidate, Finding, require

MAX_STEPS = 8
# A difference that comes from rounding, as in 33.33 three times.
_SMALL_GAP_PCT = Decimal(1)


def check_steps(candidate: Candidate) -> Iterator[Finding]:
    """Find steps that are incomplete, too many or too few."""
    if not candidate.is_on("take_profit", "enabled"):
        return
    count = len(candidate.steps)
    if not 1 <= count <= MAX_STEPS:
        message = f"found {count or 'no'} steps, expected 1 to {MAX_STEPS}, or 'take_profit: false'"
        yield Finding(path=("take_profit", "steps"), message=message)
    if _has_dash_before_each_key(candidate):
        message = (
            "found a dash before each key, expected one before each step; write one dash, and the other keys below"
            " without one"
        )
        yield Finding(path=("take_profit", "steps"), message=message)
        return
    for step in candidate.steps:
        yield from require(candidate, *step, "order_type", expected="market or limit")
        yield from require(candidate, *step, "price", expected="a number such as 63000")
        yield from require(candidate, *step, "volume", expected="a share of the position in percent")


def _has_dash_before_each_key(candidate: Candidate) -> bool:
    """Return whether the keys of one step are written as steps of their own."""
    groups = [candidate.get(*step) for step in candidate.steps]
    keys = [key for group in groups if isinstance(group, dict) for key in group]
    return len(groups) > 1 and len(keys) == len(groups) == len(set(keys))


def check_volumes(candidate: Candidate) -> Iterator[Finding]:
    """Find volumes that do not add up to 100, with the unallocated share."""
    volumes = [candidate.number(*step, "volume") for step in candidate.steps]
    known = [volume for volume in volumes if volume is not None]
    if not volumes or len(known) < len(volumes):
        return
    unallocated = candidate.number("take_profit", "unallocated")
    if unallocated is None:
        unallocated = Decimal(0)
    elif not 0 <= unallocated < 100:
        return
    total = sum(known) + unallocated
    if total != 100:
        parts = " + ".join(plain(volume) for volume in known)
        rest = f", unallocated {plain(unallocated)}" if unallocated else ""
        advice = _advise(known, Decimal(100) - total, unallocated)
        message = f"found volumes of {plain(total)} percent ({parts}{rest}), expected exactly 100{advice}"
        yield Finding(path=("take_profit", "steps"), message=message)


def _advise(volumes: Sequence[Decimal], gap: Decimal, unallocated: Decimal) -> str:
    """Write what to do about volumes that miss 100 by some percent."""
    if sum(volumes) == 1:
        parts = ", ".join(plain(volume * 100) for volume in volumes)
        return f"; volumes are percent of the position: write {parts}"
    if abs(gap) <= _SMALL_GAP_PCT and volumes[-1] + gap > 0:
        where = "in one of them" if len(set(volumes)) == 1 and len(volumes) > 1 else "in the last step"
        return f"; write {plain(volumes[-1] + gap)} {where}"
    if gap < 0:
        return "; write smaller volumes"
    rest = plain(unallocated + gap)
    return (
        "; a new trade needs steps for all of it, so write larger volumes; if steps of a live trade were cancelled,"
        f" write their share: take_profit: {{unallocated: {rest}, steps: [...]}}"
    )
