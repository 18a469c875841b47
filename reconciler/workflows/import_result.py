"""The result of an import, and how far an import goes; for programs that use the library."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.importing.choices import Refusal
from reconciler.importing.file_edit import FileEdit
from reconciler.workflows.applying import Applied


class ImportMode(StrEnum):
    """The steps of an import; each mode includes the ones before."""

    # Read only, and return the edit of the plan file.
    PREVIEW = "preview"
    # Write the plan file.
    WRITE = "write"
    # Write markers into the notes of the live trades, so that plan manages them.
    ADOPT = "adopt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The result of an import.

    Attributes:
        edit: The edit of a plan file; None if no trade is new to the files.
        refused: Trades that were asked for and are skipped, with the reason.
        applied: What became of the markers; None unless the mode is `ADOPT` and a marker had to be written.
    """

    edit: FileEdit | None
    refused: tuple[Refusal, ...]
    applied: Applied | None
