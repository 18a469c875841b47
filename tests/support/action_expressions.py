"""The expressions of GitHub Actions, as far as the files of this repository use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w.-]*)|(?P<number>\d+)|(?P<sign>==|!=|&&|\|\||[!(),]))"
)
_WHOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class Unknown(Exception):
    """The runner does not know this."""


def fill(text: Any, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions replaced."""
    return _WHOLE.sub(lambda match: _write(evaluate(match[1], contexts)), "" if text is None else _write(text))


def is_true(condition: Any, contexts: Mapping[str, Any], *, has_failed: bool) -> bool:
    """Whether a step or job with this `if` runs."""
    text = "success()" if condition is None else str(condition)
    match = _WHOLE.fullmatch(text.strip())
    text = match[1] if match else text
    asks = re.search(r"\b(always|failure|success|cancelled)\(", text)
    states = {"always": True, "failure": has_failed, "success": not has_failed, "cancelled": False}
    found = bool(evaluate(text, {**contexts, "()": states}))
    return found if asks else found and not has_failed


def evaluate(text: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression."""
    return _Parser(text, contexts).parse()


def _write(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Parser:
    def __init__(self, text: str, contexts: Mapping[str, Any]) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.contexts = contexts
        place = 0
        while text[place:].strip():
            match = _TOKEN.match(text, place)
            if match is None:
                raise Unknown(text[place:])
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind]))
            place = match.end()

    def parse(self) -> Any:
        value = self.read_or()
        if self.tokens:
            raise Unknown(str(self.tokens))
        return value

    def read_or(self) -> Any:
        value = self.read_and()
        while self.take("||"):
            other = self.read_and()
            value = value or other
        return value

    def read_and(self) -> Any:
        value = self.read_comparison()
        while self.take("&&"):
            other = self.read_comparison()
            value = value and other
        return value

    def read_comparison(self) -> Any:
        value = self.read_one()
        if self.take("=="):
            return _write(value).lower() == _write(self.read_one()).lower()
        if self.take("!="):
            return _write(value).lower() != _write(self.read_one()).lower()
        return value

    def read_one(self) -> Any:
        if self.take("!"):
            return not self.read_one()
        if self.take("("):
            value = self.read_or()
            self.need(")")
            return value
        kind, token = self.tokens.pop(0)
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return int(token)
        if kind != "word":
            raise Unknown(token)
        return self.call(token) if self.take("(") else self.find(token)

    def call(self, name: str) -> Any:
        arguments: list[Any] = []
        while not self.take(")"):
            arguments.append(self.read_or())
            self.take(",")
        if name in self.contexts.get("()", {}):
            return self.contexts["()"][name]
        if name == "format":
            return re.sub(r"\{(\d+)\}", lambda match: _write(arguments[int(match[1]) + 1]), arguments[0])
        raise Unknown(name)

    def find(self, word: str) -> Any:
        if word in ("true", "false"):
            return word == "true"
        value: Any = self.contexts
        for part in word.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def take(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise Unknown(sign)
