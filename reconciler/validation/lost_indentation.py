"""Lines that have lost their indentation, so that they are beside the key that they belong below. One problem each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.validation.explain import is_slip

TRADE_KEYS = frozenset(
    {
        *("pair", "position", "take_profit", "stop_loss", "leverage", "averaging", "note", "instant", "state"),
        *("skip_enter_step", "lifecycle", "generation"),
    }
)
_POSITION_KEYS = frozenset({"type", "order_type", "units", "price", "conditional"})
# The keys below a group, and below which groups they are the only ones that are meant.
_BELOW: Mapping[str, frozenset[str]] = {
    "position": _POSITION_KEYS,
    "stop_loss": frozenset({"order_type", "price", "conditional", "timeout", "breakeven"}),
    "take_profit": frozenset({"steps", "unallocated"}),
    "leverage": frozenset({"type", "value"}),
    "conditional": frozenset({"price", "trailing"}),
}
_FILE_KEYS = frozenset({"version", "account", "account_id", "defaults", "moved", "trades"})


def find_lost_trades(document: Document) -> tuple[Problem | None, Collection[str]]:
    """Find trades, or fields of a trade, at the top of a file. Returns the problem, and the keys that it explains.

    Args:
        document: The file.
    """
    root = document.root
    lost = [key for key in root if key not in _FILE_KEYS]
    fields = [key for key in lost if key in TRADE_KEYS]
    groups = [key for key in lost if _is_trade(root[key])]
    if root.get("trades") is not None or not lost:
        return None, ()
    if "trades" in root:
        message = f'found nothing below trades; put two blanks before the line "{lost[0]}:" and each line below it'
        return document.problem(("trades",), message, at=document.find_key(("trades",))), {"trades", *lost}
    if fields:
        message = (
            f"found the fields of a trade ({', '.join(fields)}) at the top; write 'trades:' above them, below it a name"
            " such as '  btc-dip:', and four blanks before each line of the trade"
        )
        return document.problem((fields[0],), message, at=document.find_key((fields[0],))), {"trades", *lost}
    has_slip = any(is_slip(key.lower(), known) for key in lost for known in _FILE_KEYS)
    if not root.keys() & (_FILE_KEYS - {"version"}) and not groups and not has_slip:
        message = (
            f"found no key of a plan file ({', '.join(lost[:3])}), expected version and trades; if this is not a plan"
            " file, list those that are under `include` in reconciler.yaml"
        )
        return document.problem((), message), {"version", *lost}
    if groups and set(groups) == set(lost):
        message = f"found the trade {groups[0]} at the top; write 'trades:' above it, and two blanks before each line"
        return document.problem((groups[0],), message, at=document.find_key((groups[0],))), {"trades", *lost}
    return None, ()


def find_lost_fields(document: Document, path: FieldPath, group: object) -> tuple[Problem | None, Collection[str]]:
    """Find fields that are beside the group that they belong to, since it is empty.

    Args:
        document: The file.
        path: The trades of the file, a trade, or a group of it.
        group: What is there.

    Returns:
        The problem, and the keys that it explains.
    """
    if not isinstance(group, Mapping):
        return None, ()
    keys = list(group)
    for place, key in enumerate(keys):
        below = TRADE_KEYS if path == ("trades",) else _BELOW.get(key, frozenset())
        lost = [each for each in _take_while(keys[place + 1 :], below) if group[key] is None]
        if lost and (path != ("trades",) or key not in TRADE_KEYS):
            message = f"found nothing below {key}; put two more blanks before {_join(lost)}"
            return document.problem((*path, key), message, at=document.find_key((*path, key))), {key, *lost}
    return None, ()


def names_of_lost_fields(trades: object) -> Collection[str]:
    """Return the keys beside trades that are fields of the empty trade above them.

    Args:
        trades: The trades of a file.
    """
    if not isinstance(trades, Mapping) or all(trade is not None for trade in trades.values()):
        return ()
    return TRADE_KEYS & trades.keys()


def _is_trade(group: object) -> bool:
    return isinstance(group, Mapping) and bool({"pair", "position"} & group.keys())


def _take_while(keys: list[str], wanted: Collection[str]) -> Iterator[str]:
    for key in keys:
        if key not in wanted:
            return
        yield key


def _join(keys: list[str]) -> str:
    return f"{', '.join(keys[:-1])} and {keys[-1]}" if len(keys) > 1 else keys[0]
