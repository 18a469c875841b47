"""Every kind of event that the histories must contain, so that the laws are tried and not only stated."""

from __future__ import annotations

from tests.scenarios.simulation.clones import TARGETS
from tests.scenarios.simulation.fault_rates import Journals, WireFault
from tests.scenarios.simulation.random_limits import LIMITS

EVENTS = (
    *(str(journal) for journal in Journals),
    *(f"wire: {wrong}" for wrong in WireFault),
    *(f"sends {kind}" for kind in ("create", "update", "set note", "cancel", "cancel step", "close")),
    *(
        f"operation: {action}"
        for action in ("create", "update", "replace", "cancel", "cancel_step", "close", "set_note", "release")
    ),
    *(f"outcome: {kind}" for kind in ("applied", "already_done", "stale", "failed", "indeterminate", "not_started")),
    *(
        f"file: {edit}"
        for edit in ("entry price", "entry", "steps", "stop", "note", "closed", "abandoned", "released", "open")
    ),
    *(f"file: {edit}" for edit in ("generation", "add", "remove", "put back", "drop step")),
    *("a person edits stop_loss", "a person edits take_profit", "a person edits position.price.value"),
    *("a person cancels", "a person closes", "a person cancels a step", "a person changes the mode"),
    *("a person edits a note", "a person cuts a note", "a person empties a note"),
    *("a person opens a trade by hand", "a person opens a trade of another workspace"),
    "a person opens a trade that looks like ours",
    *("a price moves a trade", "a partial fill", "exchange: refuse", "exchange: fill_on_cancel", "exchange: kill_stop"),
    *("a partly filled trade is closed by hand", "the rest of an entry is taken back", "a sale is opened"),
    *("killed at a request", "killed before a transaction", "killed in a transaction", "killed after a transaction"),
    *("the journal is deleted", "the journal refuses", "a second process", "a process sleeps through its lock"),
    *("a plan that was saved is applied late", "a plan that was saved is applied again"),
    *("a person acts on a trade of a saved plan", "a person pastes a marker"),
    *(f"a run at {target}" for target in TARGETS),
    *("a run in a second clone", "a second process in another clone or at another target"),
    *("an empty list", "a list without what has ended", "a page with fewer rows than asked for", "a list full of ties"),
    *("a trade that lists hide is asked for", "a plan is asked for an unprotected position"),
    *("error: Locked", "error: GuardrailError", "error: RateLimited", "error: StalePlanError"),
    *(
        f"a trade ends as {status}"
        for status in ("finished", "stop_loss_finished", "panic_sold", "cancelled", "failed")
    ),
    *(f"limit: {name}" for name in LIMITS),
    *("limits that hold back a plan", "a plan of which a part is held back"),
    "an operation waits while others of its plan are sent",
    *("a person sets a freeze", "a person sets a freeze in the middle of a run", "a person lifts a freeze"),
    "a freeze holds an operation back",
    *("converged", "converged with something blocked"),
)
