"""Places in files of what a plan shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.specs import Origin, TradeSpec
from reconciler.planning.decisions import Decision


def find_sources(decision: Decision, specs: Iterable[TradeSpec]) -> Mapping[str, Origin]:
    """Find where the trades of operations, blocks and notices are written, by name.

    Args:
        decision: What was decided.
        specs: The trades of all files.
    """
    shown = {each.trade for each in decision.operations}
    shown |= {each.trade for each in decision.blocked}
    shown |= {each.trade for each in decision.notices}
    return {spec.name: spec.origin for spec in specs if spec.name in shown}
