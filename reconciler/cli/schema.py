"""`reconciler schema`: the JSON Schemas."""

from __future__ import annotations

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options
from reconciler.cli.session import find_settings
from reconciler.errors import UsageError

# The schemas of files that people write.
_EDITED = ("plan", "config")


@click.command("schema")
@click.argument("name", type=click.Choice(["plan", "config", "saved-plan", "apply", "drift", "status"]))
@click.option(
    "--vscode",
    is_flag=True,
    help="Write the schemas of plan and config for editors, and print the settings of VS Code instead.",
)
@common_options
def command(name: str, *, vscode: bool) -> int:
    """Print the JSON Schema of plan files, of reconciler.yaml, of saved plans, or of the JSON of other commands.

    Editors show its descriptions, examples and allowed words while you type.
    """
    from reconciler.validation.schemas import read_schema

    if not vscode:
        print_result(read_schema(name))
        return ExitCode.DONE
    if name not in _EDITED:
        raise UsageError(f"--vscode goes with {' or '.join(_EDITED)}, which are written in an editor")

    from reconciler.settings import show_path
    from reconciler.workflows.editor_schemas import describe_vscode, write_editor_schemas

    settings = find_settings(is_live=False)
    text = describe_vscode(settings)
    paths = write_editor_schemas(settings.root)
    print_message(f"Wrote {' and '.join(map(show_path, paths))}. Add this to .vscode/settings.json:")
    print_result(text)
    return ExitCode.DONE
