"""Warnings of validation about the files of a plan, without those that are no longer true of the live trades."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.matching.match import Matching
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.problems import Problem, Severity
from reconciler.model.specs import TradeSpec

_FILLED = (Phase.OPEN, Phase.ENDED)


def select_warnings(problems: Iterable[Problem], specs: Sequence[TradeSpec], matching: Matching) -> tuple[Problem, ...]:
    """Select the warnings about some trades and their files, without the lines that they quote.

    Args:
        problems: What validation found in all files.
        specs: The trades that are planned.
        matching: These with their live trades. What is true only of a waiting entry is left out once it has filled: a
            stop may have been moved to the entry, or into profit. What is true only of a create is left out: the plan
            blocks it.
    """
    names = {spec.name for spec in specs}
    files = {spec.origin.file for spec in specs}
    lives = {match.spec.name: match.live for match in matching.matches}
    return tuple(
        replace(problem, source_line="")
        for problem in problems
        if problem.severity is Severity.WARNING
        and (problem.trade in names if problem.trade else problem.file in files)
        and not problem.is_about_create
        and not (problem.is_about_entry and _is_filled(lives.get(problem.trade)))
    )


def _is_filled(live: LiveTrade | None) -> bool:
    return live is not None and live.phase in _FILLED
