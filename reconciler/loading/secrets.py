"""Find secrets that were written into a file by mistake, and hide those of the environment in messages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.model.documents import Document, FieldPath, write_path
from reconciler.model.problems import Problem

# A key that contains one of these words, in any case, looks like a secret.
_WORDS = ("key", "secret", "token", "passw", "passphrase", "credential", "bearer", "authorization")
_WORD = re.compile("|".join(_WORDS), re.IGNORECASE)
_PEM = "-----BEGIN "
# A shorter value of the environment may be part of any word.
_SHORTEST_VALUE = 4
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_. -]{1,40}")
# If a line ends with one of these, its value is in the next line.
_GOING_ON = (":", "|", ">", "[", "{", "=", "\\")
# Nothing is tried twice (`+` behind a repetition), so that the time grows with the length of a line and no faster.
_LINE_KEY = re.compile(r"""\s*+(?:- ++)*+["']?+([^"':{}\[\]]*+)["']?+\s*+:""")
# A trade or a target may have such a word in its name; these keys show that it is not a secret.
_TRADE_KEYS = frozenset(("pair", "position", "state", "take_profit", "stop_loss", "account", "account_id"))
_TARGET_KEYS = frozenset(("kind", "mode", "accounts"))
_MESSAGE = (
    "looks like a secret: secrets belong in the environment; remove it from the file and its history, and replace it at"
    " its issuer. Its value and line are not shown, and nothing else in this file is checked"
)


def may_hold_secrets(text: str) -> bool:
    """Return whether a text has a word that is typical of secrets.

    Args:
        text: The content of a file.
    """
    lowered = text.lower()
    return _PEM in text or any(word in lowered for word in _WORDS)


def find_secret_keys(document: Document) -> tuple[Problem, ...]:
    """Report each key that looks like a secret, without its line.

    Args:
        document: A plan file or a reconciler.yaml.
    """
    return tuple(_make_problem(document, path) for path in _find_paths(document.root, ()))


def hide_lines(lines: Sequence[str], names: Collection[str] = ()) -> list[str]:
    """Replace lines that may show a secret by empty ones: lines with a typical word, and what is indented below them.

    Args:
        lines: The lines.
        names: Keys that are names of trades or targets, so that their words do not count.
    """
    if any(_PEM in line for line in lines):
        return [""] * len(lines)
    shown: list[str] = []
    hidden_below, goes_on = -1, False
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        is_below = hidden_below >= 0 and (not line.strip() or indent > hidden_below)
        if not is_below:
            hidden_below = indent if _is_telling(line, names) else -1
        shown.append("" if is_below or goes_on or hidden_below >= 0 else line)
        goes_on = hidden_below >= 0 and line.rstrip().endswith(_GOING_ON)
    return shown


def find_names(root: Mapping[str, object]) -> frozenset[str]:
    """Find the names of the trades and targets of a file.

    Args:
        root: The content of a plan file or a reconciler.yaml.
    """
    return frozenset(
        name
        for group in ("trades", "targets")
        if isinstance(named := root.get(group), Mapping)
        for name, value in named.items()
        if _is_named((group, name), value)
    )


def hide_values(problems: Sequence[Problem], secrets: Collection[str]) -> tuple[Problem, ...]:
    """Replace the secrets of the environment in problems by `***`.

    Args:
        problems: Problems of files.
        secrets: The values that must not be shown.
    """
    values = sorted({value for value in secrets if len(value) >= _SHORTEST_VALUE}, key=len, reverse=True)
    return tuple(_hide_values(problem, values) for problem in problems) if values else tuple(problems)


def _hide_values(problem: Problem, values: Sequence[str]) -> Problem:
    if any(value in problem.source_line for value in values):
        problem = replace(problem, source_line="")
    for value in values:
        problem = replace(
            problem,
            file=problem.file.replace(value, "***"),
            path=problem.path.replace(value, "***"),
            message=problem.message.replace(value, "***"),
        )
    return problem


def _is_telling(line: str, names: Collection[str]) -> bool:
    key = _LINE_KEY.match(line)
    if key is not None and key[1].strip() in names:
        line = line[key.end() :]
    return _WORD.search(line) is not None


def _find_paths(node: object, path: FieldPath) -> Iterator[FieldPath]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            below = (*path, key)
            if _WORD.search(key) is not None and not _is_named(below, value):
                yield below
            else:
                yield from _find_paths(value, below)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _find_paths(value, (*path, number))


def _is_named(path: FieldPath, value: object) -> bool:
    """Return whether a key is the name of a trade, a target or an account, which may contain any word."""
    match path:
        case ("trades", _):
            return isinstance(value, Mapping) and not _TRADE_KEYS.isdisjoint(value)
        case ("targets", _):
            return isinstance(value, Mapping) and not _TARGET_KEYS.isdisjoint(value)
        case ("targets", _, "accounts", _):
            return isinstance(value, int)
    return False


def _make_problem(document: Document, path: FieldPath) -> Problem:
    *above, key = path
    shown = path if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else tuple(above)
    return replace(document.problem(path, _MESSAGE, at=document.find_key(path)), source_line="", path=write_path(shown))
