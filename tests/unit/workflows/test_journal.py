"""Which journal a workspace has, and what a lock belongs to."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler.clock import ManualClock
from reconciler.errors import UsageError
from reconciler.journal.database import Access
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.model.journal import IntentState
from reconciler.session import report_nothing
from reconciler.settings import Settings, load_settings
from reconciler.workflows.journal import (
    find_database,
    find_machine_lock,
    open_database,
    open_journal,
    open_reader,
    resolve_request,
    scope_of,
)
from tests.support.program import CONFIG
from tests.support.world import START_AT

CLOCK = ManualClock(START_AT)


@pytest.fixture
def settings(workspace: Path) -> Settings:
    return load_settings(workspace, None, {})


def _api_target(workspace: Path, name: str, url: str = "") -> Settings:
    address = f", base_url: '{url}'" if url else ""
    (workspace / "reconciler.yaml").write_text(
        f"{CONFIG}  {name}: {{kind: api, mode: paper, accounts: {{main: 1}}{address}}}\n"
    )
    return load_settings(workspace, name, {}, is_live=False)


def test_there_is_none_until_something_is_written(settings: Settings) -> None:
    assert find_database(settings, Access.READ) is None
    with open_reader(settings, report_nothing) as reader:
        assert reader is None
    with open_journal(settings, CLOCK, report_nothing, writes=False) as opened:
        assert (opened.journal, opened.is_shared) == (NO_JOURNAL, False)
    with open_journal(settings, CLOCK, report_nothing, writes=True) as opened:
        assert opened.journal is not NO_JOURNAL
    with open_reader(settings, report_nothing) as reader:
        assert reader is not None
        assert reader.list_runs() == []


def test_the_word_none_switches_it_off(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    with open_journal(settings, CLOCK, report_nothing, writes=True) as opened:
        assert opened.journal is NO_JOURNAL
    with pytest.raises(UsageError, match="says that there is no journal"):
        open_database(settings)


def test_a_request_that_does_not_exist_cannot_be_resolved(settings: Settings) -> None:
    with pytest.raises(UsageError):
        resolve_request(settings, 1, IntentState.APPLIED, CLOCK, report_nothing)


def test_a_lock_belongs_to_host_mode_and_account_whatever_the_target_is_called(workspace: Path) -> None:
    one, other = (scope_of(_api_target(workspace, name)) for name in ("paper", "renamed"))
    assert one.account_keys == other.account_keys
    elsewhere = scope_of(_api_target(workspace, "paper", "http://127.0.0.1:9/public/api"))
    assert elsewhere.account_keys != one.account_keys


def test_each_embedded_sandbox_is_separate_and_needs_no_lock_of_the_machine(settings: Settings) -> None:
    assert str(settings.root.resolve()) in scope_of(settings).world
    with ExitStack() as stack:
        assert find_machine_lock(settings, report_nothing, stack) is None
