"""Globs of `include`: what they match, and which texts are not globs."""

from __future__ import annotations

import pytest

from reconciler.loading.globs import Glob


@pytest.mark.parametrize(
    ("glob", "path", "is_match"),
    [
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "spot/a.yaml", False),
        ("spot/*.yaml", "spot/a.yaml", True),
        ("./spot//*.yaml", "spot/a.yaml", True),
        ("**/*.yaml", "a.yaml", True),
        ("**/*.yaml", "a/b/c.yaml", True),
        ("spot/**", "spot/a.yaml", True),
        ("spot/**/x/*.yaml", "spot/x/a.yaml", True),
        ("spot/**/x/*.yaml", "spot/a.yaml", False),
        ("[ab].yaml", "b.yaml", True),
        ("a.yaml", "A.yaml", False),
        ("a.yaml", "a.YAML", True),
        ("a.yaml", "a.yaml ", True),
    ],
)
def test_a_glob_matches_whole_paths_and_any_case_of_the_suffix(glob: str, path: str, *, is_match: bool) -> None:
    assert Glob.parse(glob).matches(path.split("/")) is is_match


@pytest.mark.parametrize(
    ("glob", "folder", "may_match"),
    [
        ("spot/*.yaml", "spot", True),
        ("spot/*.yaml", "futures", False),
        ("spot/*.yaml", "spot/deep", False),
        ("**/x.yaml", "any/depth", True),
        ("spot/**", "spot/deep", True),
    ],
)
def test_only_folders_that_may_hold_a_match_are_walked(glob: str, folder: str, *, may_match: bool) -> None:
    assert Glob.parse(glob).may_match_below(folder.split("/")) is may_match


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/etc/*.yaml", "found the absolute path '/etc/\\*.yaml'"),
        ("../x.yaml", "which leads out of the workspace"),
        ("", "expected a glob such as"),
        ("a**/x.yaml", r"expected \*\* as a part of its own"),
    ],
)
def test_a_text_that_is_not_a_glob_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Glob.parse(text)


def test_a_glob_without_wildcards_is_plain() -> None:
    assert Glob.parse("spot/a.yaml").is_plain
    assert not Glob.parse("spot/?.yaml").is_plain


def test_a_glob_with_many_stars_is_followed_in_no_time() -> None:
    glob = Glob.parse("/".join(["**"] * 30 + ["x.yaml"]).removeprefix("/"))
    assert not glob.matches(["a"] * 200)
