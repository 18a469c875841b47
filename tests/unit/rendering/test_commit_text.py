"""The commit of a plan, for its head."""

from __future__ import annotations

import pytest

from reconciler.rendering.commit_text import describe_commit
from tests.support.builders import context


@pytest.mark.parametrize(
    ("commit", "words"),
    [
        (None, ""),
        ("9f2c1ab0" + "0" * 32, ", commit 9f2c1ab0"),
        ("9f2c1ab0" + "0" * 32 + "+dirty", ", commit 9f2c1ab0 with uncommitted changes"),
    ],
)
def test_the_commit_is_named_and_whether_files_differ_from_it(commit: str | None, words: str) -> None:
    assert describe_commit(context(git_commit=commit)) == words
