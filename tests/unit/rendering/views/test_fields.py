"""Fields and positions."""

from __future__ import annotations

from reconciler.model.operations import FieldChange
from reconciler.model.specs import Origin
from reconciler.rendering.views.fields import find_source, shorten_path, view_fields


def test_paths_are_those_of_plan_files_and_nothing_is_escaped() -> None:
    assert shorten_path("take_profit.steps[0].price.value") == "take_profit[0].price"
    (field,) = view_fields([FieldChange(path="stop_loss.conditional.price.value", live=None, wanted="a\nb")])
    assert (field.path, field.before, field.after) == ("stop_loss.conditional.price", None, "a\nb")


def test_a_trade_in_no_file_has_no_position() -> None:
    sources = {"a": Origin(file="plans/a.yaml", line=3, column=5)}
    assert find_source("a", sources) == "plans/a.yaml:3"
    assert find_source("b", sources) == ""
