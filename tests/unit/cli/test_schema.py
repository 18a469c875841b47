"""`schema` prints what is shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Cli


@pytest.mark.parametrize("name", ["plan", "config", "saved-plan", "apply", "drift", "status"])
def test_schema_prints_a_json_schema(cli: Cli, name: str) -> None:
    assert json.loads(cli("schema", name).out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_vscode_writes_the_schemas_and_prints_settings_for_the_files_of_the_workspace(
    cli: Cli, workspace: Path
) -> None:
    done = cli("schema", "plan", "--vscode")
    assert done.code == 0
    settings = json.loads(done.out)["yaml.schemas"]
    assert settings == {
        "./.reconciler/plan.schema.json": ["**/*.yaml", "**/*.yml", "!reconciler.yaml"],
        "./.reconciler/config.schema.json": ["reconciler.yaml"],
    }
    assert all((workspace / path).is_file() for path in settings)
    assert (workspace / ".reconciler" / "plan.schema.json").read_text() == cli("schema", "plan").out


def test_vscode_goes_only_with_files_that_people_write(cli: Cli, workspace: Path) -> None:
    assert cli("schema", "drift", "--vscode").code == 64
