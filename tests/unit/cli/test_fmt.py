"""`fmt`: the canonical layout, and the exit code of each way to ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

UNTIDY = BTC_DIP.replace("pair: ", "pair:   ")


def test_fmt_writes_what_has_another_layout_and_names_it(cli: Cli, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(UNTIDY.replace("btc-dip", "a"))
    done = cli("fmt")
    assert (done.code, done.out, done.err) == (0, "a.yaml\n", "Formatted 1 of 3 files.\n")
    assert (workspace / "a.yaml").read_text() == BTC_DIP.replace("btc-dip", "a")
    again = cli("fmt")
    assert (again.code, again.out, again.err) == (0, "", "Nothing to change in 3 files.\n")


def test_check_writes_nothing_and_exits_three(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(UNTIDY)
    done = cli("fmt", "--check")
    assert (done.code, done.out) == (3, "btc-dip.yaml\n")
    assert (workspace / "btc-dip.yaml").read_text() == UNTIDY
    (workspace / "btc-dip.yaml").write_text(BTC_DIP)
    assert cli("fmt", "--check").code == 0


def test_diff_shows_the_change_and_writes_nothing(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(UNTIDY)
    done = cli("fmt", "--diff", "btc-dip.yaml")
    assert done.code == 0
    assert "-    pair:   USDT_BTC\n+    pair: USDT_BTC\n" in done.out
    assert (workspace / "btc-dip.yaml").read_text() == UNTIDY
    assert cli("fmt", "--diff", "--check").code == 3


def test_a_secret_of_the_environment_is_in_no_diff(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "the-secret-of-the-key")
    (workspace / "btc-dip.yaml").write_text(
        BTC_DIP.replace("note: weekly support retest", "note:   the-secret-of-the-key")
    )
    done = cli("fmt", "--diff")
    assert "***" in done.out
    assert "the-secret-of-the-key" not in done.out + done.err


def test_a_file_that_cannot_be_read_is_reported_with_its_place_and_the_rest_is_written(
    cli: Cli, workspace: Path
) -> None:
    (workspace / "btc-dip.yaml").write_text(UNTIDY)
    (workspace / "a.yaml").write_text("version: 1\ntrades: [\n")
    done = cli("fmt")
    assert done.code == 1
    assert done.out == "btc-dip.yaml\n"
    assert "a.yaml:3:1: error" in done.err
    assert cli("fmt", "--check").code == 1


def test_a_bad_reconciler_yaml_is_reported_with_its_place(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text("version: 1\ntargetz: {}\n")
    done = cli("fmt")
    assert done.code == 1
    assert "reconciler.yaml:2:1" in done.err


def test_permissions_and_links_are_kept(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(UNTIDY)
    (workspace / "btc-dip.yaml").chmod(0o640)
    (workspace / "link.yaml").symlink_to("btc-dip.yaml")
    assert cli("fmt", "link.yaml").code == 0
    assert (workspace / "link.yaml").is_symlink()
    assert (workspace / "btc-dip.yaml").stat().st_mode & 0o777 == 0o640
    assert (workspace / "btc-dip.yaml").read_text() == BTC_DIP


def test_what_init_writes_has_the_canonical_layout(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", str(tmp_path / "new")).code == 0
    assert cli("fmt", "--check", str(tmp_path / "new")).code == 0
