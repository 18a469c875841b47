"""Fields with two values, and positions in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.operations import FieldChange
from reconciler.model.specs import Origin
from reconciler.model.views import FieldView


def view_fields(changes: Iterable[FieldChange]) -> tuple[FieldView, ...]:
    """Make the views of the inputs that change."""
    return tuple(
        FieldView(path=shorten_path(change.path), before=change.live, after=change.wanted) for change in changes
    )


def shorten_path(path: str) -> str:
    """Write a path in the short form of plan files."""
    return path.replace("take_profit.steps", "take_profit").removesuffix(".value")


def find_source(trade: str, sources: Mapping[str, Origin]) -> str:
    """Return where a trade is written, as `file:line`; empty of one that is in no file."""
    source = sources.get(trade)
    return f"{source.file}:{source.line}" if source else ""
