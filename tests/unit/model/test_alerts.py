"""Tests of reconciler/model/alerts.py."""

from __future__ import annotations

from reconciler.model.alerts import Alert, AlertEvent, digest_text


def test_an_alert_is_known_again_by_kind_trade_and_topic_and_not_by_its_words() -> None:
    one = Alert(event=AlertEvent.DRIFT, subject="btc", topic="stop", text="58500 -> 58000")
    assert one.key == Alert(event=AlertEvent.DRIFT, subject="btc", topic="stop", text="58500 -> 57000").key
    assert one.key != Alert(event=AlertEvent.LOSS, subject="btc", topic="stop", text="58500 -> 58000").key
    assert one.key != Alert(event=AlertEvent.DRIFT, subject="eth", topic="stop", text="58500 -> 58000").key


def test_the_digest_of_nothing_is_nothing() -> None:
    assert digest_text("") == ""
    assert len(digest_text("a\ud800")) == 32
