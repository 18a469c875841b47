"""Parts of views: what a plan, a run and a check of drift say to a reader, ready to be laid out.

`reconciler.rendering.views` makes views, and every format draws from them: text, Markdown and HTML. A view holds words
in full and numbers as they are shown, so that no format can say what another cannot. Nothing in it is escaped: names,
notes and messages are as the files or the API state them, and each format must escape all of its texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.risk import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleView:
    """What a view is about.

    Attributes:
        workspace: Name of the workspace.
        target: Name of the target.
        mode: `paper` or `real`.
        is_real: Whether it moves real money.
        commit: Short id of the commit; empty outside git.
        is_dirty: Whether files differ from the commit.
        seen_at: When the oldest of the prices was read, or when the plan was made.
        expires_at: From when on a plan is stale, or None.
        digest: Whole digest of the plan; empty if it was not computed.
        against: Files that it was compared with in place of an account, so that no price was seen; empty usually.
    """

    workspace: str
    target: str
    mode: str
    is_real: bool
    commit: str
    is_dirty: bool
    seen_at: datetime
    expires_at: datetime | None = None
    digest: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputView:
    """A message with the output of a program of the user below it.

    Attributes:
        head: The message.
        tone: Whether it is bad news.
        command: The command line.
        lines: Lines of its output; foreign text.
        more: How many lines are left out.
    """

    head: Phrase
    tone: Tone
    command: str
    lines: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """A sentence that stands out.

    Attributes:
        tone: Its meaning.
        text: The sentence.
    """

    tone: Tone
    text: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field with two values.

    Attributes:
        path: The field, in the short form of plan files.
        before: Its value before, or live; None if there is none.
        after: Its value after, or in the file; None if there is none.
        trades: Trades that it is about; empty where the place says it.
    """

    path: str
    before: str | None
    after: str | None
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One line of a price ladder.

    Attributes:
        level: The numbers; a drawing takes its places from it. Its `before` and `after` say on which side it is.
        sign: `+` new, `-` removed, `!` a stop that protects less, or a space.
        price: The price; empty if not known.
        distance: Distance from the last price; empty if not known.
        name: `step 2`, `stop`, `entry`, `add 1`, `average`, `break-even`, `last` or `liquidation`.
        detail: Share, kind of order, size.
        profit_before: Result before; empty if it means nothing.
        r_before: The same in multiples of the loss at the stop; may be empty.
        profit_after: Result afterwards.
        r_after: The same in multiples.
    """

    level: Level
    sign: str
    price: str
    distance: str
    name: str
    detail: str
    profit_before: str = ""
    r_before: str = ""
    profit_after: str = ""
    r_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderView:
    """The prices of a trade, the highest first, as a diff of before and after.

    Attributes:
        currency: Currency of the results.
        side: `long` or `short`.
        rows: Its lines; those without a price last.
    """

    currency: str
    side: str
    rows: tuple[LevelView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One number of a trade, before and after an operation.

    Attributes:
        name: What it is.
        before: Its value before; empty if it is the same afterwards, or without a trade before.
        after: Its value afterwards, or before if the operation ends the trade.
        is_loss: Whether it says what can be lost, which matters most.
        is_worse: Whether more can be lost than before, or nobody knows how much.
    """

    name: str
    before: str
    after: str
    is_loss: bool = False
    is_worse: bool = False
