"""Files that a user names to be read: no more than a bound, and no waiting for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.input_files import read_input


def test_no_more_than_the_bound_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abcdef")
    assert read_input(tmp_path / "x", 100) == b"abcdef"
    assert read_input(tmp_path / "x", 3) == b"abc"
    assert read_input(Path("/dev/zero"), 200_000) == bytes(200_000)


def test_what_is_not_wanted_by_its_start_is_read_no_further(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * 200_000)
    assert len(read_input(tmp_path / "x", 200_000, is_wanted=lambda start: start.startswith(b"b"))) < 200_000
    assert len(read_input(tmp_path / "x", 200_000, is_wanted=lambda start: start.startswith(b"a"))) == 200_000


def test_a_pipe_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    assert read_input(Path(f"/dev/fd/{reading}"), 100) == b"abc"
    os.close(reading)


def test_a_pipe_into_which_nobody_writes_is_given_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(TimeoutError, match="nothing came within 0 seconds"):
        read_input(tmp_path / "x", 100, silence_s=0.05)


@pytest.mark.parametrize("name", [".", "gone"])
def test_what_is_no_file_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"directory"):
        read_input(tmp_path / name, 100)
