"""Text from outside in Markdown, rendered by GitHub's parser: it is shown as it is, and is nothing but text."""

from __future__ import annotations

from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.phrases import Span, SpanKind
from reconciler.rendering.markdown.escape import LONGEST_VALUE, block, code, prose, sentence, tag, visible

HOSTILE = (
    "`code`",
    "``` fence",
    "a | b",
    "a \\| b",
    "\\",
    "`",
    " ` ",
    "**bold** _it_ ~~gone~~",
    "<script>alert(1)</script>",
    "</code></summary></details><h1>x</h1>",
    "<!-- comment",
    "--> <b>",
    "[link](https://evil.example) ![image](x)",
    "https://evil.example www.evil.example a@evil.example",
    "@desk #1 GH-1 :smile: !7 ~label",
    "# heading",
    "1. one",
    "- item",
    "> quote",
    "&lt;b&gt; &copy;",
    "\u202eevil\u2066",
    "a\nb\r\nc",
    "\x1b[2J",
    "| --- | --- |",
    "$x^2$",
    "***",
    "=====",
)


class _Text(HTMLParser):
    """Gathers the text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Gather a tag."""
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Gather text."""
        self.text += data


def parse(markdown: str) -> _Text:
    """The page of a Markdown text, as GitHub makes it before it takes anything out."""
    found = _Text()
    found.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))
    return found


def squeeze(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_one_code_span_in_a_sentence_and_in_a_cell(text: str) -> None:
    page = parse(f"before {code(text)} after")
    assert page.tags == ["p", "code"]
    assert squeeze(page.text) == squeeze(f"before {visible(text)} after")
    cell = parse(f"| a | b |\n|---|---|\n| {code(text, in_table=True)} | last |")
    assert cell.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "code", "td"]
    assert squeeze(cell.text) == squeeze(f"a b {visible(text)} last")


@pytest.mark.parametrize("text", HOSTILE)
def test_our_own_words_are_text_whatever_is_in_them(text: str) -> None:
    page = parse(sentence((Span(text),)))
    assert page.tags == ["p"]
    assert squeeze(page.text) == squeeze(visible(text).replace("->", "→"))
    assert parse(f"| a |\n|---|\n| {prose(text)} |").tags == ["table", "thead", "tr", "th", "tbody", "tr", "td"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_a_summary_or_a_block_stays_there(text: str) -> None:
    page = parse(
        f"<details><summary><code>{tag(text)}</code></summary>\n\n{block([visible(text)])}\n\nend\n\n</details>"
    )
    assert page.tags == ["details", "summary", "code", "pre", "code", "p"]


@given(st.text(max_size=40))
def test_no_text_whatever_leaves_its_code_span(text: str) -> None:
    page = parse(f"| {code(text, in_table=True)} | x |\n|---|---|")
    assert page.tags in (
        ["table", "thead", "tr", "th", "code", "th"],
        # An empty value is shown as words.
        ["table", "thead", "tr", "th", "th"],
    )
    assert squeeze(page.text).endswith("x")


@given(st.text(max_size=40))
def test_no_text_whatever_becomes_more_than_text(text: str) -> None:
    assert set(parse(f"x {prose(text)} x").tags) <= {"p"}


def test_the_words_of_a_mention_a_reference_and_an_address_are_broken() -> None:
    assert prose("@desk #7 www.x :a: http://x") == ("@&#8203;desk #&#8203;7 www&#8203;.x :&#8203;a: http:&#8203;//x")
    assert prose("08:14:05, 50 %, a - b") == "08:14:05, 50 %, a - b"


def test_a_sentence_shows_names_as_code_and_what_must_not_be_missed_in_bold() -> None:
    said = (Span("by "), Span("a|b", SpanKind.VALUE), Span(" at "), Span("once", SpanKind.STRONG))
    assert sentence(said, in_table=True) == "by `a\\|b` at **once**"
    assert sentence((Span("1. x"),)) == "1&#8203;. x"
    assert sentence((Span("- x"),)) == "\\- x"


def test_empty_and_long_values() -> None:
    assert code("") == "(empty)"
    assert code("  ") == "(2 spaces)"
    assert len(visible("x" * 5000)) == LONGEST_VALUE
    assert visible("\u202e\U000e0001") == "\\u202e\\U000e0001"
