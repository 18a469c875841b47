"""Templates: places, their kinds, and parts that are optional."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from reconciler.model.phrases import Span, SpanKind
from reconciler.model.reasons import Amount, Reason, ReasonValue, reason
from reconciler.rendering.templates import fill_template, find_places, group_digits, phrase_template, readable


class Code(StrEnum):
    """Codes of this test."""

    OUTER = "outer"
    INNER = "inner"


def fill(template: str, **values: ReasonValue | None) -> str:
    """A template with values; a reason among them shows its code."""
    return fill_template(template, reason(Code.OUTER, **values), lambda inner: inner.code.value)


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("a {x} b", "text", "a text b"),
        ("{x:n}", 3, "3"),
        ("{x:id}", 7, "#7"),
        ("{x:count step}", 1, "1 step"),
        ("{x:count step}", 2, "2 steps"),
        ("{x:amount}", Amount(Decimal("609.98712345"), "USDT"), "609.98712 USDT"),
        ("{x:exact}", Amount(Decimal("609.98712345"), "USDT"), "609.98712345 USDT"),
        ("{x:bare}", Amount(Decimal("58500.00"), "USDT"), "58500"),
        ("{x:bare}", Amount(Decimal(3), "%"), "3 %"),
        ("{x:round}", Amount(Decimal("58500.12345678"), "USDT"), "58500.123"),
        ("{x:words}", "own_funds", "own funds"),
        ("{x:code}", ("close", "cancel"), "`close`, `cancel`"),
        ("{x:opens}", "buy", "buys"),
        ("{x:closes}", "buy", "buys back"),
        ("{x:closes}", "sell", "sells"),
        ("{x:ending}", "stop_loss_finished", "stopped out"),
        ("{x:ending}", "novelty", "novelty"),
        ("{x:time}", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "03:04:05 UTC"),
        ("{x:reason}", Reason(Code.INNER), "inner"),
        ("{x:list}", ("a", "b"), "a, b"),
        ("{x:and}", (7, 8), "#7 and #8"),
        ("{x:semicolons}", (Reason(Code.INNER), Reason(Code.INNER)), "inner; inner"),
        ("{x:bool}flag", True, "flag"),
        ("`[{{from: {x}}}]`", "a", "`[{from: a}]`"),
    ],
)
def test_a_place_shows_its_value_by_its_kind(template: str, value: ReasonValue, text: str) -> None:
    assert fill(template, x=value) == text


def test_an_optional_part_is_shown_only_with_all_its_values() -> None:
    template = "sold[[, result {result:amount}]][[ at {price:bare} of {day}]]"

    assert fill(template) == "sold"
    assert fill(template, result=Amount(Decimal(5), "USDT")) == "sold, result 5 USDT"
    assert fill(template, price=Amount(Decimal(5), "USDT")) == "sold"
    assert fill(template, price=Amount(Decimal(5), "USDT"), day="Monday") == "sold at 5 of Monday"


def test_brackets_and_braces_in_a_value_stay_as_they_are() -> None:
    assert fill("a {x}", x="[[{y}]] {{") == "a [[{y}]] {{"


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{x}", 3),
        ("{x:n}", "3"),
        ("{x:n}", True),
        ("{x:amount}", "600 USDT"),
        ("{x:reason}", "sentence"),
        ("{x:list}", "abc"),
        ("{x:list}", (("nested",),)),
        ("{x:time}", "12:00"),
        ("{x:bool}", 1),
    ],
)
def test_a_value_of_another_type_is_refused(template: str, value: ReasonValue) -> None:
    with pytest.raises(TypeError):
        fill(template, x=value)


def test_a_missing_value_and_an_unknown_side_are_refused() -> None:
    with pytest.raises(KeyError):
        fill("{x}")
    with pytest.raises(ValueError, match="expected buy or sell"):
        fill("{x:opens}", x="short")


def test_the_places_of_a_template_are_found_with_their_kinds() -> None:
    assert find_places("a {x} [[{y:count step}]] {{z}}") == {"x": "", "y": "count step"}


@pytest.mark.parametrize(
    ("number", "text"), [("0", "0"), ("0.00", "0"), ("1234567.891", "1234567.89"), ("0.000123456789", "0.00012345679")]
)
def test_an_amount_has_eight_digits_that_count(number: str, text: str) -> None:
    assert readable(Decimal(number)) == text


def test_a_value_in_a_phrase_is_never_our_own_words_if_it_looks_like_code() -> None:
    inner = Reason(Code.INNER)
    made = reason(Code.OUTER, name="`x`", status="`evil`", amount=Amount(Decimal(1234567), "`USDT`"), inner=inner)
    said = phrase_template(
        "write `state: {status:words}` {name} {status:ending} {amount:amount} [[{gone}]]{inner:reason}",
        made,
        lambda _: (Span("inner"),),
    )
    assert said == (
        Span("write "),
        Span("state: `evil`", SpanKind.CODE),
        Span(" "),
        Span("`x`", SpanKind.VALUE),
        Span(" "),
        Span("`evil`", SpanKind.VALUE),
        Span(" "),
        Span("1,234,567 `USDT`", SpanKind.VALUE),
        Span(" inner"),
    )


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("1234", "1,234"),
        ("-12345.6789 USDT", "-12,345.6789 USDT"),
        ("0.00012345", "0.00012345"),
        ("999", "999"),
        ("", ""),
    ],
)
def test_digits_are_grouped_so_that_a_size_is_seen(text: str, grouped: str) -> None:
    assert group_digits(text) == grouped
