"""Validation of documents against the shipped JSON Schemas.

A compiled validator says whether a document is valid. It is 200 times as fast as the validator that can explain an
error, so only the parts that fail, the header or single trades, are explained. [jsonschema, jsonschema-rs]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.validation.config_texts import check_texts
from reconciler.validation.explain import explain_error, quote, suggest
from reconciler.validation.lost_indentation import find_lost_fields, find_lost_trades
from reconciler.validation.price_lists import find_price_list
from reconciler.validation.shape_hints import find_flat_keys, find_pasted_entity, find_pasted_group
from reconciler.validation.unused import drop_unused

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

Schema = dict[str, object]
Fields = Mapping[str, object]

# In a wheel the schemas are inside the package; in a checkout they are beside the package.
_PACKAGE = Path(__file__).parents[1]
_SCHEMA_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parent / "schemas")
# Replaces the schema of a part that is validated on its own.
_ANY_MAPPING: Schema = {"type": "object"}


@cache
def read_schema(name: str) -> str:
    """Read the JSON text of a shipped schema.

    Args:
        name: `plan`, `config`, or the name of another shipped schema.

    Raises:
        LookupError: There is no such schema.
    """
    for folder in _SCHEMA_FOLDERS:
        path = folder / f"{name}.schema.json"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise LookupError(f"there is no schema {name!r}")


def validate_plan(document: Document) -> tuple[Problem, ...]:
    """Validate a plan file against its schema; problems are in the order of the file.

    Args:
        document: A plan file.
    """
    if _gate("plan", "").is_valid(document.root):
        return ()
    defaults = document.root.get("defaults")
    written = drop_unused(defaults, {}) if isinstance(defaults, Mapping) else {}
    root = {**document.root, **({"defaults": written} if isinstance(defaults, Mapping) else {})}
    pasted = find_pasted_entity(document, (), document.root)
    if pasted is not None:
        return (pasted,)
    lost, explained = find_lost_trades(document)
    problems = [lost] if lost is not None else []
    header = {key: value for key, value in root.items() if key not in explained}
    if lost is not None:
        header = {**header, "trades": {}, **({"version": 1} if "version" in explained else {})}
    problems += _explain(document, (), header, _without_parts("plan", "trades"))
    trades = document.root.get("trades")
    gate = _gate("plan", "trade")
    if isinstance(trades, Mapping):
        lost, explained = find_lost_fields(document, ("trades",), trades)
        problems += [lost] if lost is not None else []
        used = {name: _drop_unused(trade, written) for name, trade in trades.items() if name not in explained}
        root["trades"] = used
        for name, trade in used.items():
            if not gate.is_valid(trade):
                problems += _explain_trade(document, ("trades", name), trade)
    if not problems and not _gate("plan", "").is_valid(root):
        problems.append(document.problem((), "does not follow the schema of plan files"))
    return _in_order(problems)


def _explain_trade(document: Document, path: FieldPath, trade: object) -> Iterator[Problem]:
    pasted = find_pasted_entity(document, path, trade)
    if pasted is not None:
        yield pasted
        return
    if isinstance(trade, Mapping):
        yield from find_flat_keys(document, path, trade)
        for find in (_find_lost_in_trade, _find_pasted_groups, _find_price_list):
            trade, problems = find(document, path, trade)
            yield from problems
    yield from _explain(document, path, trade, _part("plan", "trade"))


def _find_lost_in_trade(document: Document, path: FieldPath, trade: Fields) -> tuple[Fields, list[Problem]]:
    """Find lines without their indentation in a trade; return what is left of it, and the problems."""
    lost, explained = find_lost_fields(document, path, trade)
    problems = [lost] if lost is not None else []
    left = {key: value for key, value in trade.items() if key not in explained}
    for key in ("position", "stop_loss"):
        group = left.get(key)
        lost, explained = find_lost_fields(document, (*path, key), group)
        if lost is not None and isinstance(group, Mapping):
            problems.append(lost)
            left[key] = {name: value for name, value in group.items() if name not in explained}
    return left, problems


def _find_pasted_groups(document: Document, path: FieldPath, trade: Fields) -> tuple[Fields, list[Problem]]:
    """Find groups that are copied from an answer of the API; return the trade without them, and the problems."""
    found = {key: find_pasted_group(document, (*path, key), group) for key, group in trade.items()}
    problems = [problem for problem in found.values() if problem is not None]
    return {key: group for key, group in trade.items() if found[key] is None}, problems


def _find_price_list(document: Document, path: FieldPath, trade: Fields) -> tuple[Fields, list[Problem]]:
    """Find prices in the place of steps; return the trade without them, and the problem."""
    problem = find_price_list(document, (*path, "take_profit"), trade.get("take_profit"))
    if problem is None:
        return trade, []
    return {key: value for key, value in trade.items() if key != "take_profit"}, [problem]


def _drop_unused(trade: object, defaults: Mapping[str, object]) -> object:
    return drop_unused(trade, defaults) if isinstance(trade, Mapping) else trade


def validate_config(document: Document) -> tuple[Problem, ...]:
    """Validate a reconciler.yaml; problems are in the order of the file.

    Args:
        document: A reconciler.yaml.
    """
    is_valid = _gate("config", "").is_valid(document.root)
    problems = [] if is_valid else list(_explain(document, (), document.root, _part("config", "")))
    problems += _check_targets(document)
    problems += [] if problems else check_texts(document)
    return _in_order(problems)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def _schema(name: str) -> Schema:
    # A float `multipleOf` or limit cannot be compared exactly with the Decimals of a document.
    return cast("Schema", json.loads(read_schema(name), parse_float=Decimal))


def _definition(name: str, definition: str) -> Schema:
    schema = _schema(name)
    if not definition:
        return schema
    return {"$schema": schema["$schema"], "$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}


@cache
def _gate(name: str, definition: str) -> jsonschema_rs.Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_definition(name, definition))


@cache
def _part(name: str, definition: str) -> Validator:
    return _make_validator(_definition(name, definition))


@cache
def _without_parts(name: str, key: str) -> Validator:
    schema = _schema(name)
    properties = cast("dict[str, Schema]", schema["properties"])
    properties[key] = {
        keyword: value for keyword, value in properties[key].items() if keyword != "additionalProperties"
    }
    return _make_validator(schema)


def _make_validator(schema: Schema) -> Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    validator_class = extend(Draft202012Validator, {"pattern": _check_pattern})  # type: ignore[no-untyped-call]  # stubs
    return cast("Validator", validator_class(schema))


def _check_pattern(_: Validator, pattern: str, instance: object, __: Schema) -> Iterator[ValidationError]:
    """Check a pattern like the compiled validator does. In Python, `$` would also match before a final line end."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and (instance.endswith("\n") or re.search(pattern, instance) is None):
        yield ValidationError("does not match")


