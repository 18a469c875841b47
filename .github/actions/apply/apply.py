"""Carry out the plan that was reviewed, and say in one word why not."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.bodies import SUMMARY_BYTES, fence, find_command
from review.documents import Plan
from review.places import run_git
from review.runner import add_summary, annotate, is_on, plain_text, read_input, read_lines, say, write_outputs

_STALE, _BLOCKED = 10, 12
# Source: reconciler/cli/README.md, exit codes.
_REASONS = {
    11: "locked",
    13: "partly-applied",
    14: "indeterminate",
    15: "rate-limited",
    16: "auth",
}
_EXPIRED = re.compile(r"^Error: The saved plan expired", re.MULTILINE)
_POLICY = re.compile(r"^Error: Policy of ", re.MULTILINE)
_HELD = re.compile(r"^Error: (?:Guardrail: |frozen by )", re.MULTILINE)
# `[1/3] btc-dip: update #30000001: done`.
_OUTCOME = re.compile(
    r"^\[\d+/\d+\] .+?: (done already|done|FAILED|INDETERMINATE|FILLED WHILE CANCELLING|not sent, stale|not started)\b"
)
_APPLIED = ("done", "done already")
_FAILED = ("FAILED", "FILLED WHILE CANCELLING", "not sent, stale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that has ended.

    Attributes:
        code: Its exit code.
        text: What it has printed.
    """

    code: int
    text: str

    @property
    def counts(self) -> Counter[str]:
        """How many operations ended in which way."""
        return Counter(match[1] for match in map(_OUTCOME.match, self.text.splitlines()) if match)


def main() -> int:
    """Carry out the plan, and hand the results to the next steps; the last step ends with the exit code."""
    folder = Path(os.environ.get("GITHUB_WORKSPACE", ".")).resolve()
    plan_path = folder / read_input("plan")
    try:
        plan = Plan.load(plan_path)
    except (OSError, ValueError) as error:
        return _refuse("apply-failed", f"The plan cannot be read: {error}")
    can_replan = read_input("replan", "never") == "if-expired"
    moved = _find_moved_tree(plan, folder)
    if moved and not can_replan:
        return _refuse("tree-changed", moved)
    if moved:
        say(moved)
        return _replan(plan, plan_path, folder)
    done = _run(_make_command(str(plan_path)), folder)
    if done.code == _STALE and _EXPIRED.search(done.text) and can_replan:
        return _replan(plan, plan_path, folder)
    return _report(plan, plan_path, done)


def _find_moved_tree(plan: Plan, folder: Path) -> str:
    """Find how the files differ from those that were planned; empty if they are the same."""
    here, planned = run_git(folder, "rev-parse", "HEAD^{tree}"), plan.text("git", "tree")
    if not here and not planned:
        return ""
    git = plan.content.get("git")
    if isinstance(git, dict) and git.get("dirty"):
        return "The plan was made with files that are in no commit."
    if here == planned:
        return ""
    return f"The plan was made for tree {planned[:8] or '(none)'}, and tree {here[:8] or '(none)'} is checked out."


def _make_command(*what: str) -> list[str]:
    command = ["apply", *what, "--target", read_input("target"), *_workspace()]
    command += [word for each in read_lines("acknowledge") for word in ("--acknowledge", each)]
    command += ["--partial"] if is_on("partial", default=False) else []
    timeout = read_input("lock-timeout")
    return [*command, *(["--lock-timeout", timeout] if timeout else []), *read_lines("args")]


def _workspace() -> list[str]:
    workspace = read_input("workspace")
    return ["--workspace", workspace] if workspace else []


def _replan(plan: Plan, plan_path: Path, folder: Path) -> int:
    """Plan again, and go on only if the new plan does the same as the one that was reviewed."""
    again = Path(tempfile.mkdtemp(prefix="reconciler-again-", dir=os.environ.get("RUNNER_TEMP"))) / "plan.json"
    command = ["plan", "--target", read_input("target"), "--out", str(again), *_workspace()]
    made = _run(command, folder)
    if made.code != 0 or not again.is_file():
        return _report(plan, plan_path, made)
    before, after = plan.text("operations_digest"), Plan.load(again).text("operations_digest")
    if not before or before != after:
        return _refuse(
            "plan-changed",
            f"A new plan does something else than the one that was reviewed ({after[:15]}, reviewed {before[:15]}).",
        )
    # It plans once more under the lock, and refuses by name what is not in the reviewed plan.
    return _report(plan, plan_path, _run(_make_command("--reviewed", str(plan_path)), folder))


def _run(arguments: Sequence[str], folder: Path) -> Done:
    """Run the command; what it prints goes to the log at once."""
    say(f"$ reconciler {shlex.join(arguments)}")
    lines: list[str] = []
    with (
        plain_text(),
        subprocess.Popen(  # noqa: S603 - no shell; the arguments are the inputs of the action
            [find_command(), *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    return Done(code=process.returncode, text="".join(lines))


def _report(plan: Plan, plan_path: Path, done: Done) -> int:
    counts = done.counts
    applied = sum(counts[word] for word in _APPLIED)
    reason = _find_reason(done, applied)
    text = plan_path.with_name("apply.md")
    head = f"### Applied to `{plan.text('target', 'name')}` from `{plan.text('workspace')}`"
    if reason:
        head = f"### Not applied as planned: {reason}"
        annotate("error", f"The plan was not applied as planned: {reason}.", title="reconciler")
    text.write_text(f"{head}\n\n{fence(done.text, SUMMARY_BYTES // 2)}\n", "utf-8")
    add_summary(text.read_text("utf-8"))
    write_outputs(
        {
            "applied": applied,
            "failed": sum(counts[word] for word in _FAILED),
            "not_started": counts["not started"],
            "indeterminate": counts["INDETERMINATE"],
            "exit_code": done.code,
            "failure_reason": reason,
            "markdown_path": str(text),
            "plan_path": str(plan_path),
        }
    )
    return 0


def _find_reason(done: Done, applied: int) -> str:
    """Find in one word why a run has not done all; empty if it has."""
    if done.code == 0:
        return ""
    if done.code == _STALE:
        return "expired" if _EXPIRED.search(done.text) else "plan-changed"
    if done.code == _BLOCKED and not applied:
        if _POLICY.search(done.text):
            return "policy"
        return "guardrail" if _HELD.search(done.text) else "blocked"
    return "blocked" if done.code == _BLOCKED else _REASONS.get(done.code, "apply-failed")


def _refuse(reason: str, why: str) -> int:
    """Refuse before anything was sent."""
    annotate("error", f"{why} Nothing was sent.", title=f"reconciler: {reason}")
    text = Path(tempfile.mkdtemp(prefix="reconciler-apply-", dir=os.environ.get("RUNNER_TEMP"))) / "apply.md"
    text.write_text(f"### Not applied: {reason}\n\n{fence(why, SUMMARY_BYTES)}\n\nNothing was sent.\n", "utf-8")
    add_summary(text.read_text("utf-8"))
    zero = dict.fromkeys(("applied", "failed", "not_started", "indeterminate"), 0)
    plan = os.environ.get("GITHUB_WORKSPACE", ".") / Path(read_input("plan"))
    shown = {"markdown_path": str(text), "plan_path": str(plan) if plan.is_file() else ""}
    write_outputs({**zero, **shown, "exit_code": _STALE, "failure_reason": reason})
    return 0


if __name__ == "__main__":
    sys.exit(main())
