"""The base and the acknowledgements of a plan are written and read back, exactly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.review import ReviewBase
from reconciler.saved_plan.review_parts import read_acknowledged, read_base, write_review
from tests.support.builders import plan

BASE = ReviewBase(name="main", commit="a" * 40, folders=("", "money"), price_moved_pct=Decimal("1.5"))


def test_what_is_written_is_read_back() -> None:
    written = write_review(replace(plan(), base=BASE, acknowledged={"closes": Decimal(1), "x": Decimal("1520.50")}))
    assert read_base(written) == BASE
    assert read_acknowledged(written) == {"closes": Decimal(1), "x": Decimal("1520.5")}
    assert written["acknowledged"] == {"closes": "1", "x": "1520.5"}


def test_a_plan_without_either_and_one_of_an_older_version() -> None:
    for document in (write_review(plan()), {}):
        assert read_base(document) is None
        assert read_acknowledged(document) == {}


@pytest.mark.parametrize("document", [{"base": 1}, {"base": {"name": "main"}}])
def test_a_damaged_base_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((TypeError, KeyError, ValueError)):
        read_base(document)
    with pytest.raises((TypeError, ValueError)):
        read_acknowledged({"acknowledged": [1]})
