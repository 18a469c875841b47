"""Completion, called as the shells call it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """\
version: 1
workspace: test
target: sandbox
targets:
  sandbox: {kind: sandbox, accounts: {main: 1, second: 2}}
  paper: {kind: api, mode: paper, accounts: {futures: 3}}
"""
PLAN = "version: 1\ntrades:\n  btc-dip: {}\n  btc-swing: {}\n  ada-bag: {}\n"
PROGRAM = Path(sys.executable).parent / "reconciler"
SHELLS = ("bash", "zsh", "fish")
TRADES = {"ada-bag", "btc-dip", "btc-swing"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path


def complete(shell: str, line: str, folder: Path) -> set[str]:
    """Complete the last word of a line as a shell does; `file` and `dir` say that the shell lists files or folders."""
    words = shlex.split(line)
    incomplete = "" if line.endswith(" ") else words[-1]
    place = len(words) - (0 if line.endswith(" ") else 1)
    instruction = {"_RECONCILER_COMPLETE": f"{shell}_complete", "COMP_WORDS": line}
    # fish gives the incomplete word itself, the others its place.
    instruction["COMP_CWORD"] = incomplete if shell == "fish" else str(place)
    done = subprocess.run(
        [PROGRAM], cwd=folder, env={**os.environ, **instruction}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    if shell == "zsh":
        return {kind if kind in ("file", "dir") else value for kind, value in zip(lines[::3], lines[1::3], strict=True)}
    parts = [each.split("\t")[0].partition(",") for each in lines if each]
    return {kind if kind in ("file", "dir") else value for kind, _, value in parts}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reconciler trade close ", TRADES),
        ("reconciler trade show b", {"btc-dip", "btc-swing"}),
        ("reconciler plan --trade btc-s", {"btc-swing"}),
        ("reconciler --target ", {"sandbox", "paper"}),
        ("reconciler apply --target p", {"paper"}),
        ("reconciler validate ", {"file"}),
    ],
)
def test_trades_targets_and_files_complete_in_every_shell(
    shell: str, line: str, expected: set[str], folder: Path
) -> None:
    assert complete(shell, line, folder) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("reconciler import --update ", TRADES),
        ("reconciler journal show --trade a", {"ada-bag"}),
        ("reconciler import --all --account ", {"main", "second"}),
        ("reconciler --target paper import --all --account ", {"futures"}),
        ("reconciler init ", {"dir"}),
        ("reconciler apply ", {"file"}),
        ("reconciler trade close-step btc-dip ", set()),
        ("reconciler trade close --id 7 ", set()),
        ("reconciler validate --format g", {"github"}),
        ("reconciler jo", {"journal"}),
    ],
)
def test_other_words_complete_by_their_meaning(line: str, expected: set[str], folder: Path) -> None:
    assert complete("bash", line, folder) == expected


def test_trades_of_a_workspace_elsewhere_complete(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert complete("bash", f"reconciler --workspace {folder} trade show ", elsewhere) == TRADES
    assert complete("bash", f"reconciler plan --workspace {folder} --trade ad", elsewhere) == {"ada-bag"}


def test_a_broken_workspace_completes_nothing_and_prints_nothing(folder: Path) -> None:
    (folder / "reconciler.yaml").write_text("version: [")
    assert complete("bash", "reconciler trade show ", folder) == set()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_the_script_for_bash_completes_a_line(folder: Path) -> None:
    script = (
        f'PATH={PROGRAM.parent}:$PATH; eval "$(_RECONCILER_COMPLETE=bash_source reconciler)"\n'
        "COMP_WORDS=(reconciler trade close btc-s); COMP_CWORD=3\n"
        "_reconciler_completion reconciler; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout == "btc-swing\n"
