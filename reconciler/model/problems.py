"""Findings about files, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Return whether a finding makes the file unusable."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One finding about a file.

    Attributes:
        file: Path as the user would type it.
        line: Line, from 1.
        column: Column, from 1, in characters.
        path: The field, for example `trades.btc-dip.take_profit[0].volume`; empty for the file as a whole.
        message: What was found, what was expected, what to do.
        source_line: The text of the line, without its line end; empty if the file has no such line.
        severity: An error makes the file unusable, a warning does not.
        trade: Name of its trade; empty if it is about no trade, or about the text of the file.
        is_about_entry: Whether it is true only while the entry of its trade waits.
        is_about_create: Whether it is true only if its trade would be created; a plan blocks that create.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    source_line: str = ""
    severity: Severity = Severity.ERROR
    trade: str = ""
    is_about_entry: bool = False
    is_about_create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Doubt:
    """A place where plan files may be missing.

    Attributes:
        file: Its path as the user would type it.
        reason: Why, with the file as the subject.
        remedy: What to do about it.
    """

    file: str
    reason: str
    remedy: str

    @property
    def problem(self) -> Problem:
        """It as a warning."""
        message = f"{self.reason}: plan files may be missing, so no trade counts as removed; {self.remedy}"
        return Problem(file=self.file, line=1, column=1, path="", message=message, severity=Severity.WARNING)
