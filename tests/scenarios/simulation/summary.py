"""The summary of the histories of all workers, printed at the end of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

# From so many histories on every kind of event must have occurred.
ENOUGH = 10_000


def count_events(reporter: pytest.TerminalReporter) -> Counter[str]:
    """How often each kind of event occurred."""
    counts: Counter[str] = Counter()
    for value in _find_properties(reporter, "simulated"):
        counts.update(value)
    return counts


def find_missing(reporter: pytest.TerminalReporter) -> list[str]:
    """Kinds of events that did not occur although there were histories enough."""
    counts = count_events(reporter)
    if counts["histories"] < ENOUGH:
        return []
    # Imported late: it needs the whole program, and this module is loaded in every session.
    from tests.scenarios.simulation.event_kinds import EVENTS

    return [event for event in EVENTS if not counts[event]]


def write_summary(reporter: pytest.TerminalReporter) -> None:
    """Print the counts, and in which history each removed safety was missed."""
    counts = count_events(reporter)
    removed = list(_find_properties(reporter, "removed"))
    if counts or removed:
        reporter.section("what the histories contained")
    if counts:
        reporter.write_line(", ".join(f"{kind} {counts[kind]}" for kind in sorted(counts)))
    for found in removed:
        for safety, histories in found.items():
            reporter.write_line(f"without {safety}: a law breaks in history {histories}")
    for event in find_missing(reporter):
        reporter.write_line(f"no history contained: {event}", red=True)


def _find_properties(reporter: pytest.TerminalReporter, wanted: str) -> Iterator[dict[str, int]]:
    for outcome in ("passed", "failed"):
        for report in reporter.stats.get(outcome, []):
            for name, value in report.user_properties:
                if name == wanted:
                    yield value
