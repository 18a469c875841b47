"""What an import found is a value that cannot be changed afterwards."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from reconciler.importing.choices import Refusal
from reconciler.importing.importable import Importable


def test_two_findings_of_the_same_trades_are_equal_and_stay_as_they_are() -> None:
    refused = (Refusal(live_id=5, reason="it has ended"),)
    found = Importable(new=(), known=(), refused=refused, accounts={})
    assert found == Importable(new=(), known=(), refused=refused, accounts={})
    assert found != Importable(new=(), known=(), refused=(), accounts={})
    with pytest.raises(FrozenInstanceError):
        found.refused = ()  # type: ignore[misc]  # this is what must not be possible
