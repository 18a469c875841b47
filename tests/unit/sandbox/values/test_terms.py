from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from decimal import Decimal

import pytest

from reconciler.sandbox.values import terms
from reconciler.sandbox.values.terms import ChangeTerms, FundsTerms, OrderType

KINDS = [kind for kind in vars(terms).values() if is_dataclass(kind)]


def test_terms_cannot_be_changed() -> None:
    given = FundsTerms(order_type=OrderType.MARKET, units=Decimal(1))
    with pytest.raises(FrozenInstanceError):
        given.units = Decimal(2)  # type: ignore[misc]  # frozen


def test_a_change_of_units_alone_replaces_no_group() -> None:
    change = ChangeTerms(units=Decimal(1))

    flags = [field.name for field in fields(change) if field.name.startswith("replaces")]
    assert [getattr(change, name) for name in flags] == [False] * 4


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_is_described(kind: type) -> None:
    assert all(f"        {field.name}: " in f"    {kind.__doc__}" for field in fields(kind))
