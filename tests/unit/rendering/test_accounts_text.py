"""The accounts of a key as a table."""

from __future__ import annotations

import json
from decimal import Decimal

from reconciler.model.live import Account
from reconciler.rendering.accounts_text import render_accounts, render_accounts_json, write_accounts
from reconciler.rendering.text_width import measure

PAPER = Account(id=12345678, name="Paper", market_code="paper_trading", usd_amount=Decimal("1000.5"))
LOCKED = Account(id=12345679, name="Old\x1b[2J", market_code="binance_futures", obstacle="is locked by 3Commas")
ALIASES = {"main": 12345678, "old": 12345679}


def test_each_account_has_a_line_and_new_ones_a_line_to_write() -> None:
    shown = render_accounts([PAPER, LOCKED], ALIASES, {"main": 12345678}, "paper").splitlines()
    assert shown[1] == "main   12345678  Paper       paper_trading      1000.50"
    assert "is locked by 3Commas, not in reconciler.yaml" in shown[2]
    assert shown[4:] == [
        "To name them, write this at target paper in reconciler.yaml:",
        "  accounts: {main: 12345678, old: 12345679}",
    ]
    assert all(character.isprintable() for line in shown for character in line)


def test_nothing_is_to_be_written_if_all_are_named() -> None:
    assert "accounts:" not in render_accounts([PAPER], {"main": 12345678}, {"main": 12345678}, "paper")


def test_the_table_fits_a_narrow_terminal() -> None:
    lines = render_accounts([PAPER, LOCKED], ALIASES, {}, "paper", width=60).splitlines()
    assert max(map(measure, lines[:3])) <= 60


def test_a_key_without_accounts_is_said_so() -> None:
    assert render_accounts([], {}, {}, "paper") == "The key has no account in the mode of target paper."


def test_the_document_has_each_account_with_its_alias() -> None:
    document = json.loads(render_accounts_json([PAPER, LOCKED], ALIASES, {"main": 12345678}))
    first, second = document["accounts"]
    assert (first["id"], first["alias"], first["is_named"], first["is_paper"]) == (12345678, "main", True, True)
    assert (second["obstacle"], second["usd_amount"], second["is_named"]) == ("is locked by 3Commas", None, False)


def test_aliases_are_written_as_yaml_in_one_line() -> None:
    assert write_accounts({"main": 1, "b": 2}) == "{main: 1, b: 2}"
