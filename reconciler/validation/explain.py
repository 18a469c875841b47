"""Messages for the errors of a schema: what was found, what was expected, what to do.

The user never sees the words of the validator, which knows nothing about groups, short forms and trading.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from reconciler.codec.numbers import plain
from reconciler.loading.repaired_lines import repair_line
from reconciler.model.documents import Document, FieldPath
from reconciler.model.problems import Problem
from reconciler.validation.shape_hints import find_lost_dash, is_flat_key
from reconciler.validation.trade_facts import TradeFacts, read_number
from reconciler.validation.value_hints import find_hint, write_percent
from reconciler.validation.word_hints import PERCENT_WORDS, explain_word, find_meaning, name_group, write_steps

if TYPE_CHECKING:
    from jsonschema import ValidationError

Schema = Mapping[str, object]

# Messages cut longer texts; the line is shown below the message anyway.
MAX_SHOWN_CHARS = 40
MAX_NAME_CHARS = 48
# Two names with at least this similarity, as difflib computes it, count as a misspelling.
_CUTOFF = 0.72
# Typographic quotes, which YAML takes for a part of the text.
_QUOTATION = "\u201c\u201d\u201e\u2018\u2019"
_TYPES = {
    "number": "a number",
    "integer": "a whole number",
    "string": "a text",
    "object": "a group of keys",
    "array": "a list",
    "boolean": "true or false",
}
# Groups of amounts by currency.
_BY_CURRENCY = frozenset({"Amounts", "Realised losses"})
_TRADE_SHAPE = "write its fields below the name, each with two more blanks before it: pair, position, stop_loss"
# The shape of a file, for a value in another one. By field.
_SHAPES: Mapping[FieldPath, str] = {
    (
        "trades",
    ): "write below it the name of each trade with a colon and no dash, such as btc-dip:, and its fields below",
    ("moved",): "write moved: [{from: btc-old, to: btc-dip}]",
    ("version",): "write version: 1",
}
# Words that other tools read as booleans.
_BOOLEAN_WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})
# Keys that users are likely to write, and what to do instead. By title of the group.
_HINTS: Mapping[tuple[object, str], str] = {
    ("Step", "position"): "steps are numbered by their order in the list; leave it out",
    ("Averaging order", "type"): "an averaging order is on the side of the entry; leave it out",
    ("Averaging order", "volume"): "an averaging order has a size of its own; write it as units",
    ("Trade", "order_type"): "write it under position, as position.order_type",
    ("Trade", "units"): "write it under position, as position.units",
    ("Trade", "price"): "write it under position, as position.price",
    ("Trade", "steps"): "write it as take_profit",
    ("Trade", "conditional"): "write it under position or stop_loss",
    ("Defaults", "account"): "write it at the top of the file, beside 'defaults'",
    ("Defaults", "account_id"): "write it at the top of the file, beside 'defaults'",
    ("Defaults", "state"): "write it at the trade",
    ("Defaults", "generation"): "write it at the trade",
    ("Defaults", "averaging"): "write it at the trade",
    ("Defaults", "lifecycle"): "write it at the trade",
    **{
        ("Plan file", key): "it belongs to a trade: write it below 'trades:' and a name such as btc-dip"
        for key in ("pair", "position", "take_profit", "stop_loss", "leverage", "averaging", "note", "instant")
    },
    ("Trade", "unallocated"): "write it under take_profit: {unallocated: 50, steps: [...]}",
    ("Trade", "moved"): "write it at the top of the file, beside 'trades'",
    ("Trade", "prevent"): "write it under lifecycle, as lifecycle.prevent",
    ("Trade", "ignore_changes"): "write it under lifecycle, as lifecycle.ignore_changes",
    ("Guardrails", "notional"): "write notional_per_trade, notional_per_pair or notional_total",
    ("Guardrails", "loss_at_stop"): "write loss_at_stop_per_trade, loss_at_stop_total or loss_at_stop_increase",
    ("Guardrails", "price_band"): "write entry_distance_pct",
}


def explain_error(document: Document, base: FieldPath, error: ValidationError) -> Iterator[Problem]:
    """Translate an error of the validator into problems.

    Args:
        document: The file.
        base: The field that was validated.
        error: The error of the validator.
    """
    path = (*base, *cast("Iterable[str | int]", error.absolute_path))
    keyword, schema = str(error.validator), cast("Schema", error.schema)
    if keyword == "additionalProperties":
        yield from _explain_unknown_keys(document, path, schema, cast("Mapping[str, object]", error.instance))
    elif keyword == "required":
        yield from _explain_missing(document, path, error)
    elif "propertyNames" in error.absolute_schema_path:
        key_path = (*path, str(error.instance))
        message = (
            f"found {describe(error.instance)}, expected {_expect(schema)}{_suggest_key(schema, str(error.instance))}"
        )
        yield document.problem(key_path, message, at=document.find_key(key_path))
    else:
        message = _describe_mismatch(keyword, schema, error.instance)
        hint = _find_hint(document, path, error.instance)
        yield document.problem(path, f"{message.split('; did you mean')[0]}; {hint}" if hint else message)


def describe(value: object) -> str:
    """Describe a value for a message: `the number 5`, `the text "yes"`, `a list`."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {quote(value)}" if value else "an empty text"
    return "a list" if isinstance(value, list) else "a group of keys"


