"""The outline of a page: its tags, attributes, addresses and links, and its text apart from them."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "input", "br", "wbr"}
# No attribute here runs anything, loads anything or brings a style.
HARMLESS = {
    *("id", "class", "lang", "charset", "http-equiv", "content", "name", "href", "for", "type", "value", "checked"),
    *("hidden", "tabindex", "role", "scope", "placeholder", "autocomplete", "method", "title", "aria-label"),
    *("aria-labelledby", "aria-hidden", "width", "height", "viewbox", "x", "y", "cx", "cy", "r", "rx", "d", "fill"),
    *("patternunits", "patterntransform", "fill-rule", "data-price"),
}


class Outline(HTMLParser):
    """The tags of a page, without its text; fails if they are not nested."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in ("style", "script"):
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
