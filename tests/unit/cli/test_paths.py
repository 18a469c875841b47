"""Path arguments: what cannot be used is a usage error with its name, whatever the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli

# A command with one path that is wrong; the braces are where it goes.
COMMANDS = [
    ("plan", "{}"),
    ("plan", "--out", "{}"),
    ("apply", "{}", "--auto-approve"),
    ("validate", "{}"),
    ("drift", "{}"),
    ("status", "{}"),
    ("show", "{}"),
    ("init", "{}"),
    ("import", "--all", "--into", "{}"),
    ("--workspace", "{}", "plan"),
    ("plan", "--workspace", "{}"),
    ("sandbox", "show", "--data", "{}"),
    ("sandbox", "replay", "{}"),
    ("sandbox", "serve", "--rsa-public-key", "{}"),
]


def fill(command: tuple[str, ...], path: str) -> list[str]:
    return [word.replace("{}", path) for word in command]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "an empty path was given"),
        ("a\0b.yaml", "NUL character"),
        ("caf\udce9.yaml", "is not UTF-8"),
        ("a" * 300, "File name too long"),
        ("a/" * 3000, "File name too long"),
        ("loop.yaml", "Too many levels of symbolic links"),
        ("loop.yaml/deeper/x", "Too many levels of symbolic links"),
    ],
    ids=["empty", "NUL", "bytes", "long name", "long path", "loop", "below a loop"],
)
def test_a_path_that_cannot_be_used_is_a_usage_error_and_does_nothing(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], path: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    done = cli(*fill(command, path))
    assert done.code == 64
    assert said in done.err
    assert done.out == ""
    assert [each.name for each in tmp_path.iterdir()] == ["loop.yaml"]


@pytest.mark.parametrize("command", [("sandbox", "replay", "{}"), ("sandbox", "serve", "--rsa-public-key", "{}")])
@pytest.mark.parametrize(("path", "said"), [("gone.csv", "there is no such file"), (".", "is a folder")])
def test_a_file_that_has_to_be_there_is(
    cli: Cli, workspace: Path, command: tuple[str, ...], path: str, said: str
) -> None:
    done = cli(*fill(command, path))
    assert done.code == 64
    assert said in done.err


def test_a_workspace_cannot_be_written_into_a_file(cli: Cli, workspace: Path) -> None:
    done = cli("init", "btc-dip.yaml")
    assert done.code == 64
    assert "btc-dip.yaml is not a folder" in done.err
