"""`reconciler schema`: the JSON Schemas."""

from __future__ import annotations

import click

from reconciler.cli.console import print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options


@click.command("schema")
@click.argument("name", type=click.Choice(["plan", "config", "saved-plan", "apply", "drift", "status"]))
@common_options
def command(name: str) -> int:
    """Print the JSON Schema of plan files, of reconciler.yaml, of saved plans, or of the JSON of other commands."""
    from reconciler.validation.schemas import read_schema

    print_result(read_schema(name))
    return ExitCode.DONE
