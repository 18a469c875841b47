"""An edit of a plan file that is not written yet."""

from __future__ import annotations

from pathlib import Path

from reconciler.importing.file_edit import FileEdit


def test_an_edit_makes_a_file_where_there_was_none() -> None:
    assert FileEdit(path=Path("a.yaml"), before=None, after="version: 1\n", specs=()).is_new
    assert not FileEdit(path=Path("a.yaml"), before="", after="version: 1\n", specs=()).is_new
