"""Tests of reconciler/workflows/editor_schemas.py."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.settings import load_settings
from reconciler.validation.schemas import read_schema
from reconciler.workflows.editor_schemas import describe_vscode, write_editor_schemas


def describe(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(describe_vscode(load_settings(root, None, {}, is_live=False)))[
        "yaml.schemas"
    ]
    return found


def test_the_schemas_are_written_once_and_again_when_they_are_outdated(tmp_path: Path) -> None:
    plan, config = write_editor_schemas(tmp_path)
    assert config.read_text() == read_schema("config")
    before = plan.stat().st_mtime_ns
    write_editor_schemas(tmp_path)
    assert plan.stat().st_mtime_ns == before
    plan.write_text("{}")
    write_editor_schemas(tmp_path)
    assert plan.read_text() == read_schema("plan")
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_paths_begin_at_the_top_of_the_repository_and_globs_are_those_of_the_workspace(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    root = tmp_path / "a" / "trades"
    (root / "other").mkdir(parents=True)
    (root / "other" / "reconciler.yaml").write_text("version: 1\n")
    (root / "reconciler.yaml").write_text("version: 1\ninclude: [spot/*.yaml]\nnested: [other]\n")
    assert describe(root) == {
        "./a/trades/.reconciler/plan.schema.json": [
            "a/trades/spot/*.yaml",
            "!a/trades/reconciler.yaml",
            "!a/trades/other/**",
        ],
        "./a/trades/.reconciler/config.schema.json": ["a/trades/reconciler.yaml"],
    }


def test_outside_a_repository_they_begin_at_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "trades"
    root.mkdir()
    monkeypatch.chdir(tmp_path)
    assert "./trades/.reconciler/plan.schema.json" in describe(root)
    monkeypatch.chdir(root)
    assert "./.reconciler/plan.schema.json" in describe(root)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="not below the current folder"):
        describe(root)
