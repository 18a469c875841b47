"""The marker of a live trade."""

from __future__ import annotations

from reconciler.model.marker import Digest


def test_a_change_under_way_leads_to_its_pending_digest() -> None:
    assert Digest(applied="0123abcd").target == "0123abcd"
    assert Digest(applied="0123abcd", pending="4567abcd").target == "4567abcd"
