"""The settings and the session of a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_verbose_names_every_request_on_standard_error(cli: Cli) -> None:
    done = cli("plan", "--verbose")
    assert "GET /ver1/accounts" in done.err
    assert "GET /v2/smart_trades" in done.err


def test_in_ci_an_api_target_must_be_named(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / "reconciler.yaml").write_text(
        CONFIG + "  real: {kind: api, mode: real, accounts: {main: 32402783}}\ntarget: sandbox\n"
    )
    assert cli("plan").code == 0
    monkeypatch.setenv("CI", "true")
    done = cli("plan")
    assert done.code == 64
    assert "--target" in done.err
    assert cli("plan", "--target", "sandbox").code == 0


def test_an_api_target_without_a_key_says_which_variables_are_missing(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(
        CONFIG + "  real: {kind: api, mode: real, accounts: {main: 32402783}}\ntarget: sandbox\n"
    )
    done = cli("plan", "--target", "real")
    assert done.code == 64
    assert "THREE_COMMAS_API_KEY" in done.err