def quote(text: str) -> str:
    """Put a text of the user in double quotes, escaped and cut to a length that fits a message."""
    return json.dumps(text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…", ensure_ascii=False)


def suggest(word: str, known: Sequence[str]) -> str:
    """Write the end of a message about an unknown word: the most similar known word, or else all known words."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=_CUTOFF) or [
        each for each in known if each and word.startswith(f"{each}_")
    ]
    if close:
        return f"did you mean {close[0]}?"
    return f"expected {join_words(known)}" if known else "expected nothing here"


def is_slip(word: str, meant: str) -> bool:
    """Return whether a word is so similar to another one that it may be a misspelling of it."""
    return bool(difflib.get_close_matches(word, [meant], cutoff=_CUTOFF))


def join_words(words: Sequence[str]) -> str:
    """Join words as a choice: `bid, ask or last`."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def _explain_unknown_keys(
    document: Document, path: FieldPath, schema: Schema, group: Mapping[str, object]
) -> Iterator[Problem]:
    known = list(cast("Mapping[str, object]", schema["properties"]))
    lost_dash = find_lost_dash(document, path, group)
    if lost_dash is not None:
        yield lost_dash
        return
    targets = _find_targets(path, known, group)
    if targets:
        yield _explain_targets(document, path, targets)
    for key in group:
        if key not in known and key not in targets and not (schema.get("title") == "Trade" and is_flat_key(key)):
            key_path = (*path, key)
            advice, is_nested = _explain_word(document, key_path, group), _is_nested(group[key])
            message = _describe_unknown_key(key, known, schema.get("title"), advice, is_nested=is_nested)
            yield document.problem(key_path, message, at=document.find_key(key_path))


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(part, Mapping) for part in value))


def _find_targets(path: FieldPath, known: Sequence[str], group: Mapping[str, object]) -> Mapping[str, object]:
    """Find several words for one take profit each, such as `TP1` and `TP2`; nothing if there is only one."""
    is_trade = len(_find_below(path)) == 0 and path[:1] == ("trades",)
    targets = {
        key: value
        for key, value in group.items()
        if is_trade and key not in known and find_meaning("trade", key) == ("take_profit",) and _is_price(value)
    }
    return targets if len(targets) > 1 else {}


def _is_price(value: object) -> bool:
    return read_number(value) is not None


def _explain_targets(document: Document, path: FieldPath, targets: Mapping[str, object]) -> Problem:
    first = (*path, next(iter(targets)))
    message = f"found the unknown keys {', '.join(map(quote, targets))}; write {write_steps(list(targets.values()))}"
    return document.problem(first, message, at=document.find_key(first))


