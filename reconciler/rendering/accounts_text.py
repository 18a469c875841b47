"""The accounts of a key as a table, and the line for reconciler.yaml."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from reconciler.codec.numbers import plain
from reconciler.model.live import Account
from reconciler.rendering.money import format_money
from reconciler.rendering.style import Style, printable
from reconciler.rendering.table import Cell, Column, render_table

FORMAT_VERSION = "1.0"
# The lower a rank, the longer a column stays when the terminal is narrow.
_COLUMNS = (
    Column("ALIAS"),
    Column("ID"),
    Column("NAME", rank=2),
    Column("MARKET", rank=1),
    Column("WORTH USD", rank=3, is_number=True),
    Column("NOTE", is_elastic=True),
)
_NOT_NAMED = "not in reconciler.yaml"


def render_accounts(
    accounts: Sequence[Account],
    aliases: Mapping[str, int],
    known: Mapping[str, int],
    target: str,
    *,
    style: Style | None = None,
    width: int | None = None,
) -> str:
    """Write a table of the accounts, then the line that names all of them in reconciler.yaml.

    Args:
        accounts: Of the key, in the mode of the target.
        aliases: Alias to account id, for all of them.
        known: The same, of those that the target names already.
        target: Its name.
        style: Colours; plain text by default.
        width: Terminal cells of a line of the table; None for all columns.
    """
    if not accounts:
        return f"The key has no account in the mode of target {printable(target)}."
    names = {number: alias for alias, number in aliases.items()}
    rows = [_cells(account, names[account.id], is_known=account.id in known.values()) for account in accounts]
    lines = render_table(_COLUMNS, rows, width, style)
    if any(account.id not in known.values() for account in accounts):
        lines += ["", f"To name them, write this at target {printable(target)} in reconciler.yaml:"]
        lines.append(f"  accounts: {write_accounts({**known, **aliases})}")
    return "\n".join(lines)


def write_accounts(aliases: Mapping[str, int]) -> str:
    """Write aliases as YAML in one line: `{main: 1, futures: 2}`."""
    return "{" + ", ".join(f"{alias}: {number}" for alias, number in aliases.items()) + "}"


def render_accounts_json(accounts: Sequence[Account], aliases: Mapping[str, int], known: Mapping[str, int]) -> str:
    """Write the accounts as a JSON document with a line feed at its end.

    Args:
        accounts: Of the key.
        aliases: Alias to account id, for all of them.
        known: The same, of those that the target names already.
    """
    names = {number: alias for alias, number in aliases.items()}
    document = {
        "format_version": FORMAT_VERSION,
        "accounts": [
            {
                "id": account.id,
                "alias": names[account.id],
                "is_named": account.id in known.values(),
                "name": account.name,
                "market_code": account.market_code,
                "is_paper": account.is_paper,
                "obstacle": account.obstacle or None,
                "usd_amount": None if account.usd_amount is None else plain(account.usd_amount),
            }
            for account in accounts
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _cells(account: Account, alias: str, *, is_known: bool) -> list[Cell]:
    notes = [*([account.obstacle] if account.obstacle else []), *([] if is_known else [_NOT_NAMED])]
    return [
        Cell(alias, () if is_known else ("dim",)),
        Cell(str(account.id)),
        Cell(printable(account.name) or "-"),
        Cell(printable(account.market_code)),
        Cell("-" if account.usd_amount is None else format_money(account.usd_amount, "USD")),
        Cell(printable(", ".join(notes)), ("red",) if account.obstacle else ()),
    ]
