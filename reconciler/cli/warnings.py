"""The warnings about plan files on the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reconciler.cli.console import print_message, use_color
from reconciler.cli.terminal import find_width

if TYPE_CHECKING:
    from reconciler.workflows.plan_files import PlanFiles


def print_warnings(files: PlanFiles) -> None:
    """Print the warnings that are true of every trade; only a plan knows which of the others are true."""
    if files.lasting_problems:
        from reconciler.rendering.problem_text import render_problems_text

        print_message(
            render_problems_text(files.lasting_problems, color=use_color(sys.stderr), width=find_width(sys.stderr))
        )
