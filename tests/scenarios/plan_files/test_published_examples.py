"""The published examples, as shipped in plans/examples, ask for exactly what their JSON asks for."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.body import read_terms, write_body
from reconciler.desired.specify import specify
from reconciler.loading.files import load_file
from reconciler.loading.walk import walk_workspace
from reconciler.model.specs import TradeSpec
from reconciler.validation.schemas import validate_config, validate_plan

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "plans" / "examples"
SEEDS = sorted((ROOT / "tests" / "cases" / "seed_examples").glob("*.json"))
# What the API assumes where the body says nothing; stated by the body that we write.
ENTRY_PRICE_TYPES = {"buy": "ask", "sell": "bid"}


def read_workspace(root: Path) -> tuple[dict[str, TradeSpec], list[str]]:
    documents, messages = [], []
    for path in walk_workspace(root).files:
        document, problems = load_file(path, str(path.relative_to(root)))
        assert document is not None, problems
        problems += validate_plan(document)
        messages += [f"{problem.severity}: {problem.path}" for problem in problems]
        documents.append(document)
    specs, problems = specify(documents, {"main": 1}, workspace="examples")
    messages += [f"{problem.severity}: {problem.path}" for problem in problems]
    return {spec.name: spec for spec in specs}, messages


def normalise(value: object) -> object:
    """JSON with numbers and booleans as themselves, however they were written."""
    if isinstance(value, dict):
        return {key: normalise(part) for key, part in value.items()}
    if isinstance(value, list):
        return [normalise(part) for part in value]
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    try:
        return value if isinstance(value, bool) else Decimal(str(value))
    except ArithmeticError:
        return value


def expected_body(seed: Path) -> object:
    body = json.loads(seed.read_text(), parse_float=Decimal)
    condition = body["position"].get("conditional")
    if condition is not None:
        condition["price"].setdefault("type", ENTRY_PRICE_TYPES[body["position"]["type"]])
    return normalise(body)


def test_all_23_published_examples_are_here() -> None:
    specs, _ = read_workspace(EXAMPLES)
    assert len(SEEDS) == 23
    assert set(specs) == {seed.stem for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_an_example_makes_the_body_that_was_published(seed: Path) -> None:
    specs, _ = read_workspace(EXAMPLES)
    assert normalise(write_body(specs[seed.stem].terms)) == expected_body(seed)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_an_example_has_the_terms_of_the_published_body(seed: Path) -> None:
    specs, _ = read_workspace(EXAMPLES)
    assert specs[seed.stem].terms == read_terms(json.loads(seed.read_text(), parse_float=Decimal))


def test_only_the_retired_leverage_type_of_an_example_gives_a_warning() -> None:
    _, messages = read_workspace(EXAMPLES)
    assert messages == ["warning: trades.simple-market-buy-with-leverage.leverage.type"]


def test_the_demonstration_workspace_has_no_problems() -> None:
    specs, messages = read_workspace(ROOT / "plans")
    assert messages == []
    assert {"btc-dip", "eth-breakout", "sol-fade"} == set(specs)


@pytest.mark.parametrize("root", [EXAMPLES, ROOT / "plans"], ids=["examples", "plans"])
def test_the_shipped_reconciler_yaml_is_valid(root: Path) -> None:
    document, problems = load_file(root / "reconciler.yaml", "reconciler.yaml")
    assert document is not None
    assert problems + validate_config(document) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "plans").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_first_line_leads_an_editor_to_the_schema(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    expected = "config" if path.name == "reconciler.yaml" else "plan"
    assert schema.resolve() == ROOT / "schemas" / f"{expected}.schema.json"
    assert schema.is_file()
