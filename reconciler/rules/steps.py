"""One to eight steps, each with order type, price and volume; the volumes add up to exactly 100.

Finished steps stay listed, so they count. A share without a step is written as `unallocated`.
Source: SmartTradesV2 page, take_profit: "Maximum steps is 8", "should be 100% in the sum of all steps".
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.rules.candidate import Candidate, Finding, require

MAX_STEPS = 8


def check_steps(candidate: Candidate) -> Iterator[Finding]:
    """Find steps that are incomplete, too many or too few."""
    if not candidate.is_on("take_profit", "enabled"):
        return
    count = len(candidate.steps)
    if not 1 <= count <= MAX_STEPS:
        message = f"found {count or 'no'} steps, expected 1 to {MAX_STEPS}, or 'take_profit: false'"
        yield Finding(path=("take_profit", "steps"), message=message)
    for step in candidate.steps:
        yield from require(candidate, *step, "order_type", expected="market or limit")
        yield from require(candidate, *step, "price", expected="a number such as 63000")
        yield from require(candidate, *step, "volume", expected="a share of the position in percent")


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
    allocated = sum(known)
    total = allocated + unallocated
    if total != 100:
        parts = " + ".join(plain(volume) for volume in known)
        rest = f", unallocated {plain(unallocated)}" if unallocated else ""
        message = f"found volumes of {plain(total)} percent ({parts}{rest}), expected exactly 100{_advise(allocated)}"
        yield Finding(path=("take_profit", "steps"), message=message)


def _advise(allocated: Decimal | int) -> str:
    if allocated >= 100:
        return ""
    return f"; if the rest should have no step, write 'unallocated: {plain(Decimal(100 - allocated))}'"
