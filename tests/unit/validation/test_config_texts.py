"""Texts of reconciler.yaml that follow the schema and mean nothing."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text
from reconciler.validation.schemas import validate_config


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("freeze: {reason: x, until: 2026-13-01T00:00:00Z}", (2, 28), "expected a date and time that exist"),
        ("freeze: {reason: x, until: tomorrow}", (2, 28), "such as 2026-12-01T08:00:00Z"),
        ("freeze: {reason: x, allow: [frees]}", (2, 28), "holds back what protects"),
        ("freeze: {reason: x, allow: [protects, opens]}", (2, 39), "expected protects, frees, closes or labels"),
        ("freeze: {reason: ''}", (2, 18), "found an empty text"),
        ("freeze: {until: 2026-12-01T00:00:00Z}", (2, 1), "reason is missing"),
        ("policy: a 'b", (2, 9), "a quotation mark without its end"),
        ("policy: []", (2, 9), "found an empty list"),
        ("policy: [a, 3]", (2, 13), "expected a text"),
        ("guardrails: {notional_total: {}}", (2, 30), "found an empty group of keys"),
        ("guardrails: {stop_distance_pct: {}}", (2, 33), "found an empty group of keys"),
        ("guardrails: {loss_realised: {within: 24h}}", (2, 29), "no limit beside within"),
        ("guardrails: {warn: {loss_realised: {within: 24h}}}", (2, 36), "no limit beside within"),
        ("guardrails: {stop_distance_pct: {min: 5, max: 1}}", (2, 39), "a min of 5 above the max of 1"),
    ],
)
def test_what_means_nothing_is_named_with_line_and_column(text: str, place: tuple[int, int], words: str) -> None:
    document, problems = load_text(f"version: 1\n{text}\n", "reconciler.yaml")
    assert document is not None
    (problem,) = (*problems, *validate_config(document))
    assert (problem.line, problem.column) == place
    assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "freeze: {reason: x}",
        "freeze: {reason: x, until: 2026-12-01T08:00+01:00, allow: [protects, labels]}",
        "policy: conftest test -",
        "policy: [opa, eval]",
        "guardrails: {loss_realised: {within: 24h, count: 0}, stop_distance_pct: {min: 1, max: 1}}",
    ],
)
def test_what_means_something_is_accepted(text: str) -> None:
    document, problems = load_text(f"version: 1\n{text}\n", "reconciler.yaml")
    assert document is not None
    assert (*problems, *validate_config(document)) == ()
