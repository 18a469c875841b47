"""The two forms of an update once a take-profit step was executed: with all steps repeated, and without the steps.

Whether 3Commas takes executed steps again is not documented. It is found out from the trade when first tried: if an
update of stop and leverage is refused, it is sent once more without the steps, and the journal remembers which form
was taken. Both a refusal and what is read afterwards are certain, so the protection is held back by nothing.
"""

from __future__ import annotations

from reconciler.applying.requests import Requests
from reconciler.applying.writer import Writer
from reconciler.errors import AccessRefused, NotFound, RequestRefused
from reconciler.model.field_groups import FieldGroup
from reconciler.model.journal import IntentState
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Operation
from reconciler.model.terms import Terms

# Refusals of what was asked for. Source: errors page.
_REFUSED = (400, 422)


class UpdateForms:
    """Sends updates, in the form that 3Commas takes.

    Args:
        requests: Where writes go.
        writer: Knows earlier writes.
    """

    def __init__(self, requests: Requests, writer: Writer) -> None:
        self._requests = requests
        self._writer = writer

    def send(self, operation: Operation, live: LiveTrade, terms: Terms) -> LiveTrade:
        """Change the inputs of a trade; the trade as the answer shows it.

        Args:
            operation: An update.
            live: The trade as just read.
            terms: Its terms afterwards.

        Raises:
            RequestRefused: 3Commas takes no form of it.
        """
        if not _can_omit_steps(operation, live):
            return self._requests.update(operation, live, terms)
        if not self._was_taken_without_steps(live.id):
            try:
                return self._requests.update(operation, live, terms)
            except (AccessRefused, NotFound):
                raise
            except RequestRefused as error:
                if error.status not in _REFUSED:
                    raise
        return self._requests.update(operation, live, terms, omits_steps=True)

    def _was_taken_without_steps(self, live_id: int) -> bool:
        writes = self._writer.find_writes(live_id)
        return any(each.write.omits_steps and each.state is IntentState.APPLIED for each in writes)


def _can_omit_steps(operation: Operation, live: LiveTrade) -> bool:
    """Return whether an update changes no steps, of a position of which some were executed."""
    changes_steps = any(change.group is FieldGroup.TAKE_PROFIT for change in operation.changes)
    return live.phase is Phase.OPEN and bool(live.finished_steps) and not changes_steps
