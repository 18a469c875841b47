"""Documents whose commands run: their blocks in reading order, and the shell that a reader would have open.

What runs, block by block, all in one shell:

- `console`: each line after `$ ` is a command, the lines below it are exactly what it prints.
- `sh`: commands whose output is not shown; each has to succeed.
- a fence with a file name, such as `yaml first.yaml`: the file is written.
- `diff`: the edit that a reader makes; its header names the file.
- `<!-- run: COMMAND -->`: a command that readers do not see, for example to start a server on the free port `$PORT`.
- `<!-- not run: REASON -->` before a block: it is only shown.

Commands with `jq` run if it is installed. Their filters are checked against the schemas in any case.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUFFIX = "7f3a"
_SEEN = re.compile(r"^Prices seen \S+ \S+ UTC, expires \S+ \S+ UTC$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*) ?(.*)$")
_DONE = "__done__"
_PATIENCE_S = 180
_OUTSIDE = ("node_modules", ".venv", ".venv-lowest", ".pytest_cache", ".hypothesis", "build", "dist")


@dataclass(kw_only=True)
class Block:
    """A fenced block, or a command that is not shown.

    Args:
        kind: The language of the fence; "hidden" for a command in a comment.
        title: What follows the language, for example a file name.
        lines: The lines between the fences.
        start: Number of the first of these lines in the document, from 0.
        marker: The comment in the line before the fence, without its brackets.
    """

    kind: str
    title: str
    lines: list[str]
    start: int
    marker: str


def find_documents() -> list[Path]:
    """Return all Markdown files of the repository, the README first."""
    found = [path for path in ROOT.rglob("*.md") if not set(path.relative_to(ROOT).parts) & set(_OUTSIDE)]
    return sorted(found, key=lambda path: (len(path.parts), path))


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a document in reading order."""
    blocks: list[Block] = []
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        hidden = re.fullmatch(r"<!-- run: (.*) -->", lines[number])
        opened = _FENCE.match(lines[number])
        if hidden:
            blocks.append(Block(kind="hidden", title="", lines=[hidden[1]], start=number, marker=""))
        elif opened:
            end = next(index for index in range(number + 1, len(lines)) if lines[index].startswith("```"))
            before = re.fullmatch(r"<!-- (.*) -->", lines[number - 1]) if number else None
            blocks.append(
                Block(
                    kind=opened[1],
                    title=opened[2],
                    lines=lines[number + 1 : end],
                    start=number + 1,
                    marker=before[1] if before else "",
                )
            )
            number = end
        number += 1
    return blocks


