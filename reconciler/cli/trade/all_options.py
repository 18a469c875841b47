"""The options of `trade close` and `trade cancel` that mean many trades."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click

from reconciler.cli.completion import complete_accounts
from reconciler.errors import UsageError

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOptions:
    """Options that select trades of the workspace.

    Attributes:
        is_all: Whether all are meant instead of one.
        account: Only those of this account, by alias or id; None for every account.
        pair: Only those of this pair; None for every pair.
    """

    is_all: bool = False
    account: str | None = None
    pair: str | None = None

    def check(self, words: Sequence[str], live_id: int | None, *, with_positions: bool = False) -> None:
        """Refuse options that contradict each other.

        Args:
            words: The name of a trade, if one is given.
            live_id: From `--id`, or None.
            with_positions: From `--with-positions`.

        Raises:
            UsageError: They do.
        """
        if self.is_all and (words or live_id is not None):
            raise UsageError("--all means every trade of the workspace: give it, or NAME, or --id")
        if not self.is_all and (self.account or self.pair or with_positions):
            raise UsageError("--account, --pair and --with-positions go with --all")


def all_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options that mean many trades; they come as `every`."""

    @functools.wraps(function)
    def packed(*args: object, is_all: bool, account: str | None, pair: str | None, **others: object) -> R:
        return function(*args, every=AllOptions(is_all=is_all, account=account, pair=pair), **others)

    everything = click.option(
        "--all",
        "is_all",
        is_flag=True,
        allow_from_autoenv=False,
        help="All trades of this workspace instead of NAME. What stays is named, and the exit code is 12.",
    )
    account = click.option(
        "--account",
        metavar="ALIAS",
        shell_complete=complete_accounts,
        help="With --all: of this account only, by alias or id.",
    )
    pair = click.option("--pair", metavar="PAIR", help="With --all: of this pair only, for example USDT_BTC.")
    return everything(account(pair(packed)))
