"""The result of reading the trades that an import asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.importing.choices import Choice, Refusal
from reconciler.importing.new_files import New
from reconciler.model.live import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Importable:
    """The trades that were asked for, sorted by what can be done with them.

    Attributes:
        new: Those that are new to the files, and what would be stated about them.
        known: Those that a file describes already.
        refused: Those that are skipped.
        accounts: The accounts of the key.
    """

    new: tuple[New, ...]
    known: tuple[Choice, ...]
    refused: tuple[Refusal, ...]
    accounts: Mapping[int, Account]
