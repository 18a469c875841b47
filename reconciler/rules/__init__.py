"""Rules about a trade that a schema cannot express. They check its canonical form, after defaults were added.

Each rule is a function from a candidate to its findings. A new rule is a new file and a line in `RULES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.averaging import check_averaging, check_averaging_offered, check_averaging_prices
from reconciler.rules.breakeven import check_breakeven
from reconciler.rules.candidate import Candidate, Finding, Rule
from reconciler.rules.entry import check_entry
from reconciler.rules.fires_at_once import check_fires_at_once
from reconciler.rules.ignored_prices import check_ignored
from reconciler.rules.instant import check_instant
from reconciler.rules.levels import check_levels
from reconciler.rules.leverage import check_leverage
from reconciler.rules.note import check_note
from reconciler.rules.own_funds import check_own_funds
from reconciler.rules.pair import check_pair
from reconciler.rules.ranges import check_percent_ranges, check_positive
from reconciler.rules.required import check_required
from reconciler.rules.steps import check_steps, check_volumes
from reconciler.rules.stop import check_stop, check_stop_price, check_timeout
from reconciler.rules.trailing import check_trailing, check_trailing_step

__all__ = ["RULES", "Candidate", "Finding", "Rule", "check_trade"]

RULES: tuple[Rule, ...] = (
    check_required,
    check_pair,
    check_instant,
    check_own_funds,
    check_entry,
    check_leverage,
    check_steps,
    check_volumes,
    check_levels,
    check_trailing,
    check_trailing_step,
    check_stop,
    check_timeout,
    check_stop_price,
    check_breakeven,
    check_positive,
    check_percent_ranges,
    check_ignored,
    check_fires_at_once,
    check_averaging,
    check_averaging_offered,
    check_averaging_prices,
    check_note,
)


def check_trade(candidate: Candidate) -> Iterator[Finding]:
    """Apply all rules. The findings of one field are not always next to each other."""
    for rule in RULES:
        yield from rule(candidate)
