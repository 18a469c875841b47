"""Files that nobody should plan with, and what is said about them; schemas that help an editor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.codec.note import NAME_PATTERN, WORKSPACE_PATTERN
from reconciler.loading.files import load_text
from reconciler.validation.schemas import read_schema, validate_config, validate_plan
from tests.support.check_files import check_text, show

INVALID = sorted((Path(__file__).parents[2] / "cases" / "invalid").glob("*.yaml"))
SCHEMAS = ["plan", "config"]


def config_problems(text: str) -> list[str]:
    document, problems = load_text(text, "reconciler.yaml")
    assert document is not None
    return [show(problem) for problem in (*problems, *validate_config(document))]


def find_properties(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from find_properties(part, f"{path}[{index}]")
    elif isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items():
            yield f"{path}.{name}", field
        for key, part in schema.items():
            yield from find_properties(part, f"{path}.{key}")


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.stem)
def test_a_bad_file_is_told_all_its_problems(case: Path) -> None:
    """To add a case write its .yaml; this test fails and shows the lines for its .expected."""
    expected = case.with_suffix(".expected")
    _, problems = check_text(case.read_bytes())
    assert "".join(f"{show(problem)}\n" for problem in problems) == (expected.read_text() if expected.exists() else "")
    assert problems, "a file in cases/invalid has at least one problem"


def test_every_expectation_belongs_to_a_case() -> None:
    folder = Path(__file__).parents[2] / "cases" / "invalid"
    assert {path.stem for path in folder.glob("*.expected")} == {case.stem for case in INVALID}


def test_no_message_uses_the_words_of_the_validator() -> None:
    messages = [problem.message for case in INVALID for problem in check_text(case.read_bytes())[1]]
    for raw in ("is not valid under", "is not of type", "does not match", "Additional properties", "is not one of"):
        assert not any(raw in message for message in messages)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_of_a_schema_has_a_title_and_a_description(name: str) -> None:
    fields = dict(find_properties(json.loads(read_schema(name))))
    assert len(fields) > 15
    assert [path for path, field in fields.items() if not (field.get("title") and field.get("description"))] == []


def resolve(root: dict[str, object], part: dict[str, object]) -> dict[str, object]:
    """A part of a schema with what it refers to; its own words win."""
    while "$ref" in part:
        found: object = root
        for key in str(part["$ref"]).removeprefix("#/").split("/"):
            assert isinstance(found, dict)
            found = found[key]
        assert isinstance(found, dict)
        part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def find_parts(schema: object) -> Iterator[dict[str, object]]:
    """All parts of a schema that may have words for an editor."""
    if isinstance(schema, list):
        for part in schema:
            yield from find_parts(part)
    elif isinstance(schema, dict):
        yield schema
        for key, part in schema.items():
            if key not in ("examples", "default", "enum"):
                yield from find_parts(part)


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_editor_can_show_an_example_a_default_or_all_values_of_every_field(name: str) -> None:
    root = json.loads(read_schema(name))
    fields = {path: resolve(root, field) for path, field in find_properties(root)}
    helps = ("examples", "default", "enum", "const")
    assert [path for path, field in fields.items() if not any(key in field for key in helps)] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_word_that_a_field_may_have_is_explained(name: str) -> None:
    lists = [part for part in find_parts(json.loads(read_schema(name))) if isinstance(part.get("enum"), list)]
    assert len(lists) > 5
    for part in lists:
        values, texts = part["enum"], part.get("enumDescriptions")
        assert isinstance(values, list)
        assert isinstance(texts, list), values
        assert len(texts) == len(values)
        assert all(texts)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_example_and_default_is_valid(name: str) -> None:
    from jsonschema import Draft202012Validator

    root = json.loads(read_schema(name))
    shown = [(part, key) for part in find_parts(root) for key in ("examples", "default") if key in part]
    assert len(shown) > 20
    for part, key in shown:
        values = part["examples"] if key == "examples" else [part["default"]]
        assert isinstance(values, list)
        for value in values:
            errors = Draft202012Validator(root).evolve(schema=part).iter_errors(value)
            assert [error.message for error in errors] == [], value


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema(name: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(read_schema(name)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_group_of_keys_refuses_unknown_keys(name: str) -> None:
    def find_open_groups(schema: object, path: str = "") -> Iterator[str]:
        if isinstance(schema, dict):
            is_open = schema.get("additionalProperties") is not False and "propertyNames" not in schema
            if "properties" in schema and is_open and path != ".properties":
                yield path
            for key, part in schema.items():
                if not path.endswith(".properties") or key != "properties":
                    yield from find_open_groups(part, f"{path}.{key}")

    open_groups = list(find_open_groups(json.loads(read_schema(name))))
    assert open_groups == []


def test_the_names_of_the_schemas_are_the_names_of_the_markers() -> None:
    plan, config = json.loads(read_schema("plan")), json.loads(read_schema("config"))
    assert plan["properties"]["trades"]["propertyNames"]["pattern"] == f"^{NAME_PATTERN}$"
    assert config["$defs"]["workspace"]["pattern"] == f"^{WORKSPACE_PATTERN}$"


def test_an_unknown_schema_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="no schema 'trade'"):
        read_schema("trade")


def test_a_number_text_with_a_line_end_is_refused() -> None:
    """Python's $ would let it pass; the gate's does not."""
    document, _ = load_text('version: 1\ntrades: {a: {position: {units: "5\\n"}}}\n', "plan.yaml")
    assert document is not None
    assert [show(problem) for problem in validate_plan(document)] == [
        (
            '2:32: error: trades.a.position.units: found the text "5\\n", expected a number such as 0.01'
            " or a group of keys; write units: 5"
        )
    ]


def test_a_full_reconciler_yaml_is_valid() -> None:
    text = """