def _describe_unknown_key(key: str, known: Sequence[str], title: object, advice: str | None, *, is_nested: bool) -> str:
    if key == "<<":
        return "merge keys are not read; use 'defaults:', or an alias for a whole group"
    plainly = re.sub(r"[\s-]+", "_", key.strip().lower())
    if plainly.strip(_QUOTATION) in known:
        is_line = advice is not None and advice.startswith("write ") and not is_nested
        hint = advice if is_line else f"did you mean {plainly.strip(_QUOTATION)}?"
        return f"found the unknown key {quote(key)}; {hint}"
    hint = _HINTS.get((title, key)) or advice or suggest(key, known)
    return f"found the unknown key {quote(key)}; {hint}"


def _explain_word(document: Document, path: FieldPath, group: Mapping[str, object]) -> str | None:
    """Explain a key that is a word of traders; None if it is another one, or outside of the trades."""
    below, written = _find_below(path), str(path[-1])
    repaired = repair_line(written.lstrip("-"))
    if written.startswith("-"):
        value = f" {group[written]}" if isinstance(group[written], str | int | Decimal) else ""
        return f"a blank is missing after the dash: write - {written.lstrip('-')}:{value}"
    if re.search(r"[:=\s]", written.strip()) and group[written] is None and repaired is not None:
        is_colon = ":" in written
        lost = "a blank is missing after the colon" if is_colon else "a colon and a blank are missing after the key"
        return f"{lost}: write {repaired}"
    if not below:
        return None
    facts, key = TradeFacts.find(document, path), str(path[-1])
    names = [part for part in below[:-1] if isinstance(part, str)]
    number = read_number(group[key])
    if key in PERCENT_WORDS and names and names[-1] != "trailing" and number is not None:
        level = write_percent(facts, names, number)
        return f"a share of the position is volume: {plain(number)}; {level}" if names[0] == "take_profit" else level
    return explain_word(facts, name_group(below[:-1]), key, group[key])


def _find_hint(document: Document, path: FieldPath, value: object) -> str | None:
    below = _find_below(path)
    if path in _SHAPES or (len(path) == 2 and path[0] == "trades"):
        return _SHAPES.get(path, _TRADE_SHAPE)
    if not below:
        return None
    parent: object = document.root
    for part in path[:-1]:
        parent = cast("Mapping[str | int, object]", parent)[part]
    return find_hint(TradeFacts.find(document, path), below, value, parent)


def _find_below(path: FieldPath) -> FieldPath:
    """Return the path of a field below its trade or below the defaults; empty for any other field."""
    return path[2:] if path[:1] == ("trades",) else path[1:] if path[:1] == ("defaults",) else ()


def _suggest_key(schema: Schema, name: str) -> str:
    if schema.get("title") != "Currency":
        return _suggest_name(name)
    is_known = re.search(str(schema["pattern"]), name.upper()) is not None
    return f"; did you mean {name.upper()}?" if is_known else ""


def _suggest_name(name: str) -> str:
    slug = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-._")
    return f"; did you mean {slug}?" if slug and len(slug) <= MAX_NAME_CHARS else ""


def _explain_missing(document: Document, path: FieldPath, error: ValidationError) -> Iterator[Problem]:
    properties = cast("Mapping[str, Schema]", cast("Schema", error.schema)["properties"])
    group = cast("Mapping[str, object]", error.instance)
    for key in cast("Sequence[str]", error.validator_value):
        if key not in group and not any(_is_written_as(other, key) for other in group):
            example = ", expected 'version: 1'" if key == "version" else f", expected {_expect(properties[key])}"
            yield document.problem((*path, key), f"{key} is missing{example}", at=document.find_key(path))


def _is_written_as(other: str, key: str) -> bool:
    """Return whether a key holds another one that has lost its colon or a letter: `type buy`, `trade` for `trades`."""
    repaired = repair_line(other.lstrip("-")) or ""
    return repaired.startswith(f"{key}: ") or (key in ("trades", "version") and is_slip(other, key))


