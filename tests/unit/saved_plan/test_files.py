from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import SavedPlanError, StalePlanError
from reconciler.model.averaging import AveragingOrder
from reconciler.model.consequences import Basis, Closing, Liquidation, Moment, PreviousGeneration
from reconciler.model.fires import Fire, FireKind
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.live import Phase, Prices
from reconciler.model.operations import BY_HAND_ACTIONS, Action, Cause, Effect, FieldChange, Operation, Precondition
from reconciler.model.plan import Blocked, Notice, NoticeKind, Plan, PlanContext
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.problems import Problem, Severity
from reconciler.model.reasons import reason
from reconciler.model.review import ConfigChange, GitState
from reconciler.model.specs import Origin
from reconciler.model.targets import Mode, TargetKind
from reconciler.model.terms import Side, Terms
from reconciler.saved_plan.files import (
    MAX_PLAN_BYTES,
    _digest,
    check_context,
    find_plan_output,
    find_saved_text,
    is_saved_plan,
    load_plan,
    read_plan,
    write_plan,
)
from reconciler.saved_plan.reading import read_document
from tests.support import builders, planning
from tests.support.entities import any_terms
from tests.support.guardrails import judge
from tests.support.reasons import any_reasons
from tests.support.risks import any_workspace_risk

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas/saved-plan.schema.json").read_text(encoding="utf-8"))
UPDATE = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [builders.live(phase=Phase.OPEN)])
)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
NO_PAIR = reason(BlockReason.PAIR_UNKNOWN, account=1, pair="USDT_ETH")
LATER = reason(BlockHint.PLAN_LATER)
PLAN = builders.plan(
    [UPDATE, CREATE],
    blocked=[
        Blocked(trade="eth", live_id=None, reason=NO_PAIR, hint=reason(BlockHint.PLAN_LATER), changes=UPDATE.changes)
    ],
    notices=[Notice(kind=NoticeKind.LOSS, trade="", live_id=9, reason=reason(NoticeReason.STOP_GONE))],
    guardrails=judge([UPDATE, CREATE]),
)
TEXT = write_plan(PLAN)

# Random plans: any text, any terms, and only operations that have what they need.

_words = st.text(max_size=12)
_fires = st.sampled_from([Fire(kind) for kind in FireKind if kind is not FireKind.STEP]) | st.builds(
    Fire, st.just(FireKind.STEP), st.integers(0, 99)
)
_ids = st.integers(1, 10**9)
_sizes = st.decimals("0.00000001", "1e9", places=8)
_orders = st.builds(AveragingOrder, price=_sizes, units=_sizes)
_changes = st.lists(
    st.builds(FieldChange, path=_words, live=st.none() | _words, wanted=st.none() | _words), max_size=2
).map(tuple)
_preconditions = st.builds(
    Precondition, live_id=_ids, status=_words, note=_words, terms=any_terms(), finished_steps=st.integers(0, 8)
)


_seen = st.builds(Prices, bid=_sizes, ask=_sizes, last=_sizes)
_closings = st.builds(
    Closing,
    moment=st.sampled_from(Moment),
    parts=st.lists(_fires, max_size=2).map(tuple),
    side=st.sampled_from(Side),
    share_pct=_sizes,
    units=_sizes,
    price=st.none() | _sizes,
    result=st.none() | _sizes.map(lambda size: -size),
)
_liquidations = st.builds(
    Liquidation,
    basis=st.sampled_from(Basis),
    price=st.none() | _sizes,
    stop=st.none() | _sizes,
    is_before_stop=st.none() | st.booleans(),
)
_previous = st.builds(
    PreviousGeneration,
    generation=st.integers(1, 9),
    live_id=_ids,
    status=_words,
    held_units=_sizes,
    profit=st.none() | _sizes,
)


