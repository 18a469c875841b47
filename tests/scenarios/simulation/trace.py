"""What happened in a history: a readable trace, and counts of every kind of event."""

from __future__ import annotations

from collections import Counter


class Violation(AssertionError):
    """A law was broken."""


class Trace:
    """What happened, in order.

    Args:
        seed: Of the history.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.lines: list[str] = []
        self.counts: Counter[str] = Counter()
        # What may be named as the reason of a block: kind of event and name of a trade, empty where it has none.
        self.facts: set[tuple[str, str]] = set()
        self.step = 0

    def tell(self, text: str) -> None:
        """One line."""
        self.lines.append(f"{self.step:4} {text}")

    def count(self, kind: str, name: str = "") -> None:
        """One more event of a kind, which is a fact about a trade from now on."""
        self.counts[kind] += 1
        self.facts.add((kind, name))

    def has(self, *kinds: str, name: str) -> bool:
        """Whether something of the kind has happened to a trade, or to one that cannot be named."""
        return any((kind, who) in self.facts for kind in kinds for who in (name, ""))

    def break_law(self, text: str) -> None:
        """End the history."""
        self.tell(f"LAW BROKEN: {text}")
        raise Violation(text)

    def report(self, problem: str) -> str:
        """All that a person needs to find out why a history failed."""
        story = "\n".join(self.lines)
        return f"seed {self.seed}: {problem}\n{story}\nReplay it: SEED={self.seed} pytest tests/scenarios/simulation"
