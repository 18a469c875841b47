"""`reconciler init`: write a first workspace."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import print_message
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options, find_common
from reconciler.cli.paths import PathType


@click.command("init")
@click.argument("folder", type=PathType(kind="folder"), required=False)
@common_options
def command(folder: Path | None) -> int:
    """Write reconciler.yaml and a first plan file into FOLDER, by default the current one."""
    from reconciler.loading.workspace_folder import find_current_folder
    from reconciler.workflows.new_workspace import write_workspace

    root = folder or find_common().workspace or find_current_folder()
    config, plan = write_workspace(root)
    print_message(f"Wrote {config} and {plan}. Next: reconciler plan --workspace {root}")
    return ExitCode.DONE