@st.composite
def _operations(draw: st.DrawFn) -> Operation:
    action = draw(st.sampled_from([each for each in Action if each not in BY_HAND_ACTIONS]))
    wanted: Terms = draw(any_terms())
    return Operation(
        action=action,
        trade=draw(_words),
        generation=draw(st.integers(1, 999)),
        cause=draw(st.sampled_from([each for each in Cause if each is not Cause.COMMAND])),
        effect=draw(st.sampled_from(Effect)),
        money=tuple(draw(st.lists(any_reasons(), max_size=2))),
        after=wanted if action in (Action.CREATE, Action.UPDATE, Action.REPLACE) else None,
        changes=draw(_changes),
        note_after=draw(st.text(min_size=1, max_size=12)),
        step=builders.step() if action is Action.CANCEL_STEP else None,
        copies_left=draw(st.integers(0, 7)),
        precondition=None if action is Action.CREATE else draw(_preconditions),
        fires=tuple(draw(st.lists(_fires, max_size=2))),
        averaging=draw(_orders) if action in (Action.ADD_FUNDS, Action.CANCEL_AVERAGING) else None,
        former_names=tuple(draw(st.lists(_words, max_size=2))),
        ignored=tuple(draw(st.lists(_words, max_size=2))),
        side_effects=tuple(draw(st.lists(st.sampled_from(Effect), max_size=2))),
        closing=draw(st.none() | _closings),
        liquidation=draw(st.none() | _liquidations),
        previous=draw(st.none() | _previous),
        reviewed_prices=draw(st.none() | _seen),
    )


_moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
_amounts = st.decimals("0.00000001", "1e12", places=8)
_guardrails = st.builds(
    Guardrail,
    name=_words,
    level=st.sampled_from(GuardrailLevel),
    value=st.none() | _amounts,
    before=st.none() | _amounts,
    limit=st.none() | _amounts,
    limit_base=st.none() | _amounts,
    is_least=st.booleans(),
    unit=_words,
    scope=_words,
    trades=st.lists(_words, max_size=2).map(tuple),
    holds=st.lists(_words, max_size=2).map(tuple),
    state=st.sampled_from(GuardrailState),
    reason=st.none() | any_reasons(),
    acknowledge=_words,
    acknowledged=st.booleans(),
    is_raised=st.booleans(),
)
_git_states = st.builds(
    GitState, commit=_words, tree=st.none() | _words, base_commit=st.none() | _words, is_dirty=st.booleans()
)
_origins = st.builds(Origin, file=_words, line=st.integers(1, 99), column=st.integers(1, 99))
_plans = st.builds(
    Plan,
    context=st.builds(
        PlanContext,
        workspace=_words,
        target=_words,
        target_kind=st.sampled_from(TargetKind),
        base_url=_words,
        mode=st.sampled_from(Mode),
        accounts=st.dictionaries(_words, _ids, max_size=2),
        git_commit=st.none() | _words,
        made_at=_moments,
        expires_at=_moments,
    ),
    operations=st.lists(_operations(), max_size=3).map(tuple),
    blocked=st.lists(
        st.builds(
            Blocked, trade=_words, live_id=st.none() | _ids, reason=any_reasons(), hint=any_reasons(), changes=_changes
        ),
        max_size=2,
    ).map(tuple),
    notices=st.lists(
        st.builds(
            Notice,
            kind=st.sampled_from(NoticeKind),
            trade=_words,
            live_id=st.none() | _ids,
            reason=any_reasons(),
            needs_attention=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    prices=st.dictionaries(_words, st.builds(Prices, bid=_amounts, ask=_amounts, last=_amounts), max_size=2),
    unchanged=st.integers(0, 10**6),
    requests_used=st.integers(0, 10**6),
    requests_needed=st.integers(0, 10**6),
    seconds_needed=st.integers(0, 10**6).map(float),
    is_whole=st.booleans(),
    unmanaged=st.lists(_ids, max_size=3).map(tuple),
    outside=st.lists(_ids, max_size=3).map(tuple),
    warnings=st.lists(
        st.builds(
            Problem,
            file=_words,
            line=st.integers(1, 99),
            column=st.integers(1, 99),
            path=_words,
            message=_words,
            source_line=st.just(""),
            severity=st.just(Severity.WARNING),
            trade=st.just(""),
            is_about_entry=st.just(False),
        ),
        max_size=2,
    ).map(tuple),
    config_base=st.none() | _words,
    config_changes=st.lists(
        st.builds(
            ConfigChange,
            path=_words,
            before=st.none() | _words,
            after=st.none() | _words,
            trades=st.lists(_words, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    guardrails=st.lists(_guardrails, max_size=2).map(tuple),
    git=st.none() | _git_states,
)


@st.composite
def _whole_plans(draw: st.DrawFn) -> Plan:
    """A plan with what is said about its own operations, trades and pairs."""
    plan: Plan = draw(_plans)
    parts: list[Operation | Blocked | Notice] = [*plan.operations, *plan.blocked, *plan.notices]
    named = {each.trade for each in parts}
    risk = draw(any_workspace_risk([operation.trade for operation in plan.operations]))
    return replace(
        plan,
        risk=risk,
        sources={trade: draw(_origins) for trade in sorted(named) if draw(st.booleans())},
        seen_at={pair: draw(_moments) for pair in plan.prices if draw(st.booleans())},
    )


@given(_whole_plans())
def test_what_is_written_is_read_back(plan: Plan) -> None:
    text = write_plan(plan)
    assert read_plan(text) == plan
    assert write_plan(read_plan(text)) == text


@given(_whole_plans())
def test_the_schema_accepts_what_is_written_and_knows_every_field_of_it(plan: Plan) -> None:
    document = json.loads(write_plan(plan))
    Draft202012Validator(SCHEMA).validate(document)
    assert not list(_unknown_fields(document, SCHEMA, ""))


def test_the_schema_is_one_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    undescribed = [path for path, node in _schemas(SCHEMA, "") if not {"title", "description"} <= node.keys()]
    assert undescribed == []


def _schemas(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if node.keys() - {"type"} and "$ref" not in node:
        yield path, node
    for key in ("properties", "$defs"):
        for name, below in node.get(key, {}).items():
            assert {"title", "description"} <= below.keys(), f"{path}/{name}"
            yield from _schemas(below, f"{path}/{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from _schemas(node[key], f"{path}/{key}")


def _unknown_fields(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema and "properties" not in schema:
        schema = schema["anyOf"][0]
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "oneOf" in schema:
        schema = _pick_branch(value, schema["oneOf"])
    if isinstance(value, dict):
        for key, inner in value.items():
            below = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            if below is None:
                yield f"{path}.{key}"
            else:
                yield from _unknown_fields(inner, below, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown_fields(inner, schema["items"], f"{path}[]")


def _pick_branch(value: Any, branches: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The branch of a schema whose keys a value has."""
    resolved = [SCHEMA["$defs"][each["$ref"].removeprefix("#/$defs/")] if "$ref" in each else each for each in branches]
    if isinstance(value, dict):
        return next(each for each in resolved if value.keys() <= each.get("properties", {}).keys())
    return next(each for each in resolved if "items" in each) if isinstance(value, list) else {}


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_no_character_of_its_content_can_be_changed(place: int, other: str) -> None:
    changed = TEXT[:place] + other + TEXT[place + 1 :]
    try:
        assert read_plan(changed) == PLAN
    except SavedPlanError as error:
        assert type(error) is SavedPlanError  # noqa: PT017 - either is right


@given(st.integers(0, len(TEXT) - 3), st.integers(1, 400))
def test_no_part_of_it_can_be_cut_out(place: int, length: int) -> None:
    changed = TEXT[:place] + TEXT[place + length :]
    try:
        assert read_plan(changed) == PLAN
    except SavedPlanError as error:
        assert type(error) is SavedPlanError  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"wanted": "57000"', '"wanted": "56000"'),
        ('"effect": "unprotects"', '"effect": "labels"'),
        ('"live_id": 7', '"live_id": 8'),
        ('"live_id": 7', '"live_id": 7.0'),
        ('"mode": "paper"', '"mode": "real"'),
        ('"is_whole": true', '"is_whole": 1'),
        ('"kind": "reconciler-plan"', '"extra": 1, "kind": "reconciler-plan"'),
    ],
)
def test_a_changed_value_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(SavedPlanError, match="was changed after it was made"):
        read_plan(TEXT.replace(old, new, 1))


def test_a_value_that_stands_twice_is_refused_though_the_last_one_would_count() -> None:
    with pytest.raises(SavedPlanError, match="damaged"):
        read_plan(TEXT.replace('"money": ', '"money": [], "money": ', 1))


def test_its_layout_may_change() -> None:
    assert read_plan(json.dumps(json.loads(TEXT), indent=None, sort_keys=True)) == PLAN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "42",
        '"reconciler-plan"',
        "{}",
        '{"kind": "other"}',
        '{"kind": "reconciler-plan"}',
        '{"kind": "reconciler-plan", "format_version": null}',
        '{"kind": "reconciler-plan", "format_version": "3.0"}',
        '{"kind": NaN}',
        '{"kind": Infinity}',
        "[" * 100_000,
        '{"a":' * 5_000,
        "1" * 5_000,
        "trades: {}",
    ],
)
def test_anything_else_is_refused_without_a_traceback(text: str) -> None:
    with pytest.raises(SavedPlanError) as raised:
        read_plan(text)
    assert type(raised.value) is SavedPlanError


def test_another_major_format_is_refused_and_its_number_cannot_draw_on_the_terminal() -> None:
    with pytest.raises(SavedPlanError, match=r"has format version .4\.0., and this"):
        read_plan(TEXT.replace('"format_version": "3.0"', '"format_version": "4.0"'))
    with pytest.raises(SavedPlanError) as raised:
        read_plan(TEXT.replace('"format_version": "3.0"', '"format_version": "9\\u001b[2J"'))
    assert raised.value.message.isprintable()


_WRONG = st.sampled_from([None, True, 3, "x", [], {}, [1], {"a": 1}, -1, 10**30, "\x1b[2J", "1e999999999"])


@given(st.data())
def test_a_document_with_a_right_digest_and_wrong_content_is_refused_or_read(data: st.DataObject) -> None:
    document = json.loads(TEXT)
    holder: Any = document
    while True:
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(_WRONG)
    document["digest"] = _digest(document)
    try:
        read_plan(json.dumps(document))
    except SavedPlanError as error:
        assert error.message.isprintable()  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("action", "key", "value", "words"),
    [
        ("update", "after", None, "update needs after"),
        ("update", "precondition", None, "update needs precondition"),
        ("update", "step", {"order_type": "limit", "price": {"value": "1"}, "volume": "1"}, "update has no step"),
        ("cancel_step", "after", None, "cancel_step needs step"),
        ("set_note", "note_after", None, "set_note needs"),
        ("create", "after", None, "create needs after"),
    ],
)
def test_an_operation_that_lacks_what_it_needs_is_refused(action: str, key: str, value: object, words: str) -> None:
    document = json.loads(TEXT)
    operation = document["operations"][1 if action == "create" else 0]
    operation["action"] = action
    if action == "set_note":
        operation["after"] = None
    operation[key] = value
    with pytest.raises(ValueError, match=words):
        read_document(document)


def test_instants_need_a_zone_and_are_read_as_utc() -> None:
    document = json.loads(TEXT)
    document["made_at"] = "2026-01-01T14:00:00+02:00"
    assert read_document(document).context.made_at == builders.NOW
    document["made_at"] = "2026-01-01T12:00:00"
    with pytest.raises(ValueError, match="no time zone"):
        read_document(document)


def test_it_is_told_from_a_plan_file_by_its_content() -> None:
    assert is_saved_plan(TEXT)
    assert is_saved_plan("\ufeff \n" + TEXT[: len(TEXT) // 2])
    assert not is_saved_plan("version: 1\ntrades: {}\n")
    assert not is_saved_plan('{"trades": {}}')
    assert not is_saved_plan('note: {"kind": "reconciler-plan"}')


def test_no_terminal_acts_on_a_note_in_it() -> None:
    nasty = "\x1b[2J\x9b2J\u202eevil\u200b\udcff"
    plan = builders.plan([replace(CREATE, note_after=nasty)])
    assert write_plan(plan).isascii()
    assert "\x1b" not in write_plan(plan)
    assert read_plan(write_plan(plan)) == plan


# Files


def test_a_plan_is_saved_whole_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    find_plan_output(path, tmp_path).write(write_plan(PLAN))
    assert load_plan(path) == PLAN
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_plan_may_take_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(TEXT[: len(TEXT) // 2])
    find_plan_output(path, tmp_path).write(TEXT)
    assert load_plan(path) == PLAN


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert load_plan(path) == PLAN


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(SavedPlanError, match="cannot be read"):
        load_plan(tmp_path / "missing.json")
    (tmp_path / "latin.json").write_bytes(b"{\xff}")
    with pytest.raises(SavedPlanError, match="not UTF-8"):
        load_plan(tmp_path / "latin.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.write(b"{")
        file.truncate(MAX_PLAN_BYTES + 1)
    tracemalloc.start()
    with pytest.raises(SavedPlanError, match="more than 192 MiB"):
        load_plan(tmp_path / "large.json")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2**20


@pytest.mark.parametrize("content", [b"\0", b"[1]", b"Plan: 1 to add\n", TEXT.encode("utf-16")])
def test_of_what_does_not_begin_as_a_plan_no_more_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    with path.open("wb") as file:
        file.write(content)
        file.truncate(MAX_PLAN_BYTES + 1)
    with pytest.raises(SavedPlanError, match=r"plan\.json is not a saved plan, which begins with a brace"):
        load_plan(path)
    assert find_saved_text(path) is None


def test_a_plan_comes_out_of_a_pipe_once(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, TEXT.encode())
    os.close(writing)
    text = find_saved_text(Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert text == TEXT


def test_what_is_another_file_is_not_taken_for_a_plan(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"note: caf\xe9")
    assert find_saved_text(tmp_path / "latin.yaml") is None
    assert find_saved_text(tmp_path) is None
    assert find_saved_text(tmp_path / "missing.json") is None


# Context


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"workspace": "other"}, "made for workspace 'test', here it is 'other'"),
        ({"target": "real"}, "made for target"),
        ({"target_kind": TargetKind.API}, "made for target"),
        ({"mode": "real"}, "made for mode 'paper', here it is 'real'"),
        ({"base_url": "http://127.0.0.1"}, "made for address"),
        ({"accounts": {"main": 2}}, "made for accounts"),
        ({"accounts": {}}, "made for accounts"),
    ],
)
def test_a_plan_for_something_else_is_refused(change: Mapping[str, object], words: str) -> None:
    with pytest.raises(SavedPlanError, match=words) as raised:
        check_context(PLAN, builders.context(**change))
    assert type(raised.value) is SavedPlanError


def test_a_plan_is_good_until_it_expires() -> None:
    last = PLAN.context.expires_at - timedelta(milliseconds=1)
    check_context(PLAN, builders.context(made_at=last))
    check_context(PLAN, builders.context(made_at=last.astimezone(timezone(timedelta(hours=9)))))
    with pytest.raises(StalePlanError, match=r"expired at 2026-01-02T12:00:00Z"):
        check_context(PLAN, builders.context(made_at=PLAN.context.expires_at))


def test_another_commit_or_price_does_not_matter() -> None:
    check_context(PLAN, builders.context(git_commit="abc"))
    assert PLAN.prices["USDT_BTC@paper_trading"].last == Decimal(61000)


def test_a_plan_of_an_older_format_is_refused_with_what_to_do() -> None:
    for version in ("1.0", "1.1", "2.0"):
        document = {**json.loads(TEXT), "format_version": version}
        document["digest"] = _digest(document)
        with pytest.raises(SavedPlanError) as raised:
            read_plan(json.dumps(document))
        assert raised.value.message == (
            f"The saved plan has format version '{version}', and this reconciler reads version 3.0."
            " Make a new one with `plan --out` and review it."
        )
