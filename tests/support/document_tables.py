"""Tables for documents: fields from the JSON Schemas, rules from their docstrings, safeties from their test."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard, cast

from reconciler import rules
from reconciler.guardrails.catalogue import HELD_BACK, describe_acknowledgement, describe_default
from reconciler.model.guardrails import GuardrailName

ROOT = Path(__file__).parents[2]
Schema = Mapping[str, object]
_FIELD_HEAD = "| field | value | meaning |\n|---|---|---|\n"
_SAFETY_HEAD = "| removed | a law breaks within |\n|---|---|\n"
_GUARDRAIL_HEAD = "| guardrail | default | acknowledged by | a breach holds back |\n|---|---|---|---|\n"
_RULE_HEAD = "| rule | says |\n|---|---|\n"
# Heading and JSON pointer of each group of fields, in the order of the document.
_PLAN_GROUPS = (
    ("The file", ""),
    ("A trade", "$defs/trade"),
    ("`position`", "$defs/position"),
    ("`position.conditional`", "$defs/position/properties/conditional"),
    ("`take_profit`", "$defs/take_profit"),
    ("A step of `take_profit`", "$defs/step"),
    ("`stop_loss`", "$defs/stop_loss"),
    ("`stop_loss.conditional`", "$defs/stop_loss/properties/conditional"),
    ("`stop_loss.timeout`", "$defs/stop_loss/properties/timeout"),
    ("The price of a step or a stop", "$defs/level"),
    ("The trigger price of an entry", "$defs/position/properties/conditional/properties/price"),
    ("`trailing`", "$defs/trailing"),
    ("`leverage`", "$defs/leverage"),
    ("An order of `averaging`", "$defs/averaging_order"),
    ("`lifecycle`", "$defs/trade/properties/lifecycle"),
    ("A line of `moved`", "properties/moved/items"),
)
_CONFIG_GROUPS = (
    ("The file", ""),
    ("A target", "$defs/target"),
    ("`guardrails`", "properties/guardrails"),
    ("`guardrails.loss_realised`", "$defs/losses"),
    ("`guardrails.stop_distance_pct`", "$defs/range"),
)


def make_plan_tables() -> str:
    """Return the fields of a plan file, a table for each group."""
    return _make_tables("plan", _PLAN_GROUPS)


def make_config_tables() -> str:
    """Return the fields of reconciler.yaml, a table for each group."""
    return _make_tables("config", _CONFIG_GROUPS)


def make_rule_table() -> str:
    """Return the rules that a schema cannot express, each with the first line of its docstring."""
    return _RULE_HEAD + "".join(
        f"| [`{name}`](../reconciler/rules/{name}.py) | {_first_line(name)} |\n" for name in sorted(_rule_names())
    )


def make_guardrail_table() -> str:
    """Return the guardrails with their defaults, what acknowledges them and what they hold back, from the program."""
    return _GUARDRAIL_HEAD + "".join(
        f"| `{name.value}` | {describe_default(name)} | {describe_acknowledgement(name)} | {HELD_BACK[name]} |\n"
        for name in GuardrailName
    )


def make_safety_table() -> str:
    """Return the safeties that the simulation removes, each with the number of histories in which a law must break."""
    source = (ROOT / "tests" / "scenarios" / "simulation" / "test_removed_safeties.py").read_text()
    bounds = next(node.value for node in ast.parse(source).body if _assigns(node, "BOUNDS"))
    rows = cast(dict[str, tuple[str, int]], ast.literal_eval(bounds))
    return _SAFETY_HEAD + "".join(f"| {safety} | {bound} |\n" for safety, (_, bound) in rows.items())


def _assigns(node: ast.stmt, name: str) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


def _rule_names() -> Iterator[str]:
    for module in pkgutil.iter_modules(rules.__path__):
        if module.name != "candidate":
            yield module.name


def _first_line(name: str) -> str:
    return (importlib.import_module(f"reconciler.rules.{name}").__doc__ or "").partition("\n")[0]


def _make_tables(name: str, groups: tuple[tuple[str, str], ...]) -> str:
    schema = cast(Schema, json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text()))
    return "\n".join(_make_table(schema, heading, _find(schema, pointer)) for heading, pointer in groups)


def _make_table(schema: Schema, heading: str, group: Schema) -> str:
    required = cast(list[str], group.get("required", []))
    rows = "".join(
        f"| `{name}` | {_describe(_resolve(schema, part))} | {_explain(part, is_required=name in required)} |\n"
        for name, part in cast(Mapping[str, Schema], group["properties"]).items()
    )
    return f"#### {heading}\n\n{_FIELD_HEAD}{rows}"


def _find(schema: Schema, pointer: str) -> Schema:
    for key in filter(None, pointer.split("/")):
        schema = cast(Schema, schema[key])
    return schema


def _resolve(schema: Schema, part: Schema) -> Schema:
    """Return a part with what its reference adds; its own words win."""
    reference = cast("str | None", part.get("$ref"))
    return part if reference is None else {**_find(schema, reference.removeprefix("#/")), **part}


def _explain(part: Schema, *, is_required: bool) -> str:
    text = str(part.get("description", part.get("title", ""))).replace("|", "\\|")
    return f"{text} Required." if is_required else text


def _describe(part: Schema) -> str:
    """Return which values a field takes, in a few words."""
    if "const" in part:
        return f"`{json.dumps(part['const'])}`"
    if "enum" in part:
        return _describe_words(cast(list[object], part["enum"]))
    types = part["type"] if isinstance(part["type"], list) else [part["type"]]
    kinds = [str(kind) for kind in types if kind != "string" or _is_text(part, types)]
    return " or ".join(_describe_type(kind, part) for kind in kinds)


def _describe_words(words: list[object]) -> str:
    """Return the words of a closed set; `"true"` is another spelling of true."""
    values = [json.dumps(word).strip('"') for word in words]
    return ", ".join(f"`{value}`" for value in dict.fromkeys(values))


def _is_text(part: Schema, types: list[object]) -> bool:
    """Return whether text is a value of its own there, not another spelling of a number."""
    example = cast(list[object], part.get("examples", [""]))[0]
    return isinstance(example, str) or not {"number", "integer"} & set(types)


def _describe_type(kind: str, part: Schema) -> str:
    if kind in ("number", "integer"):
        return " ".join(["whole number" if kind == "integer" else "number", *_describe_range(part)])
    if kind == "array":
        return _describe_list(part)
    if kind == "boolean":
        return "`false`"
    if kind == "object":
        return _describe_object(part)
    example = cast(list[object], part.get("examples", []))
    return f"text, such as `{example[0]}`" if example else "text"


def _describe_object(part: Schema) -> str:
    names = list(cast(Mapping[str, object], part.get("properties", {})))
    return f"`{{{', '.join(names)}}}`" if 0 < len(names) <= 3 else "group"


def _describe_list(part: Schema) -> str:
    items = cast(Schema, part["items"])
    few = f"{part.get('minItems', 0)} to {part['maxItems']} items" if "maxItems" in part else "list"
    return f"list of {_describe(items)}" if "enum" in items else few


def _describe_range(part: Schema) -> Iterator[str]:
    if "exclusiveMinimum" in part:
        yield f"above {part['exclusiveMinimum']}"
    if "minimum" in part:
        yield f"from {part['minimum']}"
    if "maximum" in part and int(str(part["maximum"])) < 10**6:
        yield f"to {part['maximum']}"
    if "exclusiveMaximum" in part:
        yield f"below {part['exclusiveMaximum']}"
