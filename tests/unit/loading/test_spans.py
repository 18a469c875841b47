"""Where keys and values begin and end."""

from __future__ import annotations

import pytest
import yaml

from reconciler.loading.spans import Shape, Span, find_spans

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]
TEXT = """\
version: 1
trades:
  ä😀: {x:  1, y: [ 1,2 ]}   # one
  b:
    t: 'quoted'  # two
    l:
    - 1
    - a: 1
      b: 2 # three
    # four
  f: >
    folded
    text

  g: &anchor {x: 1}
  h: *anchor
"""


def at(span: Span, *path: str | int) -> Span:
    for key in path:
        if isinstance(key, int):
            span = span.items[key]
        else:
            entry = span.find(key)
            assert entry is not None
            span = entry.value
    return span


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("trades", "ä😀"), "{x:  1, y: [ 1,2 ]}"),
        (("trades", "ä😀", "y"), "[ 1,2 ]"),
        (("trades", "b", "t"), "'quoted'"),
        (("trades", "b", "l"), "- 1\n    - a: 1\n      b: 2"),
        (("trades", "b", "l", 1), "a: 1\n      b: 2"),
        (("trades", "f"), ">\n    folded\n    text"),
        (("trades", "g"), "&anchor {x: 1}"),
        (("trades", "h"), "*anchor"),
    ],
)
def test_a_span_is_the_value_without_what_follows_it(
    path: tuple[str | int, ...], shown: str, loader: type[yaml.SafeLoader], newline: str
) -> None:
    text = TEXT.replace("\n", newline)
    span = at(find_spans(text, loader), *path)
    assert text[span.start : span.end] == shown.replace("\n", newline)


def test_what_an_alias_may_mean_is_told() -> None:
    trades = at(find_spans(TEXT), "trades")
    assert at(trades, "h").shape is Shape.ALIAS
    assert at(trades, "g").is_anchored
    assert trades.is_anchored
    assert not at(trades, "b").is_anchored
