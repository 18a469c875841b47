"""Rows of the index and cards in Markdown: one row and one folded block for each trade."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan_view import BlockedView, CardView, IndexRow, LossView, OperationView, RowKind
from reconciler.rendering.markdown.escape import code, prose, sentence, tag
from reconciler.rendering.markdown.tables import SIGNS, write_fields, write_ladder, write_row, write_sentence
from reconciler.rendering.phrases import phrase, strong, value

INDEX_HEAD = "\n".join([write_row(["", "Trade", "Effect", "What", "Loss at stop", "R/R"]), "|:-:|---|---|---|--:|--:|"])


def write_index_row(row: IndexRow) -> str:
    """Write one row of the index; what is dangerous is bold."""
    name = code(row.trade or (f"#{row.live_id}" if row.live_id else "-"), in_table=True)
    effect, what = prose(row.effect), sentence(row.what, in_table=True)
    if row.is_dangerous:
        effect, what = f"**{effect}**", f"**{what}**"
    ratio = "" if row.ratio == "-" else row.ratio
    sign = f"{SIGNS[row.tone]} `{row.symbol}`"
    return write_row([sign, name, effect, what, _write_loss(row.loss), ratio])


def write_card(card: CardView) -> str:
    """Write all that a plan does to one trade; what is dangerous is unfolded."""
    row, first = card.row, card.operations[0]
    subject = f"{first.symbol} {row.trade}" + (f" #{row.live_id}" if row.live_id else "")
    effects = ", ".join(effect.name for effect in first.effects)
    head = f"{SIGNS[row.tone]} <code>{tag(subject)}</code> {tag(row.pair)} {tag(first.verb)}: <b>{tag(effects)}</b>"
    opened = " open" if row.tone is Tone.DANGER else ""
    parts = [f"<details{opened}><summary>{head}</summary>"]
    for place, operation in enumerate(card.operations):
        if place:
            names = ", ".join(effect.name for effect in operation.effects)
            parts.append(f"{code(operation.symbol)} {prose(operation.verb)}: **{prose(names)}**")
        parts += _write_operation(operation)
    return "\n\n".join([*parts, "</details>"])


def write_blocked(blocked: BlockedView) -> str:
    """Write something that is not done."""
    row = blocked.row
    subject = f"{row.symbol} {row.trade}" + (f" #{row.live_id}" if row.live_id else "")
    source = phrase(" (", value(blocked.source), ")") if blocked.source else ()
    parts = [f"<details><summary>{SIGNS[row.tone]} <code>{tag(subject)}</code> is blocked</summary>"]
    parts.append(write_sentence(phrase(blocked.reason, source)))
    if blocked.fields:
        parts.append(write_fields(blocked.fields, "Live", "File"))
    parts.append(write_sentence(blocked.hint))
    return "\n\n".join([*parts, "</details>"])


def _write_operation(operation: OperationView) -> Iterator[str]:
    yield " ".join(write_sentence(each) for each in (operation.money, operation.cause) if each)
    if operation.alerts:
        yield "\n".join(f"- {SIGNS[alert.tone]} {sentence(alert.text)}" for alert in operation.alerts)
    if operation.renamed:
        yield f"Renamed from {code(operation.renamed)}."
    if operation.note:
        yield f"Note: {code(operation.note)}"
    if operation.fields:
        yield write_fields(operation.fields)
    if operation.terms:
        yield "\n".join(f"- {code(term.name)}: {code(term.text)}" for term in operation.terms)
    if operation.risk:
        yield write_sentence(_emphasize(operation.risk, is_bare=operation.is_bare))
    if operation.unknown:
        yield "\n".join(f"- {SIGNS[Tone.WARNING]} {sentence(each)}" for each in operation.unknown)
    if operation.ladder is not None:
        yield write_ladder(operation.ladder)


def _emphasize(risk: Phrase, *, is_bare: bool) -> Phrase:
    """Make the sentence about a trade without a stop stand out."""
    return tuple(strong(span.text) for span in risk) if is_bare else risk


def _write_loss(loss: LossView | None) -> str:
    if loss is None:
        return ""
    before, after = (side.replace("-", "&ndash;").replace(" ", "&nbsp;") for side in (loss.before, loss.after))
    text = before if before == after else f"{before}&nbsp;→&nbsp;{after}"
    return f"**{text}**" if loss.after in ("no stop", "not known") else text


def is_always_shown(row: IndexRow) -> bool:
    """Return whether a row belongs to the part of a comment that is never left out."""
    return row.is_dangerous or row.kind is RowKind.LOSS
