"""Files replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import WorkspaceError
from reconciler.formatting.files import read_text, replace_text


def test_a_new_file_is_written_with_its_folder(tmp_path: Path) -> None:
    replace_text(tmp_path / "a" / "b.yaml", "x: 1\n", expected=None)
    assert (tmp_path / "a" / "b.yaml").read_text() == "x: 1\n"


def test_line_ends_and_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"x: 1\r\n")
    path.chmod(0o600)
    text = read_text(path)
    assert text == "x: 1\r\n"
    replace_text(path, "x: 2\r\n", expected=text)
    assert path.read_bytes() == b"x: 2\r\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("expected", ["x: 1\n", None])
def test_what_somebody_else_has_written_meanwhile_stays(tmp_path: Path, expected: str | None) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("x: theirs\n")
    with pytest.raises(WorkspaceError, match="was changed meanwhile, so it was not written"):
        replace_text(path, "x: ours\n", expected=expected)
    assert path.read_text() == "x: theirs\n"
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


def test_a_link_stays_one_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("x: 1\n")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    replace_text(tmp_path / "link.yaml", "x: 2\n", expected="x: 1\n")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "x: 2\n"


def test_a_place_that_cannot_be_written_is_an_error_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        replace_text(tmp_path / "file" / "a.yaml", "x: 1\n", expected=None)


def test_what_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(WorkspaceError, match="is not UTF-8 text"):
        read_text(tmp_path / "a.yaml")
