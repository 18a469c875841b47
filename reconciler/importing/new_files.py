"""New trades as text: a file of their own, or at the end of a file that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.formatting.emit import INDENT, emit_scalar, emit_trade
from reconciler.formatting.splice import add_trades, insert_lines
from reconciler.importing.choices import Choice
from reconciler.importing.fields import Fields, shorten, write_fields
from reconciler.importing.statement import Statement
from reconciler.loading.spans import Shape, find_spans

# A live trade that is new to the files, and what is stated about it.
New = tuple[Choice, Statement]


def compose_file(trades: Sequence[New], accounts: Mapping[str, int]) -> str:
    """Make a new file; the account is named once if all trades have the same.

    Args:
        trades: What it holds.
        accounts: Alias to account id.
    """
    ids = {statement.terms.account_id for _, statement in trades}
    shared_id = ids.pop() if len(ids) == 1 else None
    lines = ["version: 1"]
    if shared_id is not None:
        lines.append(f"account: {emit_scalar(_name_account(accounts, shared_id))}")
    lines.append("trades:")
    for place, (choice, statement) in enumerate(trades):
        fields = shorten(_complete(choice, statement, accounts, shared_id))
        lines += [*([""] if place else []), *emit_trade(choice.name, fields, INDENT)]
    return "\n".join(lines) + "\n"


def add_to_file(
    text: str, trades: Sequence[New], accounts: Mapping[str, int], *, shared_id: int | None, keeps_types: bool
) -> str:
    """Add trades at the end of the trades of a file; all else stays unchanged.

    Args:
        text: The file.
        trades: The new ones.
        accounts: Alias to account id.
        shared_id: The account that the file names for all its trades, or None.
        keeps_types: Whether price types are written even if they are the default.

    Raises:
        CannotSplice: The trades are written in a way that lets none be added.
    """
    added = {
        choice.name: shorten(_complete(choice, statement, accounts, shared_id), keeps_types=keeps_types)
        for choice, statement in trades
    }
    entry = find_spans(text).find("trades")
    if entry is None:
        raise AssertionError("a file without trades was refused before")
    if entry.value.entries or entry.value.shape is Shape.ALIAS:
        return add_trades(text, entry.value, added)
    kept = text[: entry.key_end] + ":" + text[entry.value.end :]
    lines = [line for name, fields in added.items() for line in emit_trade(name, fields, INDENT)]
    return insert_lines(kept, entry.key_end, lines)


def _complete(choice: Choice, statement: Statement, accounts: Mapping[str, int], shared_id: int | None) -> Fields:
    """Make all fields of a new trade; account and generation only if needed."""
    head: Fields = {}
    if statement.terms.account_id != shared_id:
        head["account"] = _name_account(accounts, statement.terms.account_id)
    if choice.generation != 1:
        head["generation"] = choice.generation
    return {**head, **write_fields(statement)}


def _name_account(accounts: Mapping[str, int], account_id: int) -> str | int:
    return next((alias for alias, known in accounts.items() if known == account_id), account_id)
