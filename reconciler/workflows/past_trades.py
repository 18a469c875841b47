"""Earlier trades of a workspace, as far as limits ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.past_trades import gather_past
from reconciler.guardrails.trade_changes import commits
from reconciler.model.guardrails import GuardrailName, PastTrades
from reconciler.model.operations import Operation
from reconciler.workflows.live_reader import Reader

# No trade has this name, so that a search for it reads the history to its end.
_NOBODY = {"": 1}


def read_past(reader: Reader, operations: Sequence[Operation], stated: Iterable[Mapping[str, object]]) -> PastTrades:
    """Gather the earlier trades that a plan has seen; read the rest only for a limit on realised losses.

    Args:
        reader: What read the history for the plan.
        operations: What would be done: without one that binds money no loss holds anything back.
        stated: The `guardrails` of each reconciler.yaml that counts: the one of now, and those of the base of a review.

    Raises:
        ApiError: The history cannot be read.
    """
    if not reader.counts.whole_history and any(asks_for_losses(operations, each) for each in stated):
        reader.search(_NOBODY)
    return describe_past(reader)


def describe_past(reader: Reader) -> PastTrades:
    """Describe the earlier trades that a reader has seen; no request.

    Args:
        reader: What read the history.
    """
    # The times of trades are those of the target.
    now = reader.session.find_target_time()
    return gather_past(reader.past.values(), is_whole=bool(reader.counts.whole_history), now=now)


def asks_for_losses(operations: Iterable[Operation], stated: Mapping[str, object]) -> bool:
    """Return whether losses may hold back some operations.

    Args:
        operations: What would be done.
        stated: The `guardrails` of a valid reconciler.yaml; empty if there are none.
    """
    is_stated = any(limit.name is GuardrailName.LOSS_REALISED for limit in read_limits(stated))
    return is_stated and any(map(commits, operations))
