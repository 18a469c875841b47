"""Information for the reviewer about the rules under which a plan was made."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# How far bid or ask may move between the review and what executes at market, in percent. Source: design, section 6.
DEFAULT_PRICE_MOVED_PCT = Decimal(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigChange:
    """A rule that is another one than at the base of the review.

    Attributes:
        path: The rule, for example `guardrails.closes` or `trades.btc-dip.lifecycle.prevent`.
        before: Text of the value at the base, defaults filled in, or None if it had no value.
        after: Text of the value now, or None if there is none.
        trades: Trades of the plan that the rule is about.
    """

    path: str
    before: str | None
    after: str | None
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GitState:
    """The commit from which a plan was made.

    Attributes:
        commit: Id of the commit that is checked out.
        tree: Id of its tree, which two commits with the same files share, or None if git cannot be asked.
        base_commit: Id of the commit that rules were compared with, or None without a base.
        is_dirty: Whether files of the workspace differ from the commit, or may do so.
    """

    commit: str
    tree: str | None = None
    base_commit: str | None = None
    is_dirty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBase:
    """The base by whose rules a plan was held, too: that of a pull request, or the one of `--base`.

    Attributes:
        name: What it is called.
        commit: Its id.
        folders: Folders of the workspaces whose rules count, from the top of the repository; empty without any.
        price_moved_pct: How far a price may move by them between review and execution at market, in percent.
    """

    name: str
    commit: str
    folders: tuple[str, ...] = ()
    price_moved_pct: Decimal = DEFAULT_PRICE_MOVED_PCT
