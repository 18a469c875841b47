"""Random YAML texts in every layout that plan files may have, for property tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

from hypothesis import strategies as st

_PLAIN = ("0.01", "60000", "1.50", "1e3", "limit", "USDT_BTC", "a b", "yes", "010", "true", "-5", "a#b", "x:y", "'q u'")
_QUOTED = ("a # no comment", "", "it's", "{x}", "ü", "60000")


@st.composite
def yaml_texts(draw: st.DrawFn) -> str:
    """Texts of plan files, with numbered comments `#1`, `#2` and so on."""
    writer = _Writer(draw)
    lines = writer.comments(0)
    if draw(st.integers(0, 9)) == 0:
        lines += ["---" + writer.tail()]
    lines += writer.mapping(draw(st.sampled_from([0, 0, 0, 2])), 0)
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "\n", "", "\n\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 4)) == 0 else text


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers: Iterator[int] = count(1)
        self.keys: Iterator[int] = count(1)
        self.anchors: list[str] = []
        self.names: Iterator[int] = count(1)

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def comment(self) -> str:
        return f"#{self.pick('', ' ', '# ')}{next(self.numbers)}{self.pick('', ': x', ' - {a', '  ')}"

    def tail(self) -> str:
        """Blanks, and sometimes a comment, at the end of a line."""
        return self.pick(" ", "   ") + self.comment() if self.chance(5) else self.pick("", "", "", "  ")

    def comments(self, column: int) -> list[str]:
        """Lines before an entry: comments, also in other columns, and empty ones."""
        lines: list[str] = []
        while self.chance(4):
            shift = self.draw(st.sampled_from([0, 0, 0, -2, 3]))
            lines.append(" " * max(0, column + shift) + self.comment() if self.chance(2) else self.pick("", "  "))
        return lines

    def mapping(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.draw(st.integers(1, 4 if depth < 2 else 2))):
            key = self.pick("k{}", "'k{}'", '"k {}"', "k-{}").format(next(self.keys))
            lines += self.comments(column)
            lines += self.value(" " * column + key + self.pick(":", ":", " :"), column, depth)
        return lines

    def sequence(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.draw(st.integers(1, 3))):
            lines += self.comments(column)
            if depth < 3 and self.chance(3):
                gap = self.draw(st.integers(1, 3))
                first, *rest = self.mapping_without_lead(column + 1 + gap, depth + 1)
                lines += [" " * column + "-" + " " * gap + first.lstrip(" "), *rest]
            else:
                lines += self.value(" " * column + "-", column, depth)
        return lines

    def mapping_without_lead(self, column: int, depth: int) -> list[str]:
        key = f"k{next(self.keys)}"
        return self.value(" " * column + key + ":", column, depth) + (
            self.mapping(column, depth) if self.chance(2) else []
        )

    def value(self, head: str, column: int, depth: int) -> list[str]:
        anchor = ""
        if self.chance(10):
            anchor = f" &a{next(self.names)}"
        kind = self.draw(st.integers(0, 11 if depth < 3 else 8))
        if kind <= 2:
            lines = [f"{head}{anchor}{self.pick(' ', '  ')}{self.scalar()}{self.tail()}"]
        elif kind == 3:
            lines = self.lines_of_text(head + anchor, column)
        elif kind == 4:
            lines = self.folded(head + anchor, column)
        elif kind == 5 and self.anchors and not anchor:
            return [f"{head} *{self.pick(*self.anchors)}{self.tail()}"]
        elif kind == 5:
            return [f"{head}{self.tail()}"]
        elif kind <= 8:
            flow = self.flow(column + 1, depth)
            lines = (f"{head}{anchor} {flow}{self.tail()}").split("\n")
        elif kind == 9:
            lines = [f"{head}{anchor}{self.tail()}", *self.sequence(self.deeper(column, head), depth + 1)]
        else:
            lines = [f"{head}{anchor}{self.tail()}", *self.mapping(column + self.draw(st.integers(1, 5)), depth + 1)]
        if anchor:
            self.anchors.append(anchor[2:])
        return lines

    def deeper(self, column: int, head: str) -> int:
        """Where a list may begin: below a key also in the column of the key."""
        return column + self.draw(st.integers(1 if head.endswith("-") else 0, 4))

    def scalar(self) -> str:
        return self.pick(*_PLAIN) if self.chance(2) else json.dumps(self.pick(*_QUOTED), ensure_ascii=False)

    def lines_of_text(self, head: str, column: int) -> list[str]:
        step = self.draw(st.integers(1, 4))
        header = self.pick("|", ">") + self.pick("", "-", "+", str(step), f"{step}-")
        inner = " " * (column + step)
        body = [self.pick("text", "# no comment", "a: b", "") for _ in range(self.draw(st.integers(0, 3)))]
        if header[1:2].isdigit() and self.chance(2):
            body.insert(0, "  more")
        ends = self.pick("", f"  {self.comment()}")
        return [
            f"{head} {header}{ends}",
            *(inner + line if line else self.pick("", inner) for line in ["first", *body]),
        ]

    def folded(self, head: str, column: int) -> list[str]:
        inner = " " * (column + self.draw(st.integers(1, 6)))
        middle = ["", f"{inner}two"] if self.chance(3) else [f"{inner}two"]
        if self.chance(2):
            return [f"{head} one", *middle, f"{inner}three{self.tail()}"]
        end = self.pick(" three", "\\", "")
        return [f'{head} "one{end}', *middle, f'{inner}four"{self.tail()}']

    def flow(self, column: int, depth: int) -> str:
        """A group in brackets, on one line or more, with comments where it has line breaks."""
        is_long = self.chance(3)

        def gap() -> str:
            if is_long and self.chance(2):
                return f"{self.tail()}\n" + "".join(f"{each}\n" for each in self.comments(column)) + " " * column
            return self.pick("", " ", "  ")

        parts: list[str] = []
        is_list = self.chance(3)
        for _ in range(self.draw(st.sampled_from([0, 1, 2, 3, 9]))):
            below = self.flow(column, depth + 1) if depth < 3 and self.chance(5) else self.scalar_in_flow()
            parts.append(below if is_list else f"f{next(self.keys)}:{self.pick(' ', '  ')}{below}")
        opening, closing = "[]" if is_list else "{}"
        inside = "".join(
            f"{gap()}{part}{gap()}{',' if place < len(parts) - 1 else ''}" for place, part in enumerate(parts)
        )
        return f"{opening}{inside}{gap()}{closing}"

    def scalar_in_flow(self) -> str:
        return self.scalar()
