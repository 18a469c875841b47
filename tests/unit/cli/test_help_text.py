"""The end of each help text."""

from __future__ import annotations

import shlex
from contextlib import suppress

import click
import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.help_text import HELP_ENDS
from reconciler.cli.main import root
from reconciler.cli.variables import walk_commands
from tests.support.program import Cli

PATHS = [path for _, path in walk_commands(root)]
COMMON = ("--workspace", "--color", "--verbose")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(path) or "reconciler")
def test_every_help_ends_with_examples_and_exit_codes(cli: Cli, path: tuple[str, ...]) -> None:
    shown = cli(*path, "--help").out
    _, found, end = shown.partition("Examples:\n")
    assert found
    example = next(line.strip() for line in end.splitlines() if line.strip())
    assert example.startswith(f"reconciler {' '.join(path)}".rstrip())
    codes = " ".join(end.partition("Exit codes: ")[2].split()).split("; ")
    assert [int(each.partition(" ")[0]) for each in codes] == sorted(HELP_ENDS[" ".join(path)].codes)


@pytest.mark.parametrize("path", PATHS[1:], ids=" ".join)
def test_common_options_are_one_sentence_in_the_help_of_a_command(cli: Cli, path: tuple[str, ...]) -> None:
    shown = cli(*path, "--help").out
    options = shown.partition("Options:")[2].partition("Global options")[0]
    assert [name for name in COMMON if name in options] == []
    assert "Global options, before or after the command: --workspace DIR, --target NAME" in " ".join(shown.split())


def test_the_help_of_the_program_describes_the_common_options_and_names_the_key(cli: Cli) -> None:
    shown = cli("--help").out
    assert all(name in shown for name in (*COMMON, "--target", "THREE_COMMAS_API_KEY", "THREE_COMMAS_API_SECRET"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(path) or "reconciler")
def test_no_help_is_wider_than_80_cells_cut_in_a_sentence_or_shows_a_range_of_numbers(
    cli: Cli, path: tuple[str, ...]
) -> None:
    shown = cli(*path, "--help").out
    assert max(map(len, shown.splitlines())) <= 80
    assert [line for line in shown.splitlines()[1:] if line.endswith("...")] == []
    assert "<=x" not in shown


@pytest.mark.parametrize("example", sorted({each for end in HELP_ENDS.values() for each in end.examples}))
def test_every_example_can_be_parsed(example: str) -> None:
    words = shlex.split(example.partition(" > ")[0])
    if words[:2] == ["sandbox", "act"] and "act" not in _names(root, "sandbox"):
        pytest.skip("this program has no such command")
    if words[0] == "help":
        return
    context = click.Context(root, info_name="reconciler")
    name, command, rest = root.resolve_command(context, words)
    while isinstance(command, click.Group):
        assert rest, example
        context = click.Context(command, parent=context, info_name=name)
        name, command, rest = command.resolve_command(context, rest)
    assert command is not None
    with suppress(_NoSuchFile):
        command.make_context(name, [_check_path(word) for word in rest], parent=context)


class _NoSuchFile(Exception):
    """An example names a file, which is not here."""


def _check_path(word: str) -> str:
    if word.endswith((".yaml", ".csv", ".json")):
        raise _NoSuchFile
    return word


def test_a_code_of_every_meaning_has_words() -> None:
    used = {code for end in HELP_ENDS.values() for code in end.codes}
    assert used == set(ExitCode)


def _names(group: click.Group, name: str) -> list[str]:
    below = group.get_command(click.Context(group), name)
    assert isinstance(below, click.Group)
    return below.list_commands(click.Context(below))
