"""Pages in HTML: one file that needs nothing else, under a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from reconciler.codec.instants import write_second
from reconciler.rendering.html.drawing import WIDTH
from reconciler.rendering.html.drift_page import lay_out_drift
from reconciler.rendering.html.markup import show, write_path, write_phrase, write_sentence
from reconciler.rendering.html.plan_page import MOST_FULL, lay_out_plan

if TYPE_CHECKING:
    from jinja2 import Environment

    from reconciler.model.drift_view import DriftView
    from reconciler.model.plan_view import PlanView

_TEMPLATES = Path(__file__).parent / "templates"
# A page is made smaller if it is larger than this. Source: design, section 7.
LARGEST_BYTES = 2_000_000
_MOST_FULL = (MOST_FULL, 100, 50)
# Every icon has its meaning in words beside it.
_ICONS = {"danger": "oct", "money": "up", "good": "shield", "blocked": "bar", "warning": "tri"}


def render_plan_page(view: PlanView) -> str:
    """Write a plan as a page; the larger it is, the fewer trades are shown with a drawing of their prices."""
    page = ""
    for most_full in _MOST_FULL:
        page = _render("plan.html.j2", page=lay_out_plan(view, most_full))
        if len(page) <= LARGEST_BYTES:
            break
    return page


def render_drift_page(view: DriftView) -> str:
    """Write a check of drift as a page."""
    return _render("drift.html.j2", page=lay_out_drift(view))


def _render(template: str, **parts: object) -> str:
    page = _load_environment().get_template(template).render(parts)
    # All other characters as their numbers: the same page comes out whatever the encoding of the terminal or the file.
    return page.encode("ascii", "xmlcharrefreplace").decode()


@cache
def _load_environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=show,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(say=write_phrase, sentence=write_sentence, path=write_path, second=write_second)
    environment.filters.update(icon=_name_icon, place=_write_place)
    style, script = _read("page.css"), _read("page.js")
    environment.globals.update(style=_trust(style), script=_trust(script), ladder_width=WIDTH)
    environment.globals.update(policy=_write_policy(style, script))
    return environment


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _trust(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - a file of this package


def _write_policy(style: str, script: str) -> str:
    """Write the content security policy: our own style and script by their hashes, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _name_icon(tone: str) -> str:
    return _ICONS.get(tone, "dot")


def _write_place(number: float) -> str:
    """Write a place in a drawing, as short as possible."""
    return f"{number:.1f}".removesuffix(".0")
