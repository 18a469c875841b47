"""`reconciler status`: one line a trade."""

from __future__ import annotations

import click

from reconciler.cli.console import print_result
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings, find_tracer


@click.command("status")
@common_options
def command() -> int:
    """Show one line for each trade of the workspace: phase, fills, steps, profit; sends no write."""
    from reconciler.cli.connection import open_api
    from reconciler.cli.journaling import open_journal
    from reconciler.cli.pipeline import check_accounts, read_history
    from reconciler.cli.workspace import read_workspace
    from reconciler.clock import SystemClock
    from reconciler.live.history import read_active
    from reconciler.matching import index_active
    from reconciler.rendering.status import render_status

    settings = find_settings()
    workspace = read_workspace(settings)
    clock = SystemClock()
    with (
        open_journal(settings, clock, writes=False) as opened,
        open_api(settings, clock, find_tracer(), opened.make_pace) as api,
    ):
        check_accounts(settings, api, {spec.terms.account_id for spec in workspace.specs})
        index = index_active(read_active(api).trades, settings.workspaces)
        missing = {spec.name for spec in workspace.specs} - index.by_name.keys()
        newest = read_history(settings, api, missing).newest if missing else {}
    lives = {name: live for name, live in newest.items() if name in missing}
    lives |= {name: trades[0] for name, trades in index.by_name.items()}
    print_result(render_status(workspace.specs, lives))
    return 0
