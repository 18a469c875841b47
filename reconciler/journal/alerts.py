"""The alerts of which somebody was notified, so that each is sent once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from sqlalchemy import delete, insert

from reconciler.codec.numbers import plain, to_decimal
from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.journal.json_texts import Redactor
from reconciler.journal.rows import Row, select_rows
from reconciler.model.alerts import AlertEvent, KnownAlert


class AlertBook(Protocol):
    """Keeps alerts by their fingerprints."""

    def find(self) -> dict[str, KnownAlert]:
        """Find all alerts, cleared ones too."""
        ...

    def keep(self, alerts: Mapping[str, KnownAlert]) -> None:
        """Write alerts down, in place of what was known of them."""
        ...


class JournalAlertBook:
    """The alerts of a workspace and target in the journal.

    Args:
        database: Is written.
        label: Names the workspace and target.
        redactor: Takes secrets out of texts.
    """

    def __init__(self, database: Database, label: str, redactor: Redactor) -> None:
        self._database = database
        self._label = label
        self._redactor = redactor

    def find(self) -> dict[str, KnownAlert]:
        """Find all alerts; one that is damaged is not known, so it is sent again."""
        query = select_rows(tables.alerts).where(tables.alerts.c.scope == self._label)
        with self._database.begin() as connection:
            rows = [Row(row) for row in connection.execute(query).mappings()]
        found = ((row.text("key"), _read_alert(row)) for row in rows)
        return {key: alert for key, alert in found if alert is not None}

    def keep(self, alerts: Mapping[str, KnownAlert]) -> None:
        """Write alerts down, without secrets, in place of what was known of them."""
        if not alerts:
            return
        columns = tables.alerts.c
        rows = [self._write_alert(key, alert) for key, alert in alerts.items()]
        with self._database.begin() as connection:
            known = (columns.scope == self._label) & columns.key.in_(list(alerts))
            connection.execute(delete(tables.alerts).where(known))
            connection.execute(insert(tables.alerts), rows)

    def _write_alert(self, key: str, alert: KnownAlert) -> dict[str, object]:
        return {
            "scope": self._label,
            "key": key,
            "event": alert.event.value,
            "subject": alert.subject,
            "text": self._redactor.clean(alert.text),
            "weight": plain(alert.weight),
            "detail": alert.detail,
            "is_present": alert.is_present,
            "sent_at": alert.sent_at,
        }


class MemoryAlertBook:
    """Alerts that are known until the process ends."""

    def __init__(self) -> None:
        self._alerts: dict[str, KnownAlert] = {}

    def find(self) -> dict[str, KnownAlert]:
        """Find all alerts of this process."""
        return dict(self._alerts)

    def keep(self, alerts: Mapping[str, KnownAlert]) -> None:
        """Remember alerts."""
        self._alerts |= alerts


def _read_alert(row: Row) -> KnownAlert | None:
    event, is_present, sent_at = row.text("event"), row.flag("is_present"), row.seconds("sent_at")
    if event not in tuple(AlertEvent) or is_present is None or sent_at is None:
        return None
    return KnownAlert(
        event=AlertEvent(event),
        subject=row.text("subject"),
        text=row.text("text"),
        weight=_read_weight(row.text("weight")),
        detail=row.text("detail"),
        is_present=is_present,
        sent_at=sent_at,
    )


def _read_weight(text: str) -> Decimal:
    try:
        return to_decimal(text)
    except ValueError:
        return Decimal(0)
