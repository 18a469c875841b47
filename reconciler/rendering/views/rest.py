"""Rows that are left out: counted by what is done, with their money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from reconciler.model.phrases import Phrase
from reconciler.model.plan_view import IndexRow, RowKind
from reconciler.rendering.phrases import join, phrase, unit
from reconciler.rendering.risk_text import money
from reconciler.rendering.words import count_of

# A list of rows shows all that are dangerous, and so many of the others.
MOST_ROWS = 100


def split_rows(rows: Sequence[IndexRow], most: int = MOST_ROWS) -> tuple[Sequence[IndexRow], Sequence[IndexRow]]:
    """Split an index into the rows that are shown and the rest, which is only counted.

    Args:
        rows: The most dangerous first.
        most: How many are shown of those that are neither dangerous nor blocked.
    """
    quiet = [place for place, row in enumerate(rows) if not row.is_dangerous and row.kind is RowKind.OPERATION]
    left_out = frozenset(quiet[most:])
    shown = [row for place, row in enumerate(rows) if place not in left_out]
    return shown, [rows[place] for place in quiet[most:]]


def say_rest(rows: Sequence[IndexRow]) -> Phrase:
    """Say how many rows are left out, what they do, and which money they bind; empty without any."""
    return phrase(f"and {len(rows)} more: ", count_rows(rows)) if rows else ()


def count_rows(rows: Sequence[IndexRow]) -> Phrase:
    """Count rows by what they do, with the money that they bind: `800 creates; they bind 120,400.00 USDT`."""
    actions = Counter(row.action.replace("_", " ") for row in rows if row.action)
    others = Counter(row.effect for row in rows if not row.action)
    counts = [count_of(count, action) for action, count in actions.most_common()]
    counts += [f"{count} {effect}" for effect, count in others.most_common()]
    amounts = join(
        (phrase(f"{money(amount, currency)} ", unit(currency)) for currency, amount in add_up(rows).items()), " and "
    )
    return phrase(", ".join(counts), phrase("; they bind ", amounts) if amounts else ())


def add_up(rows: Iterable[IndexRow]) -> dict[str, Decimal]:
    """Add up by how much rows raise the notional, by currency."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        for currency, amount in row.binds.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return dict(sorted(sums.items()))
