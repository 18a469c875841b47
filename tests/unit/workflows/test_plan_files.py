"""From plan files to trades: what is read, refused and selected."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.settings import Settings, load_settings
from reconciler.workflows.plan_files import (
    check_files,
    read_plan_files,
    read_selection,
    resolve,
    select_all,
    select_problems,
    select_trades,
)
from tests.support.program import BTC_DIP

OTHER = BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")


@pytest.fixture
def settings(workspace: Path) -> Settings:
    (workspace / "more").mkdir()
    (workspace / "more" / "other.yaml").write_text(OTHER)
    return load_settings(workspace, None, {})


def test_all_files_are_read_and_counted(settings: Settings) -> None:
    files = read_plan_files(settings)
    assert (files.count, files.names, files.problems, files.unread) == (2, frozenset({"btc-dip", "other"}), (), ())
    assert select_all(files).is_whole
    assert select_all(files).names == files.names


def test_errors_are_refused_all_at_once(settings: Settings, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("buy", "bye"))
    (workspace / "more" / "other.yaml").write_text(OTHER.replace("volume: 50", "volume: 40"))
    with pytest.raises(InvalidPlanFiles) as refused:
        read_plan_files(settings)
    assert len({problem.file for problem in refused.value.problems}) == 2
    files = check_files(settings)
    assert files.problems == refused.value.problems
    assert select_problems(files, [workspace / "more"]) == tuple(
        problem for problem in files.problems if problem.file.endswith("other.yaml")
    )


def test_a_workspace_without_a_file_is_an_error_that_says_how_to_begin(workspace: Path) -> None:
    (workspace / "btc-dip.yaml").unlink()
    with pytest.raises(WorkspaceError, match="`reconciler init` writes a first one"):
        check_files(load_settings(workspace, None, {}))


def test_a_draft_counts_instead_of_its_file(settings: Settings, workspace: Path) -> None:
    files = check_files(settings, {workspace / "more" / "other.yaml": OTHER.replace("other", "third")})
    assert files.names == {"btc-dip", "third"}


def test_paths_and_names_select_and_leave_removals_out(settings: Settings, workspace: Path) -> None:
    whole = read_selection(settings)
    assert (whole.names, whole.is_whole) == (frozenset({"btc-dip", "other"}), True)
    for selection in (read_selection(settings, [workspace / "more"]), read_selection(settings, names=["other"])):
        assert (selection.names, selection.is_whole) == (frozenset({"other"}), False)
        assert selection.files.names == whole.names


def test_what_selects_nothing_is_refused_with_the_reason(settings: Settings, workspace: Path) -> None:
    files = read_plan_files(settings)
    (workspace / "empty").mkdir()
    for path, reason in [
        (workspace / "nofile.yaml", "no such file or folder"),
        (workspace / "empty", "no trade of workspace test is in it"),
        (Path("/usr"), "it is outside"),
    ]:
        with pytest.raises(UsageError, match=reason):
            select_trades(files, settings, [path], ())
    with pytest.raises(UsageError, match="no trade is named btc, nobody"):
        select_trades(files, settings, (), ["nobody", "other", "btc"])
    with pytest.raises(UsageError, match="no such file or folder"):
        select_problems(files, [workspace / "nofile.yaml"])


def test_a_link_is_what_it_leads_to(settings: Settings, workspace: Path) -> None:
    (workspace / "link").symlink_to(workspace / "more")
    assert resolve(workspace / "link") == resolve(workspace / "more")
    assert read_selection(settings, [workspace / "link"]).names == {"other"}
