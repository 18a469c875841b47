"""What happened to trades of the sandbox, in words: each line begins with the name of the trade, or its id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.codec.note import read_note


def name_trade(trade_id: int, note: str | None) -> str:
    """Return the name in the marker of a trade's note, or `#id` for a trade without a valid marker.

    Args:
        trade_id: Id of the trade.
        note: Its note, or None.
    """
    marker = read_note(note).marker
    return f"#{trade_id}" if marker is None else marker.name


def describe_lines(happened: object) -> Iterator[str]:
    """Yield one line for each thing that happened.

    Args:
        happened: The `happened` part of an answer of the sandbox: objects with `trade_id`, `note` and `text`.
    """
    for each in happened if isinstance(happened, Iterable) else ():
        yield describe_line(each["trade_id"], each["note"], each["text"])


def describe_line(trade_id: int, note: str | None, text: str) -> str:
    """Return the line of one thing that happened.

    Args:
        trade_id: Id of the trade.
        note: Its note, or None.
        text: What happened, without the name.
    """
    return f"{name_trade(trade_id, note)}: {text}"
