"""`schema` prints what is shipped."""

from __future__ import annotations

import json

import pytest

from tests.support.program import Cli


@pytest.mark.parametrize("name", ["plan", "config", "saved-plan", "apply", "drift", "status"])
def test_schema_prints_a_json_schema(cli: Cli, name: str) -> None:
    assert json.loads(cli("schema", name).out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
