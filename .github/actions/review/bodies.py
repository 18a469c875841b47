"""The text of a comment, as the command writes it from a saved plan."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

# A step summary of 1 MiB is dropped whole, and one just under it too. Source: actions/runner, issue 4337.
SUMMARY_BYTES = 1_000_000
_USAGE = 64
_LONGEST_FENCE = 3


def render_plan(plan: Path, budget: int) -> str:
    """Write a plan in Markdown, in at most so many bytes of UTF-8: whole blocks, the most dangerous first.

    Args:
        plan: The saved plan.
        budget: Bytes; 0 for the head alone.
    """
    done = _run("show", str(plan), "--format", "markdown", "--max-bytes", str(budget))
    if done.returncode == _USAGE:
        return fence(_run("show", str(plan)).stdout, budget)
    if done.returncode != 0:
        return f"The plan could not be shown: {_code(done.stderr)}"
    return done.stdout


def render_page(plan: Path, page: Path) -> bool:
    """Write a plan as a page; return whether there is one."""
    done = _run("show", str(plan), "--format", "html")
    if done.returncode != 0:
        return False
    page.write_text(done.stdout, "utf-8")
    return True


def fence(text: str, budget: int) -> str:
    """Write a text as a block of code, whose fence is longer than any run of backticks in it.

    Args:
        text: Anything; characters that are not printed are shown as their numbers.
        budget: Bytes of UTF-8; lines that do not fit are left out and counted.
    """
    lines = [_show(line) for line in text.splitlines()]
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * max(_LONGEST_FENCE, longest + 1)
    room = budget - len(f"{mark}text\n\n{mark}\n\n… 1000000 more lines\n".encode())
    kept: list[str] = []
    for line in lines:
        room -= len(f"{line}\n".encode())
        if room < 0 and kept:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    return "\n".join([f"{mark}text", *kept, mark, *([f"\n… {left} more lines"] if left else [])])


def code(text: str) -> str:
    """Write a value as a span of code, which nothing in it can end."""
    return _code(text)


def _code(text: str) -> str:
    shown = _show(" ".join(text.split()))
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    mark = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{mark}{pad}{shown or ' '}{pad}{mark}"


def _show(text: str) -> str:
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [find_command(), *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    return subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, env=environment
    )


def find_command() -> str:
    """Find the command `reconciler`: the one of this Python, else the one in the path."""
    beside = Path(sys.executable).parent / "reconciler"
    return str(beside) if beside.is_file() else "reconciler"