def _explain(document: Document, path: FieldPath, instance: object, validator: Validator) -> Iterator[Problem]:
    groups_with_gaps: set[FieldPath] = set()
    errors = list(validator.iter_errors(instance))  # type: ignore[arg-type]  # the stubs know plain JSON only
    # A text that is not what is expected has one problem, however long it is.
    unfit = {tuple(error.absolute_path) for error in errors if error.validator != "maxLength"}
    for error in errors:
        if error.validator == "maxLength" and tuple(error.absolute_path) in unfit:
            continue
        if error.validator == "required":
            # One error for each missing key, and each is explained with all of them.
            group = tuple(error.absolute_path)
            if group in groups_with_gaps:
                continue
            groups_with_gaps.add(group)
        yield from explain_error(document, path, error)


def _check_targets(document: Document) -> Iterator[Problem]:
    """Check the rules between several keys of reconciler.yaml."""
    targets = document.root.get("targets")
    named = targets if isinstance(targets, Mapping) else {}
    default = document.root.get("target")
    if isinstance(default, str) and default not in named and (default != "sandbox" or named):
        yield document.problem(
            ("target",), f"found the unknown target {quote(default)}; {suggest(default, list(named))}"
        )
    yield from _check_aliases(document, named)
    has_api = False
    for name, target in named.items():
        if isinstance(target, Mapping):
            has_api = has_api or target.get("kind") == "api"
            yield from _check_target(document, ("targets", name), target)
    if has_api and "workspace" not in document.root:
        message = "workspace is missing; a target of kind api needs one, for example 'workspace: prod-7f3a'"
        yield document.problem(("workspace",), message)


def _check_aliases(document: Document, targets: Mapping[str, object]) -> Iterator[Problem]:
    """Check that figures of accounts are about accounts that a target names."""
    accounts = [target.get("accounts") for target in targets.values() if isinstance(target, Mapping)]
    known = {alias for each in accounts if isinstance(each, Mapping) for alias in each}
    if not targets or None in accounts:
        known.add("main")
    for key in ("fees", "maintenance_margin_pct"):
        figures = document.root.get(key)
        for alias in figures if isinstance(figures, Mapping) else ():
            if alias not in known:
                path = (key, alias)
                message = f"found the unknown account {quote(str(alias))}; {suggest(str(alias), sorted(known))}"
                yield document.problem(path, message, at=document.find_key(path))


def _check_target(document: Document, path: FieldPath, target: Mapping[str, object]) -> Iterator[Problem]:
    kind = target.get("kind")
    if kind == "api" and "mode" not in target:
        message = "mode is missing; a target of kind api needs 'mode: paper' or 'mode: real'"
        yield document.problem((*path, "mode"), message, at=document.find_key(path))
    if kind == "sandbox":
        for key in ("mode", "base_url"):
            if key in target:
                message = f"found {key} at a sandbox, expected it at targets of kind api only"
                yield document.problem((*path, key), message, at=document.find_key((*path, key)))
