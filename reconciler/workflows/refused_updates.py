"""What the journal remembers about updates after a step was executed: whether 3Commas takes them is not documented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.journal.protocol import Journal
from reconciler.matching.match import Matching
from reconciler.model.journal import Intent, IntentState, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.refused_updates import RefusedUpdate
from reconciler.rendering.journal_text import describe_text

# Refusals of what was asked for, not of the key or the pace. Source: errors page; the words are those of the client.
_REFUSED = re.compile(r" was refused \((400|422)\b")


def read_refused_updates(journal: Journal, matching: Matching) -> dict[int, tuple[RefusedUpdate, ...]]:
    """Read which updates were refused, of the open trades that have executed a step: SmartTrade id to these updates.

    Args:
        journal: What was sent before, and how it was answered.
        matching: Specs with their live trades.
    """
    lives = (match.live for match in matching.matches if match.live is not None)
    found = {live.id: tuple(_find_refused(journal, live)) for live in lives if _has_executed(live)}
    return {live_id: refused for live_id, refused in found.items() if refused}


def _has_executed(live: LiveTrade) -> bool:
    return live.phase is Phase.OPEN and bool(live.finished_steps)


def _find_refused(journal: Journal, live: LiveTrade) -> Iterator[RefusedUpdate]:
    """Find refused updates that repeated all steps that have been executed."""
    for intent in journal.find_writes(live.id):
        write = intent.write
        if write.after is None or not _was_refused(intent):
            continue
        if set(live.executed_terms) <= set(write.after.steps):
            changes_steps = any(path.startswith("take_profit") for path in write.changed)
            message = describe_text(intent.text)
            yield RefusedUpdate(
                after=write.after, changes_steps=changes_steps, omits_steps=write.omits_steps, message=message
            )


def _was_refused(intent: Intent) -> bool:
    is_update = intent.write.kind is WriteKind.UPDATE
    return is_update and intent.state is IntentState.FAILED and _REFUSED.search(describe_text(intent.text)) is not None
