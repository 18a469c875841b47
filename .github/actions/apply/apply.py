"""Carry out the plan that was reviewed, and say in one word why not."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
# How the messages of refusals begin.
_EXPIRED = "The saved plan expired"
_HELD = re.compile(r"(?:Guardrail: |frozen by )")
_POLICY = "Policy of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An apply that has ended.

    Attributes:
        code: Its exit code.
        text: What it has printed, in Markdown; empty if it was refused before it began.
        result: Its document; empty if it was refused before it began.
    """

    code: int
    text: str = ""
    result: Mapping[str, object] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """What stopped it; empty if nothing did."""
        return str(self.result.get("error") or "")

    def count(self, *kinds: str) -> int:
        """Count the operations that ended in one of some ways."""
        summary = self.result.get("summary")
        return sum(int(summary.get(kind) or 0) for kind in kinds) if isinstance(summary, Mapping) else 0


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
    done = _apply(_make_command(str(plan_path)), folder)
    if done.code == _STALE and done.error.startswith(_EXPIRED) and can_replan:
        return _replan(plan, plan_path, folder)
    return _report(plan_path, done)


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
    command = ["apply", *what, "--target", read_input("target"), *_workspace(), "--format", "markdown"]
    command += [word for each in read_lines("acknowledge") for word in ("--acknowledge", each)]
    command += ["--partial"] if is_on("partial", default=False) else []
    timeout = read_input("lock-timeout")
    return [*command, *(["--lock-timeout", timeout] if timeout else []), *read_lines("args")]


def _workspace() -> list[str]:
    workspace = read_input("workspace")
    return ["--workspace", workspace] if workspace else []


def _make_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="reconciler-apply-", dir=os.environ.get("RUNNER_TEMP")))


def _replan(plan: Plan, plan_path: Path, folder: Path) -> int:
    """Plan again, and go on only if the new plan does the same as the one that was reviewed."""
    again = _make_folder() / "plan.json"
    command = ["plan", "--target", read_input("target"), "--out", str(again), *_workspace()]
    say(f"$ reconciler {shlex.join(command)}")
    with plain_text():
        made = subprocess.run([find_command(), *command], cwd=folder, check=False)  # noqa: S603 - no shell
    if made.returncode != 0 or not again.is_file():
        return _report(plan_path, Done(code=made.returncode or 1))
    before, after = plan.text("operations_digest"), Plan.load(again).text("operations_digest")
    if not before or before != after:
        return _refuse(
            "plan-changed",
            f"A new plan does something else than the one that was reviewed ({after[:15]}, reviewed {before[:15]}).",
        )
    # It plans once more under the lock, and refuses by name what is not in the reviewed plan.
    return _report(plan_path, _apply(_make_command("--reviewed", str(plan_path)), folder))


def _apply(arguments: Sequence[str], folder: Path) -> Done:
    """Run an apply; its progress goes to the log at once, and its result is kept."""
    result = _make_folder() / "result.json"
    command = [*arguments, "--result", str(result)]
    say(f"$ reconciler {shlex.join(command)}")
    with plain_text():
        done = subprocess.run(  # noqa: S603 - no shell; the arguments are the inputs of the action
            [find_command(), *command], cwd=folder, check=False, stdout=subprocess.PIPE
        )
    text = done.stdout.decode("utf-8", errors="replace")
    say(text)
    try:
        content = json.loads(result.read_text("utf-8"))
    except (OSError, ValueError):
        content = {}
    return Done(code=done.returncode, text=text, result=content if isinstance(content, dict) else {})


def _report(plan_path: Path, done: Done) -> int:
    applied = done.count("applied", "already_done")
    reason = _find_reason(done, applied)
    head = f"> [!CAUTION]\n> **Not applied as planned: {reason}.**\n\n" if reason else ""
    if reason:
        annotate("error", f"The plan was not applied as planned. {done.error}".strip(), title=f"reconciler: {reason}")
    text = done.text or f"### Not applied\n\nThe command ended with exit code {done.code}; the log says why.\n"
    _hand_over(
        f"{head}{text}",
        {
            "applied": applied,
            "failed": done.count("failed", "stale", "filled_while_cancelling"),
            "not_started": done.count("not_started"),
            "indeterminate": done.count("indeterminate"),
            "exit_code": done.code,
            "failure_reason": reason,
            "plan_path": str(plan_path),
        },
    )
    return 0


def _find_reason(done: Done, applied: int) -> str:
    """Find in one word why a run has not done all; empty if it has."""
    if done.code == 0:
        return ""
    if done.code == _STALE:
        return "expired" if done.error.startswith(_EXPIRED) else "plan-changed"
    if done.code == _BLOCKED and done.count("held_back"):
        return "guardrail"
    if done.code == _BLOCKED and not applied:
        if done.error.startswith(_POLICY):
            return "policy"
        return "guardrail" if _HELD.match(done.error) else "blocked"
    return "blocked" if done.code == _BLOCKED else _REASONS.get(done.code, "apply-failed")


def _refuse(reason: str, why: str) -> int:
    """Refuse before anything was sent."""
    annotate("error", f"{why} Nothing was sent.", title=f"reconciler: {reason}")
    plan = Path(os.environ.get("GITHUB_WORKSPACE", ".")) / read_input("plan")
    zero = dict.fromkeys(("applied", "failed", "not_started", "indeterminate"), 0)
    shown = {"plan_path": str(plan) if plan.is_file() else "", "exit_code": _STALE, "failure_reason": reason}
    _hand_over(
        f"> [!CAUTION]\n> **Not applied: {reason}.** Nothing was sent.\n\n{fence(why, SUMMARY_BYTES // 2)}\n",
        {**zero, **shown},
    )
    return 0


def _hand_over(text: str, outputs: Mapping[str, object]) -> None:
    path = _make_folder() / "apply.md"
    path.write_text(text, "utf-8")
    add_summary(text)
    write_outputs({**outputs, "markdown_path": str(path)})


if __name__ == "__main__":
    sys.exit(main())
