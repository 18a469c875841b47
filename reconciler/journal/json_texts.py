"""Values of the journal as JSON texts, without secrets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.averaging import read_averaging, write_averaging
from reconciler.codec.body import read_terms, write_body
from reconciler.codec.json_fields import (
    as_integer,
    as_object,
    as_text,
    read_number,
    read_optional_integer,
    read_optional_list,
    read_optional_text,
)
from reconciler.codec.json_text import write_compact
from reconciler.codec.numbers import plain
from reconciler.model.journal import Seen, Write, WriteKind
from reconciler.model.live import Phase

_HIDDEN = "***"
# Fields whose value is never stored.
_SECRET_KEY = re.compile(r"secret|api_?key|passw|signature|token|credential|private", re.IGNORECASE)
# A shorter secret is in the middle of many words and numbers, so that to hide it there would garble what is kept.
SHORTEST_HIDDEN_WITHIN = 6


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes secrets out of what is written down: out of values, never out of the text of a document.

    Attributes:
        secrets: Texts that must not be written, wherever they are; a very short one only if it is a whole value.
    """

    secrets: Collection[str] = ()

    def write(self, value: Mapping[str, object] | None) -> str | None:
        """Make a JSON text, Decimals as plain texts; None for None."""
        if value is None:
            return None
        return write_compact(self._hide_in(value))

    def clean(self, text: str) -> str:
        """Remove the secrets from a text."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            if secret == text or len(secret) >= SHORTEST_HIDDEN_WITHIN:
                text = text.replace(secret, _HIDDEN) if secret else text
        return text

    def _hide_in(self, value: Mapping[str, object]) -> dict[str, object]:
        return {
            self.clean(str(key)): _HIDDEN if _SECRET_KEY.search(str(key)) else self._hide(each)
            for key, each in value.items()
        }

    def _hide(self, value: object) -> object:
        if isinstance(value, Mapping):
            return self._hide_in(value)
        if isinstance(value, list | tuple):
            return [self._hide(each) for each in value]
        if isinstance(value, str):
            return self.clean(value)
        return _HIDDEN if self._is_secret_number(value) else value

    def _is_secret_number(self, value: object) -> bool:
        """Return whether a number has the digits of a secret that is too long to be met by chance."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        return any(len(secret) >= SHORTEST_HIDDEN_WITHIN and secret in str(value) for secret in self.secrets)


def write_write(write: Write) -> dict[str, object]:
    """Make a document from a write."""
    document: dict[str, object] = {
        "step_id": write.step_id,
        "note": write.note,
        "after": write_body(write.after) if write.after else None,
        "changed": list(write.changed),
        "averaging": write_averaging(write.averaging) if write.averaging else None,
    }
    if write.seen is not None:
        document["seen"] = _write_seen(write.seen)
    if write.omits_steps:
        document["omits_steps"] = True
    if write.account_id:
        document["account_id"] = write.account_id
    return document


def read_write(document: Mapping[str, object], *, kind: str, trade: str, generation: int, live_id: int | None) -> Write:
    """Read a write that `write_write` wrote; values that an older version did not write are missing.

    Args:
        document: What it wrote.
        kind: Kind of the write.
        trade: Name of the trade.
        generation: Generation of the trade.
        live_id: SmartTrade id, or None.

    Raises:
        ValueError: A part of it is of a wrong type.
    """
    after, averaging = document.get("after"), document.get("averaging")
    return Write(
        kind=WriteKind(kind),
        trade=trade,
        generation=generation,
        live_id=live_id,
        step_id=read_optional_integer(document, "step_id"),
        note=read_optional_text(document, "note"),
        after=read_terms(as_object(after, "after")) if after else None,
        changed=tuple(as_text(each, "changed") for each in read_optional_list(document, "changed")),
        omits_steps=document.get("omits_steps") is True,
        seen=_read_seen(document.get("seen")),
        averaging=read_averaging(averaging) if averaging else None,
        account_id=read_optional_integer(document, "account_id") or 0,
    )


def _write_seen(seen: Seen) -> dict[str, object]:
    return {
        "phase": seen.phase.value,
        "entered_units": plain(seen.entered_units),
        "closed_units": plain(seen.closed_units),
        "order_ids": list(seen.order_ids),
    }


def _read_seen(value: object) -> Seen | None:
    if value is None:
        return None
    document = as_object(value, "seen")
    return Seen(
        phase=Phase(str(document.get("phase"))),
        entered_units=read_number(document, "entered_units"),
        closed_units=read_number(document, "closed_units"),
        order_ids=tuple(as_integer(each, "order_ids") for each in read_optional_list(document, "order_ids")),
    )
