"""The digests of a marker: 8 hex digits over what was applied, so that a change of either side is seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping

from reconciler.codec.body import Body, shared_body
from reconciler.model.field_groups import ENTRY_GROUPS, EXIT_GROUPS
from reconciler.model.terms import Terms

# Sorted keys, no white space, the version inside the hashed text: any change of the canonical form changes the number.
_DIGEST_VERSION = 1


def entry_digest(terms: Terms) -> str:
    """Return 8 hex digits over account, pair, kind and position; computed once for each value."""
    digest = terms.derived.get("entry")
    if not isinstance(digest, str):
        digest = terms.derived["entry"] = _digest(shared_body(terms), ENTRY_GROUPS)
    return digest


def exits_digest(terms: Terms, ignored: Collection[str] = ()) -> str:
    """Return 8 hex digits over leverage, take profit and stop loss; computed once for each value.

    Args:
        terms: Inputs.
        ignored: Paths that do not count, since nothing is done about them.
    """
    key = " ".join(("exits", *sorted(ignored)))
    digest = terms.derived.get(key)
    if not isinstance(digest, str):
        digest = terms.derived[key] = _digest(drop_ignored(shared_body(terms), ignored), EXIT_GROUPS)
    return digest


def drop_ignored(body: Mapping[str, object], ignored: Collection[str]) -> Body:
    """Return a body without ignored fields, for comparing what counts.

    Args:
        body: In the shape of the API; not changed.
        ignored: Paths.
    """
    kept = dict(body)
    for path in ignored:
        _drop(kept, path.split("."))
    return kept


def _drop(body: Body, keys: list[str]) -> None:
    key, *rest = keys
    below = body.get(key)
    if not rest:
        body.pop(key, None)
    elif isinstance(below, dict):
        body[key] = inner = dict(below)
        _drop(inner, rest)


def _digest(body: Mapping[str, object], groups: Iterable[str]) -> str:
    content = {"v": _DIGEST_VERSION, **{str(group): body.get(group) for group in groups}}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