def read_steps(lines: list[str]) -> list[tuple[list[str], list[str]]]:
    """Return the commands of a console block, each as its typed lines and the lines that it prints."""
    steps: list[tuple[list[str], list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            steps.append(([line], []))
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1][0].append(line)
        else:
            steps[-1][1].append(line)
    return steps


@dataclass
class Shell:
    """One bash with `reconciler` on its path, in a copy of the plans and schemas of a fresh clone.

    Args:
        folder: An empty folder, which becomes the clone.
    """

    folder: Path
    _bash: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("plans", "schemas"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns(".reconciler"))
        bin_folder = self.folder / ".venv" / "bin"
        bin_folder.mkdir(parents=True)
        _write_program(bin_folder / "reconciler", f"#!{sys.executable}\nfrom reconciler.cli.main import main\nmain()\n")
        _write_program(bin_folder / "python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (bin_folder / "activate").touch()
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={
                **os.environ,
                # Documents show what a reader sees at a terminal of the usual width, in no time zone of its own.
                "COLUMNS": "80",
                "TZ": "UTC",
                "PATH": f"{bin_folder}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "PORT": str(_find_free_port()),
            },
        )

    def run(self, command: str) -> tuple[str, int]:
        """Run a command and return what it prints, both streams, with its exit code."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        watchdog = threading.Timer(_PATIENCE_S, self.close)
        watchdog.start()
        quoted = command.replace("'", "'\\''")
        self._bash.stdin.write(f"eval '{quoted}' < /dev/null\necho \"{_DONE}$?\"\n")
        self._bash.stdin.flush()
        printed = ""
        for line in self._bash.stdout:
            text, found, code = line.partition(_DONE)
            printed += text
            if found:
                watchdog.cancel()
                return self._as_shown(printed), int(code)
        raise AssertionError(f"{command}: the shell has ended, or the command took longer than {_PATIENCE_S} s")

    def write(self, name: str, lines: list[str]) -> None:
        """Write a file below the current folder of the shell."""
        path = self._here() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")

    def edit(self, name: str, lines: list[str]) -> None:
        """Change a file as the lines of a diff say; its unchanged lines find the place."""
        old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        path = self._here() / name
        text = path.read_text()
        assert text.count(old) == 1, f"{name}: the lines of the diff are there {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def close(self) -> None:
        """End the shell and all that it started."""
        if self._bash.returncode is None:
            os.killpg(self._bash.pid, signal.SIGTERM)
            self._bash.communicate()

    def _here(self) -> Path:
        return Path(self.run("pwd")[0].strip())

    def _as_shown(self, text: str) -> str:
        """Replace what chance, a slow machine or the clock decides: suffixes of workspaces, waits, times of plans."""
        text = re.sub(_SEEN, "Prices seen 2026-01-02 09:00:00 UTC, expires 2026-01-03 09:00:00 UTC", text)
        text = re.sub(r"^Waiting \d+ s:", "Waiting 10 s:", text, flags=re.MULTILINE)
        for path in self.folder.rglob("reconciler.yaml"):
            for name, suffix in re.findall(r"^workspace: (\S+)-([0-9a-f]{4})$", path.read_text(), re.MULTILINE):
                text = text.replace(f"{name}-{suffix}", f"{name}-{SUFFIX}")
        return text


def run_document(text: str, shell: Shell) -> str:
    """Run all blocks of a document and return the document with what was printed in place of what it shows.

    Raises:
        AssertionError: A command whose output is not shown has failed, or a block does not say what it is.
    """
    lines = text.splitlines()
    printed = {
        block.start: _run_block(block, shell) for block in read_blocks(text) if not block.marker.startswith("not run: ")
    }
    for block in reversed(read_blocks(text)):
        if printed.get(block.start) is not None:
            lines[block.start : block.start + len(block.lines)] = printed[block.start] or []
    return "\n".join(lines) + "\n"


def _write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _find_free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _run_block(block: Block, shell: Shell) -> list[str] | None:
    if block.kind == "console":
        return _run_console(block, shell)
    if block.kind in ("sh", "hidden") and not block.marker.startswith("command: "):
        for command in "\n".join(block.lines).replace("\\\n", "").splitlines():
            output, code = shell.run(command)
            assert code == 0, f"{command}: exit code {code}\n{output}"
    elif block.kind == "diff":
        shell.edit(block.lines[1].removeprefix("+++ "), block.lines[2:])
    elif block.title:
        shell.write(block.title, block.lines)
    return None


def _run_console(block: Block, shell: Shell) -> list[str]:
    shown = []
    for typed, expected in read_steps(block.lines):
        command = "\n".join(line[2:] for line in typed)
        can_run = "jq" not in command.split() or shutil.which("jq") is not None
        shown += [*typed, *(shell.run(command)[0].splitlines() if can_run else expected)]
    return shown


def read_sentences(text: str) -> list[str]:
    """Return the sentences of a document: of paragraphs, items of lists and cells of tables, without blocks."""
    text = re.sub(r"^```.*?^```", "\n", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->|^ {4,}\S.*$|^#.*$", "\n", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`\n]*`", "code", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"^\s*([-*]|\d\.) |\|", "\n\n", text, flags=re.MULTILINE)
    parts = re.split(r"\n\s*\n|(?<=[.!?:])\W*\s+", text)
    return [" ".join(part.split()) for part in parts if re.search(r"\w", part)]
