"""The parameters of a request: query, form and JSON body as one nested mapping.

Source: official docs, general information (bracket keys in query and form, nested objects in JSON, the query wins).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn
from urllib.parse import parse_qsl

from reconciler.sandbox.values.refusals import RequestRefused, refuse_unreadable

# Deeper than any parameter of the API.
MAX_NESTING = 16

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_SEGMENT = re.compile(r"\[([^\[\]]*)\]")


def read_parameters(query: str, body: bytes, *, is_json: bool) -> dict[str, object]:
    """Read all parameters of a request; those of the query win.

    Args:
        query: Query string as sent.
        body: Body as sent.
        is_json: Whether the body says that it is JSON; else it is a form.

    Raises:
        RequestRefused: The body is said to be JSON but is not, or a key is used both as a group and as a value.
    """
    if is_json:
        parameters = _read_json(body) if body else {}
    else:
        parameters = nest_pairs(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return parameters | nest_pairs(parse_qsl(query, keep_blank_values=True)) if query else parameters


def nest_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Turn bracket keys into nested groups and lists, as Rack reads them.

    Args:
        pairs: Keys such as `steps[][price][value]`, with their values.

    Raises:
        RequestRefused: A key is used both as a group and as a value, or is nested too deeply.
    """
    root: dict[str, object] = {}
    for key, value in pairs:
        match = _NAME.fullmatch(key)
        if match is None:
            root[key] = value
            continue
        segments = _SEGMENT.findall(match[2])
        if len(segments) > MAX_NESTING:
            raise _refuse_nesting(key)
        _store(root, match[1], segments, value, key)
    return root


def _store(group: dict[str, object], name: str, segments: list[str], value: str, key: str) -> None:
    if not segments:
        group[name] = value
        return
    if segments[0] != "":
        child = group.setdefault(name, {})
        if not isinstance(child, dict):
            raise _refuse_nesting(key)
        _store(child, segments[0], segments[1:], value, key)
        return
    elements = group.setdefault(name, [])
    if not isinstance(elements, list):
        raise _refuse_nesting(key)
    if len(segments) == 1:
        elements.append(value)
        return
    if not elements or not isinstance(elements[-1], dict) or _has_path(elements[-1], segments[1:]):
        elements.append({})
    _store(elements[-1], segments[1], segments[2:], value, key)


def _has_path(group: Mapping[str, object], segments: list[str]) -> bool:
    value: object = group
    for segment in segments:
        if segment == "":
            return False
        if not isinstance(value, dict) or segment not in value:
            return False
        value = value[segment]
    return True


def _refuse_nesting(key: str) -> RequestRefused:
    return RequestRefused(400, "invalid_request", f"Missing or invalid parameters: {key}")


def _read_json(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise refuse_unreadable() from error
    return value if isinstance(value, dict) else {}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
