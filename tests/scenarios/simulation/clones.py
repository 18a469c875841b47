"""Where the program is run from: a clone of the repository, with one of its targets."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.model.targets import Mode, TargetKind
from reconciler.settings import EMBEDDED_URL, Settings, Target
from tests.scenarios.simulation.fault_rates import Journals
from tests.scenarios.simulation.random_limits import Limits
from tests.scenarios.simulation.random_plan_files import ACCOUNTS, WORKSPACE, PlanFiles
from tests.scenarios.simulation.shared_sandbox import SharedSandbox, StruckDatabase

# The account that only the second target names.
SPARE_ACCOUNT = 2
# Name of each target, and what it names.
TARGETS: Mapping[str, Mapping[str, int]] = {
    "paper": ACCOUNTS,
    "spare": {"main": SPARE_ACCOUNT},
    "renamed": ACCOUNTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which clones and targets a history has.

    Attributes:
        targets: Names of its targets.
        clones: How many clones of the repository there are.
        is_kept: Whether there is one journal for all of them, which nobody deletes.
    """

    targets: Sequence[str] = ("paper",)
    clones: int = 1
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A clone of the repository, used with one of its targets.

    Attributes:
        number: Number of the clone, from 1.
        settings: What its reconciler.yaml says of the target.
        files: The plan files as the target reads them.
        database: Where its journal is, or None where there is none.
        machine: The machine that the clone is on.
    """

    number: int
    settings: Settings
    files: PlanFiles
    database: StruckDatabase | None
    machine: str

    @property
    def target(self) -> str:
        """Name of the target."""
        return self.settings.target.name

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts that the target names."""
        return frozenset(self.settings.target.accounts.values())

    def __str__(self) -> str:
        return f"clone {self.number} at {self.target}"


def draw_layout(chance: random.Random, journals: Journals) -> Layout:
    """Which clones and targets: mostly one of each.

    Args:
        chance: Decides.
        journals: Without a journal nothing excludes two clones that run at the same time.
    """
    targets = ["paper"]
    if chance.random() < 0.2:
        targets.append("spare")
    if journals is not Journals.NONE and chance.random() < 0.2:
        targets.append("renamed")
    clones = 2 if journals is not Journals.NONE and chance.random() < 0.35 else 1
    has_one_journal = journals is Journals.SHARED or (journals is Journals.FILE and clones == 1)
    return Layout(targets=tuple(targets), clones=clones, is_kept=has_one_journal and chance.random() < 0.6)


def lay_out(
    layout: Layout,
    shared: SharedSandbox,
    journals: Journals,
    files: Mapping[int, PlanFiles],
    settle_s: int,
    gateway_delay_s: int,
    limits: Limits,
) -> tuple[Clone, ...]:
    """All clones of a history.

    Args:
        layout: Which.
        shared: Has the databases.
        journals: Clones share one journal, or each has its own, or there is none.
        files: Account to the plan files as a target with that account reads them.
        settle_s: The settle time of all targets.
        gateway_delay_s: The longest time that a gateway holds a request back, as all targets state it.
        limits: The guardrails of all clones.
    """
    clones = []
    for index in range(layout.clones):
        database = shared.databases[0 if journals is Journals.SHARED else index]
        for name in layout.targets:
            clone = Clone(
                number=index + 1,
                settings=_make_settings(name, index, layout, settle_s, gateway_delay_s, limits),
                files=files[TARGETS[name]["main"]],
                database=None if journals is Journals.NONE else database,
                machine=f"machine {index}" if journals is Journals.SHARED else "machine",
            )
            clones.append(clone)
    return tuple(clones)


def _make_settings(
    name: str, index: int, layout: Layout, settle_s: int, gateway_delay_s: int, limits: Limits
) -> Settings:
    """The settings of a target, as one clone has them."""
    target = Target(
        name=name,
        kind=TargetKind.API,
        mode=Mode.PAPER,
        base_url=EMBEDDED_URL,
        accounts=TARGETS[name],
        requests_per_minute=80,
        settle_s=settle_s,
        gateway_delay_s=gateway_delay_s,
    )
    return Settings(
        root=Path(f"/nowhere/{index}"),
        workspace=WORKSPACE,
        former_names=(),
        target=target,
        include=(),
        foreign=frozenset(),
        limits=limits,
        named_accounts=frozenset(number for each in layout.targets for number in TARGETS[each].values()),
    )
