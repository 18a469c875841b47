"""An edit of a plan file says whether it makes the file."""

from __future__ import annotations

from pathlib import Path

from reconciler.importing.file_edit import FileEdit


def test_only_an_edit_without_a_text_before_makes_the_file() -> None:
    made = FileEdit(path=Path("a.yaml"), before=None, after="version: 1\n", specs=())
    changed = FileEdit(path=Path("a.yaml"), before="", after="version: 1\n", specs=())
    assert (made.is_new, changed.is_new) == (True, False)
