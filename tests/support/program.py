"""A workspace in a folder of its own, and the program run in it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.main import run
from reconciler.workflows.new_workspace import FIRST_PLAN

CONFIG = """\
version: 1
workspace: test
targets:
  sandbox: {kind: sandbox, accounts: {main: 1}}
"""
BTC_DIP = FIRST_PLAN


@dataclass(frozen=True)
class Done:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def flat(self) -> str:
        """The output in one line: its sentences are broken where a terminal ends."""
        return " ".join(self.out.split())


Cli = Callable[..., Done]


class _Terminal(io.StringIO):
    """Standard input of somebody who sits before the screen."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a workspace with one plan file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    (tmp_path / "btc-dip.yaml").write_text(BTC_DIP)
    return tmp_path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs the program; `typed` is what the user types at a terminal."""

    def call(*arguments: str, typed: str | None = None) -> Done:
        stdin = io.StringIO() if typed is None else _Terminal(typed)
        monkeypatch.setattr(sys, "stdin", stdin)
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call
