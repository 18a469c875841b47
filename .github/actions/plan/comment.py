"""Write the comment about a plan into its pull request; what fails here is a warning and nothing more."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.bodies import render_plan
from review.documents import Plan, find_dangers
from review.hosts import find_host, find_run
from review.http_json import ApiError
from review.marker import Marker
from review.posting import Draft, Mode, Wanted, post
from review.runner import read_input, say, warn, write_outputs


def main() -> int:
    """Write the comment by the rules, and hand its address to later steps."""
    host = find_host()
    if host is None:
        say("This run is about no pull request, so no comment is written.")
        return 0
    plan_path = Path(read_input("plan-path"))
    draft = make_draft(Plan.load(plan_path), plan_path, Wanted(read_input("comment-when", Wanted.CHANGES)))
    try:
        comment = post(host, draft, Mode(read_input("comment", Mode.AUTO)), warn)
    except ApiError as error:
        warn(f"The comment could not be written: {error}. The step summary has the same text.")
        return 0
    if comment is not None:
        write_outputs({"comment_id": comment.id, "comment_url": comment.url})
    return 0


def make_draft(plan: Plan, plan_path: Path, wanted: Wanted) -> Draft:
    """Make the comment about a plan."""
    due = {Wanted.ALWAYS: True, Wanted.CHANGES: plan.has_changes, Wanted.DANGEROUS: plan.is_dangerous}
    return Draft(
        marker=make_marker(plan, read_input("label")),
        render=lambda budget: render_plan(plan_path, budget),
        footer=_write_footer(),
        is_due=due[wanted],
    )


def make_marker(plan: Plan, label: str) -> Marker:
    """Make the first line of the comment about a plan."""
    return Marker(
        workspace=plan.text("workspace"),
        target=plan.text("target", "name"),
        label=label,
        digest=plan.text("digest"),
        operations_digest=plan.text("operations_digest"),
        commit=plan.text("git", "commit"),
        tree=plan.text("git", "tree"),
        run=find_run().id,
        add=plan.count("add"),
        change=plan.count("change"),
        destroy=plan.count("destroy"),
        applicable=plan.is_applicable,
        dangers=find_dangers(plan),
    )


def _write_footer() -> str:
    run, artifact = find_run(), read_input("artifact-url")
    parts = [f"[plan.json and plan.html]({artifact})"] if artifact else []
    parts += [f"[run {run.id}]({run.url})"] if run.url else []
    return " · ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
