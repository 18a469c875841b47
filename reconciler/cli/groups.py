"""Groups of commands that help with a mistyped name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from reconciler.cli.printer import PRINTER

if TYPE_CHECKING:
    from typing import Never

# Words of other tools, and what does the same here.
_SYNONYMS: Mapping[str, str] = {
    "check": "validate",
    "lint": "validate",
    "diff": "plan",
    "preview": "plan",
    "up": "apply",
    "deploy": "apply",
    "list": "status",
    "ls": "status",
    "destroy": "trade close",
    "delete": "trade close",
    "close": "trade close",
    "cancel": "trade cancel",
    "log": "journal show",
    "logs": "journal show",
    "history": "journal show",
    "new": "init",
}
_HELP = "help"


class GuidingGroup(click.Group):
    """A group that suggests a command for a mistyped name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first argument; `help COMMAND` is its help.

        Raises:
            click.UsageError: There is no such command; a similar one is named.
        """
        name, *rest = args
        if name == _HELP and ctx.parent is None:
            if not rest:
                PRINTER.print_result(ctx.get_help())
                ctx.exit()
            return super().resolve_command(ctx, [*rest, "--help"])
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            self._refuse(ctx, name)
        return super().resolve_command(ctx, args)

    def _refuse(self, ctx: click.Context, name: str) -> Never:
        near = difflib.get_close_matches(name.lower(), self.list_commands(ctx), n=1)
        meant = _SYNONYMS.get(name.lower()) if ctx.parent is None else None
        found = meant or next(iter(near), "")
        hint = f" Did you mean `{ctx.command_path} {found}`?" if found else ""
        raise click.UsageError(f"there is no command {name!r}.{hint}", ctx)
