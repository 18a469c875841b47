"""A browser without a window, in which pages are looked at as a person sees them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
WIDTHS = (390, 900, 1440)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
HEIGHT = 1000
# Under which names Debian, other systems and Google install it.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ROOT = Path(__file__).parents[2]
# CI keeps them; nothing else reads them.
PICTURES = _ROOT / "build" / "screenshots"
# Rules that look at every element in turn for long; what repeats is looked at so many times.
_SLOW_RULES = ["color-contrast", "target-size"]
_MOST_ALIKE = 12
# Without the places where all is well, of which a large page has tens of thousands: to name and hand them over is slow.
_RUN_AXE = """async ([context, options]) => {
  const found = await axe.run({include: [":root"], ...context}, {...options, resultTypes: ["violations"]});
  return found.violations;
}"""


@dataclass(kw_only=True)
class Visit:
    """One look at a page.

    Attributes:
        page: The page in the browser.
        messages: What it wrote to the console, and its errors.
        requests: Addresses that it asked for beside its own.
    """

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def find_overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        found = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert isinstance(found, int)
        return found

    def find_barriers(self) -> Sequence[str]:
        """What keeps people from using the page, as axe-core finds it: the rule, and the first places."""
        self.page.evaluate(_read_axe())
        quick = {"rules": {name: {"enabled": False} for name in _SLOW_RULES}}
        slow = {"runOnly": {"type": "rule", "values": _SLOW_RULES}}
        repeated = [f"{each}:nth-of-type(n+{_MOST_ALIKE})" for each in ("article", "details", "table.index tr")]
        return [*self._run_axe({}, quick), *self._run_axe({"exclude": repeated}, slow)]

    def _run_axe(self, context: Mapping[str, object], options: Mapping[str, object]) -> Sequence[str]:
        found = self.page.evaluate(_RUN_AXE, [context, options])
        return [f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}" for each in found]

    def save_picture(self, name: str) -> None:
        """Keep what the window shows, for people."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


def find_browser() -> str:
    """Path of the browser; without one the test is skipped, and says what to install."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium was found; install it: apt-get install chromium")
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        pytest.skip("playwright and axe are not installed; install them: pip install '.[dev]'")
    return found


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start the browser that this machine has."""
    path = find_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser, path: Path, *, width: int = 1440, scheme: Scheme = "light", has_script: bool = True
) -> Iterator[Visit]:
    """Open a page in a window of its own.

    Args:
        browser: The browser.
        path: The file.
        width: Width of the window in pixels.
        scheme: Which colours the user prefers.
        has_script: Whether scripts may run.
    """
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, java_script_enabled=has_script
    )
    try:
        seen = Visit(page=context.new_page())
        seen.page.on("console", lambda message: seen.messages.append(message.text))
        seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
        seen.page.on("dialog", lambda dialog: seen.messages.append(f"dialog: {dialog.message}"))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(path.as_uri())
        seen.requests.remove(path.as_uri())
        yield seen
    finally:
        context.close()


def _read_axe() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
