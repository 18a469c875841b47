"""The digest of what a plan does: equal for two plans that do the same, whenever they were made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import Body, write_body, write_step
from reconciler.codec.fires import write_fire
from reconciler.codec.note import read_note
from reconciler.model.operations import FieldChange, Operation


def digest_operations(operations: Iterable[Operation]) -> str:
    """Compute the digest of some operations; their order does not count, since a new plan may have another."""
    texts = sorted(map(identify, operations))
    return "sha256:" + hashlib.sha256("\n".join(texts).encode()).hexdigest()


def identify(operation: Operation) -> str:
    """Write all that makes an operation the one that was reviewed.

    Market prices, times and ids of live trades are left out: they are others in every plan. The marker in a note is
    left out too. What acts at once at the prices seen counts, because that is another operation to a reviewer.
    """
    document: Body = {
        "action": operation.action.value,
        "trade": operation.trade,
        "generation": operation.generation,
        "effects": [effect.value for effect in operation.effects],
        "changes": sorted(map(_write_change, operation.changes)),
        "after": write_body(operation.after) if operation.after else None,
        "note": None if operation.note_after is None else read_note(operation.note_after).text,
        "step": write_step(operation.step) if operation.step else None,
        "copies_left": operation.copies_left,
        "averaging": write_averaging(operation.averaging) if operation.averaging else None,
        "fires": [write_fire(fire) for fire in operation.fires],
        "closes": operation.closes,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=str)


def _write_change(change: FieldChange) -> str:
    return json.dumps([change.path, change.live, change.wanted])
