"""A plan in the format and the width that the user asks for."""

from __future__ import annotations

import io

import pytest

from reconciler.cli.plan_output import find_text_width
from tests.support.program import Cli


def test_a_file_gets_whole_lines_unless_a_width_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert find_text_width(io.StringIO()) == 2000
    monkeypatch.setenv("COLUMNS", "120")
    assert find_text_width(io.StringIO()) == 120
    monkeypatch.setenv("COLUMNS", "999")
    assert find_text_width(io.StringIO()) == 160
    monkeypatch.setenv("COLUMNS", "x")
    assert find_text_width(io.StringIO()) == 2000


@pytest.mark.usefixtures("workspace")
def test_no_line_of_a_plan_is_wider_than_its_screen(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        assert max(map(len, cli("plan").out.splitlines())) <= width
