"""Say in the pull request what was applied, and close the comment about its plan; what fails here is a warning."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.comments import Host
from review.documents import Plan
from review.hosts import Run, find_host, find_run
from review.http_json import ApiError
from review.marker import APPLY, Marker
from review.posting import Draft, Mode, close, post
from review.runner import read_input, say, warn, write_outputs

# Reasons for which nothing was sent, so that the plan may still be applied.
_NOTHING_SENT = ("plan-changed", "tree-changed", "expired", "locked", "guardrail", "policy")


def main() -> int:
    """Write the comment, and close the one about the plan if it was carried out."""
    if read_input("comment", Mode.AUTO) == Mode.NEVER:
        return 0
    host, plan_path = find_host(), Path(read_input("plan-path"))
    if host is None or not plan_path.is_file():
        say("This run is about no pull request with a plan, so no comment is written.")
        return 0
    try:
        _write(host, Plan.load(plan_path))
    except ApiError as error:
        warn(f"The comment could not be written: {error}. The step summary has the same text.")
    return 0


def _write(host: Host, plan: Plan) -> None:
    run, reason = find_run(), read_input("failure-reason")
    marker = Marker(
        workspace=plan.text("workspace"),
        target=plan.text("target", "name"),
        label=read_input("label"),
        digest=plan.text("digest"),
        operations_digest=plan.text("operations_digest"),
        commit=plan.text("git", "commit"),
        tree=plan.text("git", "tree"),
        run=run.id,
        applicable=plan.is_applicable,
        closed=True,
    )
    if reason not in _NOTHING_SENT:
        close(host, marker, _describe(run, reason), warn)
    text = Path(read_input("markdown-path")).read_text("utf-8")
    footer = f"[run {run.id}]({run.url})" if run.url else ""
    draft = Draft(marker=replace(marker, kind=APPLY), render=lambda budget: _cut(text, budget), footer=footer)
    comment = post(host, draft, Mode.NEW, warn)
    if comment is not None:
        write_outputs({"comment_id": comment.id, "comment_url": comment.url})


def _describe(run: Run, reason: str) -> str:
    counts = {name: int(read_input(name, "0")) for name in ("applied", "failed", "not-started", "indeterminate")}
    words = ", ".join(f"{number} {name.replace('-', ' ')}" for name, number in counts.items() if number)
    where = f"[run {run.id}]({run.url})" if run.url else "a run"
    head = f"**Not applied as planned: {reason}**" if reason else "**Applied**"
    return f"{head} by {where}: {words or 'nothing to do'}."


def _cut(text: str, budget: int) -> str:
    """Shorten a text to whole lines; the fence of a block of code is closed again."""
    if len(text.encode()) <= budget:
        return text
    lines = text.splitlines()
    mark = next((line.removesuffix("text") for line in lines if line.startswith("```")), "")
    room, kept = budget - len(f"{mark}\n\nThe rest is in the step summary.\n".encode()), list[str]()
    for line in lines:
        room -= len(f"{line}\n".encode())
        if room < 0:
            break
        kept.append(line)
    is_open = sum(line.startswith("```") for line in kept) % 2
    return "\n".join([*kept, *([mark] if is_open else []), "", "The rest is in the step summary."])


if __name__ == "__main__":
    sys.exit(main())
