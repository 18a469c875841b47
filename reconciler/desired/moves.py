"""Renamed trades: the lines of `moved` in all files of a workspace."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.model.specs import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of `moved`.

    Attributes:
        document: The file.
        place: Its index in the list, from 0.
        old: The former name.
        new: The new name.
    """

    document: Document
    place: int
    old: str
    new: str

    def problem(self, key: str, message: str) -> Problem:
        """Report a problem with one of its two names."""
        return self.document.problem(self.path(key), message)

    def locate(self, key: str) -> str:
        """Show the position of one of its two names, for messages."""
        return _show(self.document.find_value(self.path(key)))

    def path(self, key: str) -> FieldPath:
        """Return the path of one of its two names."""
        return ("moved", self.place, key)


def find_moves(
    documents: Sequence[Document], *, are_all_read: bool
) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """Find the former names of trades, and the problems of `moved`.

    Args:
        documents: All plan files.
        are_all_read: Whether no file is missing, so that a name that is in no file is an error.

    Returns:
        Each name with its former names, the latest first, and the problems.
    """
    moves = [move for document in documents for move in _read_moves(document)]
    if not moves:
        return {}, ()
    trades = _find_trades(documents)
    problems = tuple(_check(moves, trades, are_all_read=are_all_read))
    olds = {move.new: move.old for move in reversed(moves)}
    return {} if problems else {name: tuple(_follow(name, olds)) for name in trades if name in olds}, problems


def _read_moves(document: Document) -> Iterator[Move]:
    """Read the valid lines. Problems of the others were already reported by the schema."""
    listed = document.root.get("moved")
    for place, line in enumerate(listed if isinstance(listed, list) else ()):
        old, new = (line.get("from"), line.get("to")) if isinstance(line, Mapping) else (None, None)
        if isinstance(old, str) and isinstance(new, str):
            yield Move(document=document, place=place, old=old, new=new)


def _find_trades(documents: Sequence[Document]) -> dict[str, Origin]:
    places: dict[str, Origin] = {}
    for document in documents:
        trades = document.root.get("trades")
        for name in trades if isinstance(trades, Mapping) else ():
            places.setdefault(name, document.find_key(("trades", name)))
    return places


def _check(moves: Sequence[Move], trades: Mapping[str, Origin], *, are_all_read: bool) -> Iterator[Problem]:
    olds: dict[str, Move] = {}
    news: dict[str, Move] = {}
    for move in moves:
        if move.old == move.new:
            yield move.problem("to", f"found the name {move.new} in from and in to; leave the line out")
            continue
        if move.old in olds:
            first = olds[move.old].locate("from")
            yield move.problem("from", f"found the name {move.old} moved a second time; the first is in {first}")
            continue
        if move.new in news:
            first = news[move.new].locate("to")
            message = f"found a second trade moved to {move.new}; the first is in {first}, and two cannot become one"
            yield move.problem("to", message)
            continue
        olds[move.old] = news[move.new] = move
    circles = list(_find_circles(olds))
    for circle in circles:
        names = " -> ".join([*(move.old for move in circle), circle[0].old])
        yield circle[-1].problem("to", f"found a circle: {names}; keep only the latest of these lines")
    in_circles = {move.old for circle in circles for move in circle}
    for move in olds.values():
        if move.old not in in_circles:
            yield from _check_names(move, olds, trades, are_all_read=are_all_read)


def _check_names(
    move: Move, olds: Mapping[str, Move], trades: Mapping[str, Origin], *, are_all_read: bool
) -> Iterator[Problem]:
    if move.old in trades:
        place = _show(trades[move.old])
        message = (
            f"found the name {move.old}, which is still a trade in {place}; after a move only the new name may be used"
        )
        yield move.problem("from", message)
    if move.new not in trades and move.new not in olds and are_all_read:
        close = difflib.get_close_matches(move.new, trades, n=1)
        hint = f"did you mean {close[0]}?" if close else "if the trade was removed later, leave the line out"
        yield move.problem("to", f"found the name {move.new}, which is not a trade in any file; {hint}")


def _find_circles(olds: Mapping[str, Move]) -> Iterator[list[Move]]:
    """Find moves that lead back to their start, each circle once."""
    seen: set[str] = set()
    for start in olds:
        chain: list[Move] = []
        name = start
        while name in olds and name not in seen:
            seen.add(name)
            chain.append(olds[name])
            name = olds[name].new
        names = [move.old for move in chain]
        if name in names:
            yield chain[names.index(name) :]


def _follow(name: str, olds: Mapping[str, str]) -> Iterator[str]:
    while name in olds:
        name = olds[name]
        yield name


def _show(origin: Origin) -> str:
    return f"{origin.file}:{origin.line}"
