"""The pictures of the documents: the page and the text of one plan. Run by hand: `python -m tests.support.pictures`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.rendering.html.pages import render_plan_page
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.style import Style
from reconciler.rendering.views.plan_view import view_plan
from reconciler.saved_plan.files import digest_plan
from tests.support.browser import start_browser, visit
from tests.support.review_scenes import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).parents[2] / ".github" / "images"
_WIDTH, _HEIGHT = 1180, 1240
_TRADE = "#t-eth-swing"
_COLUMNS, _LINES = 112, 62
_ESCAPE = re.compile("\x1b\\[([0-9;]*)m")
# The colours of a dark terminal, by the codes that `rendering.style` writes.
_COLORS = {
    "1": "font-weight:bold",
    "2": "opacity:.65",
    "31": "color:#ff8f86",
    "32": "color:#7ed6a1",
    "33": "color:#f1c264",
    "36": "color:#8dbaff",
}
_TERMINAL = (
    '<!doctype html><meta charset="utf-8"><style>body{{margin:0;padding:18px 22px;background:#0f1317;color:#e5e9ed;'
    "width:max-content}}pre{{margin:0;font:13px/1.45 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}</style>"
    "<pre>{}</pre>"
)


def make_pictures(browser: Browser, folder: Path) -> Iterator[Path]:
    """Take the pictures, each as a file; yield its path.

    Args:
        browser: A browser.
        folder: Where they are written.
    """
    plan = SCENES["mixed"]
    with tempfile.TemporaryDirectory() as name:
        page, terminal = Path(name) / "plan.html", Path(name) / "terminal.html"
        page.write_text(render_plan_page(view_plan(plan, digest_plan(plan))), encoding="utf-8")
        text = render_plan(plan, Style(is_on=True), width=_COLUMNS)
        terminal.write_text(_TERMINAL.format(paint("\n".join(text.splitlines()[:_LINES]))), encoding="utf-8")
        for scheme in ("light", "dark"):
            with visit(browser, page, width=_WIDTH, scheme=scheme) as seen:
                seen.page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
                yield _save(seen.page.screenshot(), folder / f"plan-page-{scheme}.png")
                yield _save(seen.page.locator(_TRADE).screenshot(), folder / f"plan-trade-{scheme}.png")
        with visit(browser, terminal) as seen:
            yield _save(seen.page.locator("body").screenshot(), folder / "plan-terminal.png")


def paint(text: str) -> str:
    """Write a text with escape codes of colours as HTML."""
    parts = _ESCAPE.split(text)
    painted = [escape(parts[0])]
    for codes, part in zip(parts[1::2], parts[2::2], strict=True):
        style = ";".join(_COLORS[code] for code in codes.split(";") if code in _COLORS)
        painted.append(f'<span style="{style}">{escape(part)}</span>' if style else escape(part))
    return "".join(painted)


def _save(picture: bytes, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture)
    return path


def main() -> None:
    """Write the pictures of the documents."""
    with start_browser() as browser:
        for path in make_pictures(browser, FOLDER):
            sys.stdout.write(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
