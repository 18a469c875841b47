"""The base of a review and acknowledgements in a saved plan, written and read back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.body import Body
from reconciler.codec.json_fields import as_list, as_object
from reconciler.codec.numbers import plain, to_decimal
from reconciler.model.plan import Plan
from reconciler.model.review import ReviewBase


def write_review(plan: Plan) -> Body:
    """Write by which base a plan was held, and what is acknowledged for it."""
    return {
        "base": None if plan.base is None else _write_base(plan.base),
        "acknowledged": {name: plain(number) for name, number in plan.acknowledged.items()},
    }


def read_base(document: Mapping[str, object]) -> ReviewBase | None:
    """Read the base by which a plan was held; a plan of an older version has none."""
    value = document.get("base")
    if value is None:
        return None
    base = as_object(value, "the base of the plan")
    return ReviewBase(
        name=str(base["name"]),
        commit=str(base["commit"]),
        folders=tuple(str(folder) for folder in as_list(base["folders"], "the folders of the base")),
        price_moved_pct=to_decimal(base["price_moved_pct"]),
    )


def read_acknowledged(document: Mapping[str, object]) -> dict[str, Decimal]:
    """Read what is acknowledged for a plan; nothing is for one of an older version."""
    value = as_object(document.get("acknowledged", {}), "the acknowledgements of the plan")
    return {name: to_decimal(number) for name, number in value.items()}


def _write_base(base: ReviewBase) -> Body:
    return {
        "name": base.name,
        "commit": base.commit,
        "folders": list(base.folders),
        "price_moved_pct": plain(base.price_moved_pct),
    }
