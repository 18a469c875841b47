"""Shell completion of trades, targets and accounts; an error completes nothing, since it would break the line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def complete_trades(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a trade of the plan files."""
    from reconciler.workflows.workspace_names import list_trade_names

    return _complete(context, incomplete, list_trade_names)


def complete_first_trade(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a trade as the first argument; the others are numbers and texts."""
    given = context.params.get(param.name or "") or ()
    return [] if given or context.params.get("live_id") else complete_trades(context, param, incomplete)


def complete_targets(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a target of reconciler.yaml."""
    from reconciler.workflows.workspace_names import list_targets

    return _complete(context, incomplete, list_targets)


def complete_accounts(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the alias of an account of the target."""
    from reconciler.workflows.workspace_names import list_accounts

    target = _find_option(context, "target")
    return _complete(context, incomplete, lambda root: list_accounts(root, str(target) if target else None))


def _complete(context: click.Context, incomplete: str, list_names: Callable[[Path], Iterable[str]]) -> list[str]:
    from reconciler.errors import ReconcilerError
    from reconciler.loading.workspace_folder import find_workspace

    given = _find_option(context, "workspace")
    names: list[str] = []
    with suppress(ReconcilerError, OSError, ValueError):
        names = list(list_names(find_workspace(given if isinstance(given, Path) else None, os.environ)))
    return [name for name in names if name.startswith(incomplete)]


def _find_option(context: click.Context, name: str) -> object:
    """Find a common option, which may be typed before or after the command."""
    values = (each.params.get(name) for each in _walk_up(context))
    return next((value for value in values if value is not None), None)


def _walk_up(context: click.Context) -> Iterator[click.Context]:
    current: click.Context | None = context
    while current is not None:
        yield current
        current = current.parent
