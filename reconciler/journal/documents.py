"""Values of the journal as JSON texts, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from reconciler.model.averaging import read_averaging, write_averaging
from reconciler.model.body import read_terms, write_body
from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import Phase
from reconciler.model.numbers import plain, to_decimal

_HIDDEN = "***"
# Fields whose value is never kept, whatever it is.
_SECRET_KEY = re.compile(r"secret|api_?key|passw|signature|token|credential|private", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes secrets out of what is written down.

    Attributes:
        secrets: Texts that must not be written, wherever they stand.
    """

    secrets: Collection[str] = ()

    def write(self, value: Mapping[str, object] | None) -> str | None:
        """A JSON text, Decimals as plain texts; None for None."""
        if value is None:
            return None
        return self.clean(json.dumps(_hide(value), separators=(",", ":"), default=_write_value))

    def clean(self, text: str) -> str:
        """A text without the secrets."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN) if secret else text
        return text


def write_write(write: Write) -> str:
    """A write as a JSON text."""
    document = {
        "step_id": write.step_id,
        "note": write.note,
        "after": write_body(write.after) if write.after else None,
        "changed": list(write.changed),
        "averaging": write_averaging(write.averaging) if write.averaging else None,
    }
    if write.seen is not None:
        document["seen"] = _write_seen(write.seen)
    return json.dumps(document, separators=(",", ":"), default=_write_value)


def read_write(text: str, *, kind: str, trade: str, generation: int, live_id: int | None) -> Write:
    """A write that `write_write` wrote.

    Args:
        text: What it wrote.
        kind: Kind of the write.
        trade: Name of the trade.
        generation: Generation of the trade.
        live_id: SmartTrade id, or None.
    """
    document = json.loads(text, parse_float=Decimal)
    after = document["after"]
    # A journal of an earlier version has none.
    averaging = document.get("averaging")
    return Write(
        kind=WriteKind(kind),
        trade=trade,
        generation=generation,
        live_id=live_id,
        step_id=document["step_id"],
        note=document["note"],
        after=read_terms(after) if after else None,
        changed=tuple(document["changed"]),
        seen=_read_seen(document.get("seen")),
        averaging=read_averaging(averaging) if averaging else None,
    )


def read_document(text: str | None) -> dict[str, object] | None:
    """A JSON object of the journal, numbers with a point as Decimal."""
    return None if text is None else cast("dict[str, object]", json.loads(text, parse_float=Decimal))


def _write_seen(seen: Seen) -> dict[str, object]:
    return {
        "phase": seen.phase.value,
        "entered_units": plain(seen.entered_units),
        "closed_units": plain(seen.closed_units),
        "order_ids": list(seen.order_ids),
    }


def _read_seen(document: Mapping[str, object] | None) -> Seen | None:
    if document is None:
        return None
    return Seen(
        phase=Phase(str(document["phase"])),
        entered_units=to_decimal(document["entered_units"]),
        closed_units=to_decimal(document["closed_units"]),
        order_ids=tuple(cast("list[int]", document["order_ids"])),
    )


def _hide(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _HIDDEN if _SECRET_KEY.search(str(key)) else _hide(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hide(each) for each in value]
    return value


def _write_value(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal")
