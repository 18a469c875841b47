"""Updates that 3Commas refused after a take-profit step was executed."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.terms import Terms

# A refusal that names executed steps is about all updates of the kind, not about the values of one. Source: assumed, as
# the documents name no message; other words count as a refusal of these very values.
_SPEAKS_OF_EXECUTED = ("finished", "executed", "completed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUpdate:
    """An update of one trade that was answered with a refusal.

    Attributes:
        after: Terms that it asked for.
        changes_steps: Whether it changed take-profit steps, beside repeating the executed ones.
        omits_steps: Whether it left the steps out.
        message: The answer, with the request.
    """

    after: Terms
    changes_steps: bool
    omits_steps: bool = False
    message: str

    def refuses_steps(self, wanted: Terms) -> bool:
        """Return whether it shows that a change of the steps to those of some terms would be refused again."""
        return self._is_general or (self.changes_steps and self.after.steps == wanted.steps)

    def refuses_protection(self, wanted: Terms) -> bool:
        """Return whether it shows that stop and leverage of some terms would be refused again, in any form."""
        is_same = (self.after.stop_loss, self.after.leverage) == (wanted.stop_loss, wanted.leverage)
        return self.omits_steps and (self._is_general or is_same)

    @property
    def _is_general(self) -> bool:
        return any(word in self.message.lower() for word in _SPEAKS_OF_EXECUTED)
