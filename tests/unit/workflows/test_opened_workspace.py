"""A workspace is open until it is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import WorkspaceError
from reconciler.session import report_nothing
from reconciler.workflows.opened_workspace import OpenedWorkspace


def test_after_its_end_every_call_is_refused(tmp_path: Path) -> None:
    with OpenedWorkspace(tmp_path, None, report_nothing) as workspace:
        pass
    for call in (workspace.freeze, workspace.unfreeze):
        with pytest.raises(WorkspaceError, match="is closed"):
            call("why")
    assert not (tmp_path / ".reconciler").exists()
