"""What the engine does not simulate yet: such an entry, step or stop is accepted, stored and echoed, and waits."""

from __future__ import annotations

from reconciler.sandbox.trade import SmartTrade, Step, Stop


def is_entry_simulated(trade: SmartTrade) -> bool:
    """Whether the entry can be triggered: one that trails only waits."""
    return trade.position.terms.trailing_pct is None


def is_step_simulated(step: Step) -> bool:
    """Whether the step can fire: one that trails only waits."""
    return step.terms.trailing_pct is None


def is_stop_simulated(stop: Stop) -> bool:
    """Whether the stop can fire: one that trails or has a timeout only waits."""
    return stop.terms.trailing_pct is None and stop.terms.timeout_s is None


def list_unsimulated(trade: SmartTrade) -> list[str]:
    """The parts of a trade that wait because they are not simulated yet, in words."""
    parts = [] if is_entry_simulated(trade) else ["trailing entry"]
    parts += [
        f"trailing take-profit step {number}"
        for number, step in enumerate(trade.steps, start=1)
        if not is_step_simulated(step)
    ]
    if trade.stop is not None:
        parts += ["trailing stop loss"] if trade.stop.terms.trailing_pct is not None else []
        parts += ["stop-loss timeout"] if trade.stop.terms.timeout_s is not None else []
        parts += ["breakeven"] if trade.stop.terms.has_breakeven else []
    return parts
