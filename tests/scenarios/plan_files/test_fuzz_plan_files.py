"""Whatever a file holds, reading and judging it ends with problems or specs, never with an exception."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.codec.body import write_body
from reconciler.loading.files import load_text
from reconciler.model.problems import Severity
from reconciler.rendering.problem_text import render_problems_github, render_problems_json, render_problems_text
from reconciler.validation.schemas import validate_config
from tests.support.check_files import check_text

pytestmark = pytest.mark.slow

CASES = Path(__file__).parents[2] / "cases"
TEXTS = [path.read_bytes() for folder in ("valid", "invalid") for path in sorted((CASES / folder).glob("*.yaml"))]
VALID = [(CASES / "valid" / f"{name}.yaml").read_bytes() for name in ("canonical-form", "all-kinds-in-short-forms")]
BODIES = [json.loads(path.read_text()) for path in sorted((CASES / "valid").glob("*.json"))]
KEYS = ["moved", "lifecycle", "averaging", *sorted(set(re.findall("[a-z_]+(?=:)", b"\n".join(VALID).decode())))]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-10, 200)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["buy", "sell", "market", "limit", "conditional", "main", "USDT_BTC", "true", "0.01", "-1", "last"]
    )
)
KEY = st.sampled_from(KEYS) | st.text(max_size=5)
NESTED = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=6), max_leaves=25
)
MANY = settings(max_examples=300, deadline=None)


def check(text: str | bytes) -> None:
    specs, problems = check_text(text)
    assert specs or problems or b"trades" in (text if isinstance(text, bytes) else text.encode(errors="replace"))
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
    render_problems_text(problems, color=True)
    render_problems_github(problems)
    json.loads(render_problems_json(problems, 1))
    for spec in specs:
        write_body(spec.terms)


@MANY
@given(NESTED)
def test_no_structure_is_too_strange(value: object) -> None:
    check(json.dumps(value))


@MANY
@given(st.dictionaries(st.sampled_from(["a", "b", "A b"]), NESTED, max_size=3), NESTED, NESTED)
def test_no_trade_is_too_strange(trades: object, defaults: object, account: object) -> None:
    check(json.dumps({"version": 1, "account": account, "defaults": defaults, "trades": trades}))


def find_places(value: object) -> list[tuple[object, object]]:
    """All pairs of a container and a key or index in it."""
    pairs: list[tuple[object, object]] = []
    if isinstance(value, dict | list):
        for key, part in list(value.items() if isinstance(value, dict) else enumerate(value)):
            pairs += [(value, key), *find_places(part)]
    return pairs


@MANY
@given(st.data())
def test_a_good_file_with_one_value_changed_is_good_or_told_why(data: st.DataObject) -> None:
    trades = copy.deepcopy(data.draw(st.sampled_from([body for body in BODIES if body])))
    for _ in range(data.draw(st.integers(1, 3))):
        places = find_places(trades)
        container, key = data.draw(st.sampled_from(places)) if places else (trades, "a")
        container[key] = data.draw(NESTED)  # type: ignore[index]  # a dict with its key or a list with its index
    check(json.dumps({"version": 1, "trades": trades}))


@MANY
@given(st.data())
def test_no_cut_or_pasted_text_is_too_strange(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
        pasted = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"&a", b"*a", b"!x ", b"{", b"]", b": ", b"- ", b"\n"])
        )
        text = text[:start] + pasted + text[start + length :]
    check(text)


@MANY
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_no_text_is_too_strange(text: str | bytes) -> None:
    specs, problems = check_text(text)
    assert problems
    assert not specs


@MANY
@given(NESTED)
def test_no_reconciler_yaml_is_too_strange(value: object) -> None:
    document, problems = load_text(json.dumps({"version": 1, "targets": value, "target": value}), "reconciler.yaml")
    if document is not None:
        problems += validate_config(document)
    render_problems_text(problems)


@MANY
@given(st.sampled_from(VALID), st.randoms(use_true_random=False))
def test_a_spec_is_only_made_of_a_trade_without_errors(text: bytes, random: object) -> None:
    words = text.split(b" ")
    index = random.randrange(len(words))  # type: ignore[attr-defined]  # random.Random
    specs, problems = check_text(b" ".join([*words[:index], *words[index + 1 :]]))
    bad = {
        problem.path.split(".")[1] for problem in problems if problem.severity is Severity.ERROR and "." in problem.path
    }
    assert not bad & {spec.name for spec in specs}
