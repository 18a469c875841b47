"""The simulation finds bugs: each safety taken away in turn breaks its law within a bounded number of histories."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.scenarios.simulation.history import play
from tests.scenarios.simulation.removed_safeties import REMOVED_SAFETIES
from tests.scenarios.simulation.shared_sandbox import SharedSandbox
from tests.scenarios.simulation.trace import Violation

pytestmark = pytest.mark.slow

# What breaks, and within how many histories; twice to ten times what was measured, since every change of the product
# or of the histories deals the cards anew.
BOUNDS = {
    "the second proof of absence before a create": ("is opened (twice|after|beside|again)", 200),
    "the intent before a request leaves": ("is opened (twice|again)", 800),
    "the reading right before a write": ("planned for|edited by hand", 500),
    "the note that a change is under way": ("is opened (twice|again)", 400),
    "the time to settle, while lists lag": ("is opened twice", 600),
    "the echo in updates": ("changes (take_profit|stop_loss)", 200),
    "the look whether another step remains": ("the last step of|planned for", 700),
    "the lock": ("goes on writing after another run has taken over|is opened (twice|again)", 200),
    "the reading by id of what the journal knows": ("lists hide|is opened (twice|again)", 100),
    "the obstacles, before a saved plan is carried out": ("is opened beside", 400),
    "the empty page as the only end of a list": ("is opened (twice|beside|again)", 200),
    "the doubt about equal instants": ("is opened (twice|beside|again)", 300),
    "the single sending of what commits money": ("is sent twice in one run", 100),
    "the boundary of a target": ("which the target does not name|nothing of the kind happened", 100),
    "the fit of a match": ("into which its marker was pasted", 600),
    "the longest time that a gateway holds a request back": ("is opened (twice|again)", 200),
    "the limits on what a plan opens": ("creates: |notional_per_trade: |no limit is passed unacknowledged", 50),
    "the holding back of what a passed limit does not let through": ("no limit is passed unacknowledged", 100),
    "the sending of what lowers risk, whatever else waits": ("nothing protective is held back", 100),
    "the reading of freezes before each write": ("while frozen", 200),
    "the lock that is the account's, whatever clone or target": (
        "goes on writing after another run has taken over|is opened (twice|again)",
        200,
    ),
}
# Where a law broke last, if that was late: the search begins there, and goes on with all others.
BROKE_LAST = {
    "the second proof of absence before a create": 57,
    "the intent before a request leaves": 63,
    "the reading right before a write": 229,
    "the time to settle, while lists lag": 49,
    "the echo in updates": 52,
    "the look whether another step remains": 270,
    "the obstacles, before a saved plan is carried out": 139,
    "the doubt about equal instants": 134,
    "the fit of a match": 67,
}


def test_each_safety_has_its_bound() -> None:
    assert BOUNDS.keys() == REMOVED_SAFETIES.keys()
    assert all(seed < BOUNDS[safety][1] for safety, seed in BROKE_LAST.items())


@pytest.mark.parametrize("safety", REMOVED_SAFETIES)
def test_without_a_safety_a_law_breaks(
    safety: str, shared_sandbox: SharedSandbox, record_property: Callable[[str, object], None]
) -> None:
    law, bound = BOUNDS[safety]
    seed, others = find_violation(safety, law, bound, shared_sandbox)
    assert seed is not None, f"{bound} histories do not need it; other laws that broke: {others}"
    record_property("removed", {safety: seed + 1})


def find_violation(safety: str, law: str, bound: int, shared: SharedSandbox) -> tuple[int | None, list[str]]:
    """A seed that breaks the law that needs a safety, and the first lines of other laws that broke before."""
    others: list[str] = []
    first = BROKE_LAST.get(safety, 0)
    for seed in (*range(first, bound), *range(first)):
        try:
            play(seed, shared, REMOVED_SAFETIES[safety])
        except Violation as violation:
            line = str(violation).partition("\n")[0]
            if re.search(law, line):
                return seed, others
            others.append(line)
    return None, others
