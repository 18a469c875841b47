"""An edit of a plan file that is not written yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.model.specs import TradeSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """A plan file as it is and as it would be.

    Attributes:
        path: The file.
        before: Its text; None if there is no such file.
        after: Its text after the edit.
        specs: The trades that were added or changed, as the file then describes them.
    """

    path: Path
    before: str | None
    after: str
    specs: tuple[TradeSpec, ...]

    @property
    def is_new(self) -> bool:
        """Return whether the edit makes the file."""
        return self.before is None
