"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PROGRAM = f"{sys.executable} -c 'from reconciler.cli.main import main; main()'"


def _sessions() -> Iterator[list[tuple[str, str]]]:
    """Each console block as commands with what they print."""
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        yield [
            (command, output) for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
        ]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the plans of a fresh clone."""
    shutil.copytree(ROOT / "plans", tmp_path / "plans", ignore=shutil.ignore_patterns(".reconciler"))
    return tmp_path


def _run(command: str, folder: Path) -> str:
    line = re.sub(
        r"(\S*/)?\breconciler (?=plan|apply|drift|status|import|sandbox|validate|demo|trade)",
        lambda _: f"{PROGRAM} ",
        command,
    )
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    return done.stdout


@pytest.mark.parametrize("session", list(_sessions()))
def test_a_session_of_the_readme_prints_what_it_says(session: list[tuple[str, str]], clone: Path) -> None:
    folder = clone
    for command, expected in session:
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
        elif command == "cat wrong.yaml":
            # A folder of its own, so that nothing else is checked with it.
            folder = clone / "wrong"
            folder.mkdir()
            (folder / "wrong.yaml").write_text(expected)
        else:
            assert _run(command, folder) == expected, command


def test_the_plan_file_of_the_first_screen_is_the_one_in_the_plans_folder() -> None:
    shown = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == (ROOT / "plans" / "btc.yaml").read_text()


def test_the_command_that_runs_it_ends_with_an_applied_plan_and_an_empty_second_plan(clone: Path) -> None:
    found = re.search(r"<!-- command: run -->\n```sh\n(.*?)\n```", README)
    assert found is not None
    _, _, commands = found[1].partition("pip install --quiet . && ")
    printed = _run(commands, clone)
    assert "Apply complete! Trades: 3 added, 0 changed, 0 destroyed." in printed
    assert printed.endswith("No changes. 3 trades as the files say.\nRequests: 3 used.\n")


def test_every_command_of_the_program_is_in_the_readme() -> None:
    from reconciler.cli.main import root

    for name in root.list_commands(None):  # type: ignore[arg-type] # the list is always the same
        assert re.search(rf"^\| `{name}\b", README, re.MULTILINE), name
