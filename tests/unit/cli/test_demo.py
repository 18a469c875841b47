"""`demo` shows the life of a trade."""

from __future__ import annotations

import os

import pytest

from tests.support.program import Cli


def test_a_pull_request_around_it_does_not_matter(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert cli("demo").code == 0
    assert os.environ["GITHUB_BASE_REF"] == "main"


def test_the_demo_tells_the_whole_story(cli: Cli) -> None:
    done = cli("demo")
    assert done.code == 0
    assert done.out.count("No changes.") == 3
    assert "will lose a take-profit step" in done.out
    assert "open 0/1" in done.out
