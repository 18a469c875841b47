"""Pages as a person meets them: in a browser, at three widths, in light and dark, with keys and without."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconciler.rendering.html import pages as html
from reconciler.rendering.html.pages import render_drift_page, render_plan_page
from reconciler.rendering.views.plan_view import view_plan
from tests.support.browser import SCHEMES, WIDTHS, Scheme, visit
from tests.support.drift_views import make_drift_view
from tests.support.hostile_views import HOSTILE, UNBROKEN, poison
from tests.support.review_scenes import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
Pages = Mapping[str, Path]
# Half a pixel is what a drawing is rounded to.
NEAR_PX = 0.6
# Every mark of every ladder: its price, and where its middle is in the window.
PLACES = """() => [...document.querySelectorAll("svg.ladder")].map((ladder) => ({
  isBroken: ladder.querySelector(".zig") !== null,
  marks: [...ladder.querySelectorAll("[data-price]")].map((mark) => {
    const box = mark.getBoundingClientRect();
    return { kind: mark.classList[0], price: mark.dataset.price, middle: (box.top + box.bottom) / 2 };
  }),
  labels: [...ladder.querySelectorAll("text:not(.h, .d)")].map((text) => {
    const box = text.getBoundingClientRect();
    return { text: text.textContent, isLeft: text.classList.contains("gone"), top: box.top, bottom: box.bottom };
  }),
  table: [...ladder.closest(".trade").querySelectorAll("table.lv")].flatMap((table) =>
    [...table.querySelectorAll("tbody td:nth-child(3)")].map((cell) => cell.textContent)),
}))"""


# To look at everything on a page of 1,000 changes takes long, and it is made of the same parts as the others.
LOOKED_AT_IN_FULL = frozenset([(390, "light"), (1440, "dark")])


@pytest.mark.parametrize("name", ["50", "1000", "hostile", "drift"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_is_accessible_fits_its_window_and_asks_for_nothing(
    browser: Browser, pages: Pages, name: str, width: int, scheme: Scheme
) -> None:
    with visit(browser, pages[name], width=width, scheme=scheme) as seen:
        seen.save_picture(f"{name}-{width}-{scheme}")
        assert seen.find_overflow() == 0
        if name != "1000" or (width, scheme) in LOOKED_AT_IN_FULL:
            assert seen.find_barriers() == []
        assert seen.messages == []
        assert seen.requests == []


@pytest.mark.parametrize("text", [HOSTILE, UNBROKEN], ids=["hostile", "unbroken"])
def test_no_text_from_outside_makes_a_page_wider_than_its_window(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    texts = {name: render_plan_page(poison(view_plan(plan), text)) for name, plan in SCENES.items()}
    texts["drift check"] = render_drift_page(poison(make_drift_view(), text))
    monkeypatch.setattr(html, "_MOST_FULL", (1,))
    texts["mixed, in brief"] = render_plan_page(poison(view_plan(SCENES["mixed"]), text))
    for name, page in texts.items():
        (tmp_path / name).with_suffix(".html").write_text(page.replace("<details ", "<details open "), "utf-8")
        with visit(browser, (tmp_path / name).with_suffix(".html")) as seen:
            for width in WIDTHS:
                seen.page.set_viewport_size({"width": width, "height": 1000})
                assert seen.find_overflow() == 0, f"{name} at {width}"


@pytest.mark.parametrize("name", ["50", "1000"])
def test_every_mark_of_every_ladder_is_where_its_price_belongs(browser: Browser, pages: Pages, name: str) -> None:
    with visit(browser, pages[name]) as seen:
        ladders = seen.page.evaluate(PLACES)
    assert len(ladders) >= 40
    for ladder in ladders:
        marks = [each for each in ladder["marks"] if not (ladder["isBroken"] and each["kind"] == "liq")]
        prices = [float(each["price"]) for each in marks]
        high, low = max(marks, key=lambda each: float(each["price"])), min(marks, key=lambda each: float(each["price"]))
        scale = (low["middle"] - high["middle"]) / (max(prices) - min(prices))
        for mark, price in zip(marks, prices, strict=True):
            assert mark["middle"] == pytest.approx(high["middle"] + (max(prices) - price) * scale, abs=NEAR_PX)


def test_a_price_behind_a_broken_axis_is_beyond_all_others(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        broken = [each for each in seen.page.evaluate(PLACES) if each["isBroken"]]
    assert broken
    for ladder in broken:
        far = next(mark for mark in ladder["marks"] if mark["kind"] == "liq")
        others = [mark["middle"] for mark in ladder["marks"] if mark["kind"] != "liq"]
        is_above = float(far["price"]) > max(float(mark["price"]) for mark in ladder["marks"] if mark is not far)
        assert far["middle"] < min(others) if is_above else far["middle"] > max(others)


def test_labels_do_not_overlap_and_their_prices_are_those_of_the_table(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        ladders = seen.page.evaluate(PLACES)
    for ladder in ladders:
        for is_left in (True, False):
            labels = sorted(
                (each for each in ladder["labels"] if each["isLeft"] is is_left), key=lambda each: each["top"]
            )
            for upper, lower in pairwise(labels):
                assert upper["bottom"] <= lower["top"] + 1
        for label in ladder["labels"]:
            assert label["text"] == "no stop" or label["text"].split(" ")[0] in ladder["table"]


def count_rows(page: Page) -> int:
    return page.locator("table.index tbody tr:visible").count()


def test_the_filter_shows_what_is_asked_for_and_counts_it(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        page = seen.page
        assert page.locator("#count").text_content() == "50 trades"
        page.locator("label.chip", has_text="commits").click()
        assert count_rows(page) == 21
        assert page.locator("#count").text_content() == "21 of 50 trades shown"
        assert page.locator("article.trade:visible").count() == 21
        page.get_by_role("button", name="Show all").click()
        assert count_rows(page) == 50
        page.locator("select[name=pair]").select_option("USDT_BTCUSDT")
        assert count_rows(page) == 4
        page.locator("select[name=pair]").select_option("")
        page.locator("input[name=text]").fill("SHORT-0005 btcusdt")
        assert count_rows(page) == 1
        page.locator("input[name=text]").fill("no such trade")
        assert page.locator("#none").is_visible()
        assert seen.messages == []


def test_only_dangerous_trades_are_left_by_one_tick(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        seen.page.locator("label.chip", has_text="only dangerous").click()
        assert count_rows(seen.page) == seen.page.locator("table.index tbody tr.danger").count() > 0


def test_keys_go_from_trade_to_trade_filter_and_show_all_again(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        page = seen.page
        anchors = page.locator("article.trade").evaluate_all("all => all.map((each) => each.id)")
        for key, place in [("j", 0), ("j", 1), ("j", 2), ("k", 1)]:
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.id") == anchors[place]
        page.keyboard.press("d")
        assert count_rows(page) < 50
        page.keyboard.press("Escape")
        assert page.locator("#count").text_content() == "50 trades"
        page.keyboard.press("/")
        page.keyboard.type("jd")
        assert page.locator("input[name=text]").input_value() == "jd"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.locator("dialog").is_visible()


def test_single_keys_can_be_switched_off(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        page = seen.page
        page.get_by_role("button", name="Keys").click()
        page.get_by_label("Single keys work").uncheck()
        page.get_by_role("button", name="Close").click()
        page.keyboard.press("d")
        assert count_rows(page) == 50


def test_a_link_to_a_trade_that_the_filter_hides_shows_it_again(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"]) as seen:
        page = seen.page
        page.locator("input[name=text]").fill("open-0000")
        page.evaluate("location.hash = '#t-short-0005'")
        page.wait_for_function("!document.getElementById('t-short-0005').hidden")
        assert page.locator("#t-short-0005").is_visible()


def test_a_link_unfolds_a_trade_that_is_shown_as_a_row(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["1000"]) as seen:
        anchor = seen.page.locator("details.brief").last.get_attribute("id")
        seen.page.evaluate(f"location.hash = '#{anchor}'")
        seen.page.wait_for_function(f"document.getElementById('{anchor}').open")
        assert seen.page.locator(f"#{anchor} .lead-p").first.is_visible()


def test_without_a_script_everything_is_there_and_nothing_that_would_not_work(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["50"], has_script=False) as seen:
        page = seen.page
        assert page.locator("article.trade:visible").count() == 50
        assert count_rows(page) == 50
        assert not page.locator("#filter").is_visible()
        page.locator("table.index tbody a").nth(7).click()
        assert page.url.endswith(page.locator("table.index tbody a").nth(7).get_attribute("href") or "nothing")


def test_print_shows_all_and_nothing_to_click(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["1000"]) as seen:
        page = seen.page
        page.emulate_media(media="print")
        assert not page.locator("#filter").is_visible()
        assert page.locator("details.brief .lead-p").last.is_visible()
    with visit(browser, pages["50"]) as seen:
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


def test_a_hostile_text_stays_text(browser: Browser, pages: Pages) -> None:
    with visit(browser, pages["hostile"]) as seen:
        page = seen.page
        assert page.locator("script").count() == 1
        assert page.locator("img, iframe, object, embed, link, base").count() == 0
        names = page.evaluate(
            "[...new Set([...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames()))]"
        )
        assert not [name for name in names if name.startswith("on") or name == "style"]
        assert "<script>alert(1)</script>" in (page.locator("article.trade").first.text_content() or "")
        assert "\u202e" not in (page.locator("body").text_content() or "")
