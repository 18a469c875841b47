"""What the files want."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.specs import map_renames
from tests.support.builders import spec


def test_every_former_name_leads_to_the_present_one() -> None:
    moved = replace(spec(name="c"), former_names=("b", "a"))
    assert map_renames([moved, spec(name="d")]) == {"b": "c", "a": "c"}
    assert map_renames([]) == {}
