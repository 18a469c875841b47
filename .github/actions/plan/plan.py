"""Make a plan for a reviewer: validate the files, plan, and show the result beside the lines and in the summary."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.bodies import SUMMARY_BYTES, fence, find_command, render_page, render_plan
from review.documents import Plan
from review.events import Event, read_event
from review.findings import cut, find_findings
from review.names import find_workspace, name_artifact
from review.places import find_changed_files, find_changed_lines, find_top
from review.runner import add_summary, annotate, is_on, plain_text, read_input, read_lines, say, write_outputs

# Exit codes with which a plan was made. Source: reconciler/cli/README.md, exit codes.
_MADE = (0, 2, 12)
_SECRETS = re.compile(r"THREE_COMMAS_|RECONCILER_JOURNAL_URL|RECONCILER_NOTIFY_URLS|REVIEW_TOKEN")
_SUFFIXES = (".yaml", ".yml")


def main() -> int:
    """Validate, plan, and hand all results to the next steps; the last step ends with the exit code."""
    folder = Path(os.environ.get("GITHUB_WORKSPACE", ".")).resolve()
    event = read_event()
    if event.is_of_fork:
        return _check_fork(folder, event)
    code = _validate(folder)
    if code != 0:
        write_outputs({"exit_code": code})
        add_summary("### reconciler\n\nThe plan files have errors; no plan was made.")
        return 0
    results = Path(tempfile.mkdtemp(prefix="reconciler-plan-", dir=os.environ.get("RUNNER_TEMP")))
    plan_path = results / "plan.json"
    code = _plan(_make_command(plan_path), folder)
    write_outputs({"exit_code": code})
    if code not in _MADE or not plan_path.is_file():
        add_summary(f"### reconciler\n\nNo plan could be made: exit code {code}. The log says why.")
        return 0
    _report(Plan.load(plan_path), plan_path, folder, event)
    return 0


def _workspace() -> list[str]:
    workspace = read_input("workspace")
    return ["--workspace", workspace] if workspace else []


def _make_command(plan_path: Path) -> list[str]:
    command = ["plan", "--target", read_input("target"), "--out", str(plan_path), *_workspace()]
    command += ["--fail-on", read_input("fail-on", "guardrail")]
    for option in ("base-ref", "policy"):
        value = read_input(option)
        command += [f"--{option.removesuffix('-ref')}", value] if value else []
    return [*command, *read_lines("args")]


def _validate(folder: Path, environment: Mapping[str, str] | None = None) -> int:
    """Check the files; what the command prints are messages that the runner shows beside the lines."""
    command = [find_command(), *_workspace(), "validate", "--format", "github"]
    return subprocess.run(command, cwd=folder, check=False, env=environment).returncode  # noqa: S603 - no shell


def _plan(arguments: Sequence[str], folder: Path) -> int:
    say(f"$ reconciler {shlex.join(arguments)}")
    with plain_text():
        return subprocess.run([find_command(), *arguments], cwd=folder, check=False).returncode  # noqa: S603 - no shell


def _report(plan: Plan, plan_path: Path, folder: Path, event: Event) -> None:
    top = find_top(folder)
    page, text = plan_path.with_name("plan.html"), plan_path.with_name("plan.md")
    text.write_text(render_plan(plan_path, SUMMARY_BYTES), "utf-8")
    has_page = is_on("html", default=True) and render_page(plan_path, page)
    if is_on("step-summary", default=True):
        add_summary(text.read_text("utf-8"))
    shown, left = cut(find_findings(plan, folder, top, find_changed_lines(top, read_input("base-ref") or event.base)))
    for each in shown:
        annotate(each.level, each.message, file=each.file, line=each.line, title=each.title)
    if left:
        annotate("notice", f"{left} more are in the step summary.", title="reconciler")
    add, change, destroy = (plan.count(name) for name in ("add", "change", "destroy"))
    summary = f"Plan: {add} to add, {change} to change, {destroy} to destroy."
    name = name_artifact(plan.text("workspace"), plan.text("target", "name"), read_input("label"))
    write_outputs(
        {
            "changes": plan.has_changes,
            "to_add": add,
            "to_change": change,
            "to_destroy": destroy,
            "blocked": plan.count("blocked"),
            "losses": sum(each.get("kind") == "loss" for each in plan.rows("notices")),
            "dangerous": plan.count("dangerous"),
            "applicable": plan.is_applicable,
            "guardrails": [each for each in plan.rows("guardrails") if each.get("state") != "ok"],
            "summary": summary,
            "digest": plan.text("digest"),
            "operations_digest": plan.text("operations_digest"),
            "plan_path": str(plan_path),
            "markdown_path": str(text),
            "html_path": str(page) if has_page else "",
            "results": str(plan_path.parent),
            "artifact_name": read_input("artifact-name") or name,
        }
    )


def _is_plan_file(name: str, folder: Path) -> bool:
    """Return whether a path from the top of the repository may be a plan file or reconciler.yaml."""
    place, workspace = find_top(folder) / name, find_workspace(folder).resolve()
    below = place.relative_to(workspace).parts if place.is_relative_to(workspace) else None
    return below is not None and name.endswith(_SUFFIXES) and not any(part.startswith(".") for part in below)


def _check_fork(folder: Path, event: Event) -> int:
    """Validate the files of a fork without any secret, and fail if plan files have changed, since none was planned."""
    environment = {name: value for name, value in os.environ.items() if not _SECRETS.match(name)}
    code = _validate(folder, environment)
    changed = find_changed_files(find_top(folder), event.base)
    touched = changed is None or any(_is_plan_file(name, folder) for name in changed)
    if not touched:
        add_summary("### reconciler\n\nThis pull request is from a fork, and touches no plan file.")
        write_outputs({"exit_code": code})
        return 0
    annotate(
        "error",
        "This pull request is from a fork: no key is here, so its plan files were validated and not planned. Somebody"
        " who may write here has to push the branch to this repository, and plan it there, before it is merged.",
        title="reconciler: not planned",
    )
    done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
        [find_command(), *_workspace(), "plan", "--against", f"git:{event.base}", "--format", "markdown"],
        cwd=folder,
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    text = done.stdout or fence(done.stderr, SUMMARY_BYTES)
    say(text)
    add_summary(f"> [!CAUTION]\n> Not planned: the pull request is from a fork. What its files change:\n\n{text}")
    write_outputs({"exit_code": code or 1})
    return 0


if __name__ == "__main__":
    sys.exit(main())
