"""How long each view of a plan takes beside the plan itself; run by hand: `python -m tests.benchmarks.bench_views`.

Both times are of this processor's work in one run, so the ratio is worth something on a shared machine too.
"""

from __future__ import annotations

import sys

from reconciler.codec.body import write_body
from reconciler.codec.note import write_note
from reconciler.planning.operations import wanted_marker
from reconciler.rendering.html.pages import render_plan_page
from reconciler.rendering.plan_markdown import render_plan_markdown
from reconciler.rendering.plan_text import render_plan_view
from reconciler.rendering.views.plan_view import view_plan
from reconciler.saved_plan.files import write_plan
from tests.benchmarks.bench_risk import all_changed, make_specs
from tests.benchmarks.stopwatch import Stopwatch
from tests.support.world import World

SIZE = 1_000


def main() -> None:
    """Print the time of a plan of as many changes, of its view model and of each view, with the share of the plan."""
    specs = make_specs()[:SIZE]
    with World() as world:
        for spec in specs:
            world.api.create({**write_body(spec.terms), "note": write_note(wanted_marker("test", spec), "")})
        world.connect()
        watch = Stopwatch()
        plan = watch("plan", lambda: world.plan(*all_changed(specs)))
        view = watch("view model", lambda: view_plan(plan))
        sizes = {
            "text": len(watch("text", lambda: render_plan_view(view))),
            "text, brief": len(watch("text, brief", lambda: render_plan_view(view, is_brief=True))),
            "Markdown": len(watch("Markdown", lambda: render_plan_markdown(view))),
            "page": len(watch("page", lambda: render_plan_page(view))),
            "JSON": len(watch("JSON", lambda: write_plan(plan))),
        }
    sys.stdout.write(f"{len(plan.operations):,} changes\n")
    for stage, seconds in watch.times.items():
        size = f"{sizes[stage]:10,} characters" if stage in sizes else ""
        share = seconds / watch.times["plan"] * 100
        sys.stdout.write(f"{stage:12} {seconds:6.2f} s {share:6.1f} % of the plan {size}\n".rstrip() + "\n")


if __name__ == "__main__":
    main()
