"""`reconciler accounts`: the accounts of the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.console import find_table_width, print_result, print_text, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, find_common, format_option
from reconciler.cli.session import find_settings, open_command
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.settings import Settings


@click.command("accounts")
@click.option(
    "--mode",
    type=click.Choice(["paper", "real"]),
    help="Ask 3Commas for the accounts of this mode; no reconciler.yaml is needed.",
)
@format_option()
@common_options
def command(mode: str | None, format_: str) -> int:
    """List the accounts of the key, with an alias for each to write into reconciler.yaml; sends no write.

    The accounts are those of the target. Before there is a workspace, give --mode.
    """
    from reconciler.rendering.accounts_text import render_accounts, render_accounts_json
    from reconciler.rendering.style import Style
    from reconciler.workflows.key_accounts import list_accounts, name_accounts

    settings = _find_settings(mode)
    with open_command(settings, writes=False) as session:
        accounts = list_accounts(session)
    known = settings.target.accounts
    aliases = name_accounts(accounts, known)
    if format_ == "json":
        print_result(render_accounts_json(accounts, aliases, known))
    else:
        style, width = Style(use_color()), find_table_width()
        print_text(render_accounts(accounts, aliases, known, settings.target.name, style=style, width=width))
    return ExitCode.DONE


def _find_settings(mode: str | None) -> Settings:
    """Find the settings of the target, or make those of a key alone."""
    if mode is None:
        return find_settings()
    if "target" in find_common().typed:
        raise UsageError("--target names the mode, so --mode does not go with it")

    from reconciler.loading.workspace_folder import find_current_folder
    from reconciler.model.targets import Mode
    from reconciler.workflows.key_accounts import make_key_settings

    return make_key_settings(find_common().workspace or find_current_folder(), Mode(mode))
