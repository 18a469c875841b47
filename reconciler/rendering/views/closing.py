"""The last sentences of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.phrases import Phrase
from reconciler.model.plan import NoticeKind, Plan
from reconciler.rendering.phrases import phrase
from reconciler.rendering.unmanaged_text import describe_outside, describe_unmanaged
from reconciler.rendering.words import count_of

NO_CHANGES = "No changes."
NO_CHANGES_TO_APPLY = "No changes to apply."


def say_closing(plan: Plan) -> Iterator[Phrase]:
    """Say what is left unchanged, what nothing manages, and how many requests are needed."""
    if plan.is_empty:
        yield phrase(_describe_nothing(plan))
    if plan.blocked:
        yield phrase(f"Blocked: {count_of(len(plan.blocked), 'trade')}, left unchanged.")
    if plan.attention and not plan.is_empty:
        yield phrase(describe_attention(plan.attention))
    if plan.unchanged and not plan.is_empty:
        yield phrase(f"Unchanged: {count_of(plan.unchanged, 'trade')}.")
    yield from (phrase(text) for text in (describe_unmanaged(plan.unmanaged), describe_outside(plan.outside)) if text)
    if plan.against is not None:
        return
    needed = f", apply needs about {plan.requests_needed} ({_duration(plan.seconds_needed)})" if plan.operations else ""
    yield phrase(f"Requests: {plan.requests_used} used{needed}.")


def _describe_nothing(plan: Plan) -> str:
    """Say that nothing is applied; say that nothing changes only if no file asks for a change."""
    not_opened = sum(notice.kind is NoticeKind.NOT_OPENED for notice in plan.notices)
    if plan.attention:
        return f"{NO_CHANGES_TO_APPLY} {describe_attention(plan.attention)}"
    if not_opened:
        return f"{NO_CHANGES_TO_APPLY} {count_of(not_opened, 'trade')} not opened."
    return f"{NO_CHANGES} {count_of(plan.unchanged, 'trade')} {'is' if plan.unchanged == 1 else 'are'} up to date."


def describe_attention(count: int) -> str:
    """Say how many trades need a person."""
    return f"{count_of(count, 'trade')} need{'s' if count == 1 else ''} attention."


def _duration(seconds: float) -> str:
    return "under a minute" if seconds < 60 else f"about {round(seconds / 60)} min"
