"""Who holds a lock, and whether its process still runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from reconciler.journal.lock_holder import Holder, find_holder, is_alive, read_holder


def test_a_holder_is_read_as_it_was_written() -> None:
    holder = find_holder()
    assert holder.pid == os.getpid()
    assert read_holder(holder.write()) == holder
    assert str(holder) == f"{holder.user}@{holder.host} (process {holder.pid})"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"user": 5, "pid": "x"}', '{"pid": -1}'])
def test_a_damaged_holder_is_an_unknown_one(text: str) -> None:
    holder = read_holder(text)
    assert str(holder) == "unknown@unknown (process unknown)"
    assert is_alive(holder) is None


def test_this_process_is_alive_and_one_that_ended_is_not() -> None:
    ours = find_holder()
    assert is_alive(ours) is True
    script = "from reconciler.journal.lock_holder import find_holder; print(find_holder().write())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert is_alive(read_holder(done.stdout)) is False


def test_a_number_that_another_process_has_got_since_is_not_the_holder() -> None:
    assert is_alive(replace(find_holder(), started="1")) is False


@pytest.mark.parametrize("change", [{"machine": "another boot"}, {"host": "elsewhere"}, {"pid": 0}, {"started": ""}])
def test_of_a_process_that_cannot_be_seen_from_here_nothing_is_known(change: dict[str, object]) -> None:
    holder: Holder = replace(find_holder(), **change)  # type: ignore[arg-type]
    assert is_alive(holder) is None
