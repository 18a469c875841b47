"""`sandbox fault`: errors on the wire, on demand."""

from __future__ import annotations

import json

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_a_fault_is_added_listed_and_removed(cli: Cli) -> None:
    assert "lose_reply" in cli("sandbox", "fault", "kinds").out.split()
    assert cli("sandbox", "fault", "add", "lose_reply", "--method", "POST").err == "Fault 1 is waiting.\n"
    (fault,) = json.loads(cli("sandbox", "fault", "list").out)
    assert fault["kind"] == "lose_reply"
    assert cli("sandbox", "fault", "clear", "1").err == "1 removed.\n"
    assert json.loads(cli("sandbox", "fault", "list").out) == []


def test_a_kind_that_does_not_exist_is_an_error(cli: Cli) -> None:
    done = cli("sandbox", "fault", "add", "earthquake")
    assert done.code == 1
    assert done.err == "Error: kind does not have a valid value\n"