def _describe_mismatch(keyword: str, schema: Schema, value: object) -> str:
    describe_keyword = _MISMATCHES.get(keyword)
    if describe_keyword is not None:
        return describe_keyword(schema, value)
    hint = ""
    if keyword == "type" and schema.get("title") in _BY_CURRENCY and isinstance(value, int | Decimal):
        hint = f"; name the currency, for example {{USDT: {plain(Decimal(value))}}}"
    if isinstance(value, str) and value.lower() in _BOOLEAN_WORDS | {"true", "false"}:
        hint = "; only true and false, in lower case, are booleans" if "boolean" in _types(schema) else ""
    return f"found {describe(value)}, expected {_expect(schema)}{hint}"


def _describe_enum(schema: Schema, value: object) -> str:
    choices = cast("Sequence[object]", schema["enum"])
    if True in choices:
        return f"found {describe(value)}, expected true or false"
    words = [str(choice) for choice in choices]
    close = difflib.get_close_matches(value, words, n=1, cutoff=_CUTOFF) if isinstance(value, str) else []
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"found {describe(value)}, expected {join_words(words)}{hint}"


def _describe_bound(words: str, keyword: str) -> Callable[[Schema, object], str]:
    return lambda schema, value: f"found {describe(value)}, expected {words} {schema[keyword]}"


def _describe_count(schema: Schema, value: object) -> str:
    count = len(cast("Sequence[object]", value))
    if isinstance(value, str):
        return f"found a text of {count} characters, expected at most {schema['maxLength']}"
    return f"found {count} items, expected 1 to {schema['maxItems']}"


def _describe_empty(schema: Schema, value: object) -> str:
    allowed = " or false" if "boolean" in _types(schema) else "; leave the key out"
    kind = "text" if isinstance(value, str) else "group of keys" if isinstance(value, Mapping) else "list"
    return f"found an empty {kind}, expected content{allowed}"


_MISMATCHES: Mapping[str, Callable[[Schema, object], str]] = {
    "enum": _describe_enum,
    "const": lambda schema, value: f"found {describe(value)}, expected {schema['const']}",
    "minimum": _describe_bound("at least", "minimum"),
    "maximum": _describe_bound("at most", "maximum"),
    "exclusiveMinimum": _describe_bound("more than", "exclusiveMinimum"),
    "exclusiveMaximum": _describe_bound("less than", "exclusiveMaximum"),
    "minItems": _describe_empty,
    "minProperties": _describe_empty,
    "minLength": _describe_empty,
    "maxItems": _describe_count,
    "maxLength": _describe_count,
}


def _types(schema: Schema) -> Sequence[str]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else cast("Sequence[str]", types)


def _expect(schema: Schema) -> str:
    """Describe what a schema allows: `a number such as 60000, or a group of keys`."""
    if "enum" in schema:
        return join_words([str(choice) for choice in cast("Sequence[object]", schema["enum"])])
    types = _types(schema)
    has_number = "number" in types or "integer" in types
    words = []
    for name in types:
        example = cast("Sequence[object]", schema["examples"])[0] if "examples" in schema else None
        if name == "string" and has_number and not isinstance(example, str):
            continue  # a number as text is accepted, but not suggested
        if name == "boolean":
            words += ["false"] if "not" in schema else ["true", "false"]
            continue
        word = _TYPES[name]
        if has_number and isinstance(example, str):
            word = f"a text such as {example}" if name == "string" else "an id"
        elif "examples" in schema and name not in ("object", "array"):
            noun = _article(str(schema["title"]).lower()) if "title" in schema and name == "string" else word
            word = f"{noun} such as {cast('Sequence[object]', schema['examples'])[0]}"
            if "pattern" in schema and name == "string" and "description" in schema:
                word += f" ({schema['description']})"
        words.append(word)
    return join_words(words)


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