version: 1
workspace: prod-7f3a
workspace_was: [prod]
target: sandbox
include: ["spot/*.yaml"]
foreign: [30428625]
targets:
  sandbox: {kind: sandbox, accounts: {main: 1}, settle: 0}
  paper: {kind: api, mode: paper, accounts: {main: 32199203}, requests_per_minute: 80, settle: 10}
  real: {kind: api, mode: real, accounts: {main: 32402783}, lock: external, base_url: http://localhost:8080/public/api}
guardrails:
  closes: 0
  unprotects: 0
  omissions: 5
  creates: 20
  at_market: 3
  notional_per_trade: {USDT: 500, "*": 1000}
  notional_per_pair: {USDT: 500.5}
  notional_total: {USDT: 5000, BTC: 0.1}
  commits_per_plan: {USDT: 1000}
  margin_total: {USDT: 1000}
  loss_at_stop_per_trade: {USDT: 50}
  loss_at_stop_total: {USDT: 500}
  loss_at_stop_increase: {USDT: 100}
  loss_realised: {USDT: 300, within: 24h, count: 4}
  reward_risk: 1.5
  leverage: 5
  liquidation_buffer_pct: 1
  entry_distance_pct: 30
  stop_distance_pct: {min: 0.2, max: 30}
  stop_required: true
  concentration_pct: 40
  trades_open: 20
  size_multiple: 10
  accounts: [main, "paper-*"]
  pairs: ["USDT_*"]
  sides: [long, short]
  plan_age: 12h
  price_moved_pct: 1
  warn: {creates: 5, notional_total: {USDT: 4000}, stop_required: true, sides: [long]}
fees: {main: 0.1}
maintenance_margin_pct: {main: 0.5}
"""
    assert config_problems(text) == []


def test_the_smallest_reconciler_yaml_is_valid() -> None:
    assert config_problems("version: 1\n") == []
    assert config_problems("version: 1\ntarget: sandbox\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("workspace: a", "1:1: error: version: version is missing, expected 'version: 1'"),
        (
            "version: 1\nworkspace: Prod",
            (
                '2:12: error: workspace: found the text "Prod", expected a workspace name such as prod-7f3a'
                " (lower-case letters, digits, dot, dash and underscore, at most 24)"
            ),
        ),
        (
            "version: 1\ntargets: {real: {kind: api, mode: real}}",
            (
                "1:1: error: workspace: workspace is missing; a target of kind api needs one,"
                " for example 'workspace: prod-7f3a'"
            ),
        ),
        (
            "version: 1\nworkspace: a\ntargets: {real: {kind: api}}",
            "3:11: error: targets.real.mode: mode is missing; a target of kind api needs 'mode: paper' or 'mode: real'",
        ),
        (
            "version: 1\ntargets: {s: {kind: sandbox, mode: real}}",
            "2:30: error: targets.s.mode: found mode at a sandbox, expected it at targets of kind api only",
        ),
        (
            "version: 1\ntargets: {s: {kind: sandbox, base_url: 'http://a'}}",
            "2:30: error: targets.s.base_url: found base_url at a sandbox, expected it at targets of kind api only",
        ),
        (
            "version: 1\ntarget: papr\ntargets: {paper: {kind: sandbox}}",
            '2:9: error: target: found the unknown target "papr"; did you mean paper?',
        ),
        (
            "version: 1\ntargets: {s: {kind: sandbox, accounts: {main: '1'}}}",
            '2:47: error: targets.s.accounts.main: found the text "1", expected a whole number such as 32199203',
        ),
        ("version: 1\ntargets: {s: {}}", "2:11: error: targets.s.kind: kind is missing, expected sandbox or api"),
        (
            "version: 1\ntargets: {s: {kind: sandbox, requests_per_minute: 101}}",
            "2:51: error: targets.s.requests_per_minute: found the number 101, expected at most 100",
        ),
        ("version: 1\ntargets: [s]", "2:10: error: targets: found a list, expected a group of keys"),
        (
            "version: 1\nguardrails: {closes: -1}",
            "2:22: error: guardrails.closes: found the number -1, expected at least 0",
        ),
        (
            "version: 1\nguardrails: {notional: 500}",
            (
                '2:14: error: guardrails.notional: found the unknown key "notional"; write notional_per_trade,'
                " notional_per_pair or notional_total"
            ),
        ),
        (
            "version: 1\nguardrails: {notional_total: 500}",
            (
                "2:30: error: guardrails.notional_total: found the number 500, expected a group of keys; name the"
                " currency, for example {USDT: 500}"
            ),
        ),
        (
            "version: 1\nguardrails: {notional_total: {usdt: 500}}",
            (
                '2:31: error: guardrails.notional_total.usdt: found the text "usdt", expected a currency such as USDT'
                ' (capital letters and digits, or "*" for all others); did you mean USDT?'
            ),
        ),
        (
            "version: 1\nguardrails: {loss_realised: {USDT: 5}}",
            (
                "2:14: error: guardrails.loss_realised.within: within is missing, expected a duration such as 24h (a"
                " number with s, m, h or d)"
            ),
        ),
        (
            "version: 1\nguardrails: {plan_age: 1w}",
            (
                '2:24: error: guardrails.plan_age: found the text "1w", expected a duration such as 24h (a number with'
                " s, m, h or d)"
            ),
        ),
        (
            "version: 1\nguardrails: {warn: {creats: 1}}",
            '2:21: error: guardrails.warn.creats: found the unknown key "creats"; did you mean creates?',
        ),
        (
            "version: 1\nguardrails: {warn: {notional_total: {USDT: -1}}}",
            "2:44: error: guardrails.warn.notional_total.USDT: found the number -1, expected at least 0",
        ),
        (
            "version: 1\nguardrails: {stop_distance_pct: {least: 1}}",
            '2:34: error: guardrails.stop_distance_pct.least: found the unknown key "least"; expected min or max',
        ),
        (
            "version: 1\nguardrails: {stop_required: yes}",
            '2:29: error: guardrails.stop_required: found the text "yes", expected true or false',
        ),
        (
            "version: 1\nguardrails: {sides: [buy]}",
            '2:22: error: guardrails.sides[0]: found the text "buy", expected long or short',
        ),
        (
            "version: 1\nguardrails: {cloze: 1}",
            '2:14: error: guardrails.cloze: found the unknown key "cloze"; did you mean closes?',
        ),
        (
            "version: 1\ninclude: []",
            "2:10: error: include: found an empty list, expected content; leave the key out",
        ),
        (
            "version: 1\ninclude: [/etc/*.yaml]",
            (
                '2:11: error: include[0]: found the text "/etc/*.yaml", expected a glob such as spot/*.yaml'
                " (relative to this file)"
            ),
        ),
    ],
)
def test_a_bad_reconciler_yaml_is_told_why(text: str, expected: str) -> None:
    assert config_problems(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "version: 1\nfees: {mian: 0.1}",
            '2:8: error: fees.mian: found the unknown account "mian"; did you mean main?',
        ),
        (
            "version: 1\nmaintenance_margin_pct: {main: 0.5}\ntargets: {s: {kind: sandbox, accounts: {fut: 7}}}",
            '2:26: error: maintenance_margin_pct.main: found the unknown account "main"; expected fut',
        ),
        ("version: 1\nfees: {main: 11}", "2:14: error: fees.main: found the number 11, expected at most 10"),
        ("version: 1\nfees: {main: -0.1}", "2:14: error: fees.main: found the number -0.1, expected at least 0"),
        ("version: 1\nfees: 0.1", "2:7: error: fees: found the number 0.1, expected a group of keys"),
        (
            "version: 1\nmaintenance_margin_pct: {main: 0}",
            "2:32: error: maintenance_margin_pct.main: found the number 0, expected more than 0",
        ),
    ],
)
def test_figures_of_accounts_are_checked(text: str, expected: str) -> None:
    assert config_problems(text) == [expected]


def test_a_base_url_holds_no_credentials() -> None:
    text = "version: 1\nworkspace: a\ntargets: {r: {kind: api, mode: real, base_url: 'https://key:secret@host'}}"
    assert ["targets.r.base_url" in problem for problem in config_problems(text)] == [True]
