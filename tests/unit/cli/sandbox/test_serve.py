from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tests.support.program import Cli
from tests.support.published_vectors import CHANGE_MODE, KEY, RSA_PRIVATE_KEY, RSA_QUERY_SIGNATURE

CONFIG = """\
version: 1
workspace: test
targets:
  served: {{kind: api, mode: paper, base_url: '{url}', accounts: {{main: 1}}, settle: 0}}
"""


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """`sandbox serve` in a process of its own; gives the base URL of the API."""
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()"]
    process = subprocess.Popen(
        [*command, "sandbox", "serve", "--port", "0", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[5]
    finally:
        process.terminate()
        process.communicate()


def ping(url: str, count: int) -> list[int]:
    with requests.Session() as session:
        return [session.get(f"{url}/ver1/ping", timeout=10).status_code for _ in range(count)]


def test_a_served_sandbox_has_limits_and_a_clock_that_runs(workspace: Path) -> None:
    with serving() as url:
        told = requests.get(f"{url}/ver1/time", timeout=10).json()["server_time"]
        assert abs(datetime.now(UTC).timestamp() - told) < 5
        assert ping(url, 100) == [200] * 99 + [429]


def test_a_served_sandbox_may_be_as_still_as_the_embedded_one(workspace: Path, cli: Cli) -> None:
    with serving("--no-limits", "--clock", "manual") as url:
        assert set(ping(url, 120)) == {200}
        told = requests.get(f"{url}/ver1/time", timeout=10).json()
        assert told == {"server_time": 1767225600}
        cli("sandbox", "advance", "90s")
        told = requests.get(f"{url}/ver1/time", timeout=10).json()
        assert told == {"server_time": 1767225690}


def test_an_rsa_key_is_served_and_used(workspace: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / "private.pem").write_text(RSA_PRIVATE_KEY)
    public = load_pem_private_key(RSA_PRIVATE_KEY.encode(), None).public_key()
    (workspace / "public.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with serving("--api-key", KEY, "--rsa-public-key", "public.pem") as url:
        changed = requests.post(
            f"{url.removesuffix('/public/api')}{CHANGE_MODE}?mode=paper",
            headers={"APIKEY": KEY, "Signature": RSA_QUERY_SIGNATURE},
            timeout=10,
        )
        assert changed.status_code == 201
        (workspace / "reconciler.yaml").write_text(CONFIG.format(url=url))
        monkeypatch.setenv("THREE_COMMAS_API_KEY", KEY)
        monkeypatch.setenv("THREE_COMMAS_RSA_PRIVATE_KEY_FILE", "private.pem")
        done = cli("apply", "--auto-approve")
        assert (done.code, "create #30000001: done" in done.err) == (0, True)
        assert "No changes." in cli("plan").out


@pytest.mark.parametrize(
    "options",
    [
        ["--api-key", "alone"],
        ["--api-secret", "alone"],
        ["--rsa-public-key", "reconciler.yaml"],
        ["--api-key", "a", "--api-secret", "b", "--rsa-public-key", "reconciler.yaml"],
    ],
)
def test_half_a_key_is_a_usage_error(cli: Cli, workspace: Path, options: list[str]) -> None:
    done = cli("sandbox", "serve", *options)

    assert done.code == 64
    assert "either --api-secret or --rsa-public-key" in done.err


def test_a_file_that_is_no_public_key_is_refused(cli: Cli, workspace: Path) -> None:
    done = cli("sandbox", "serve", "--api-key", "a", "--rsa-public-key", "reconciler.yaml")

    assert (done.code, done.out) == (1, "")
    assert "the public key cannot be read" in done.err


def test_faults_are_added_shown_and_cleared(cli: Cli, workspace: Path) -> None:
    added = cli(
        "sandbox", "fault", "add", "lose_reply", "--method", "post", "--path", "/v2/smart_trades", "--times", "0"
    )
    assert (added.code, added.out, added.err) == (0, "", "Fault 1 is waiting.\n")
    cli("sandbox", "fault", "add", "delay", "--seconds", "1.5")
    listed = json.loads(cli("sandbox", "fault", "list").out)
    assert listed == [
        {
            "id": 1,
            "kind": "lose_reply",
            "method": "POST",
            "path": "/v2/smart_trades",
            "nth": 1,
            "times": None,
            "seed": 0,
            "seen": 0,
            "fired": 0,
        },
        {"id": 2, "kind": "delay", "nth": 1, "times": 1, "seed": 0, "seconds": "1.5", "seen": 0, "fired": 0},
    ]
    assert cli("sandbox", "fault", "clear", "1").err == "1 removed.\n"
    assert cli("sandbox", "fault", "clear").err == "1 removed.\n"
    assert json.loads(cli("sandbox", "fault", "list").out) == []


def test_a_create_whose_answer_is_lost_is_found_again(cli: Cli, workspace: Path) -> None:
    cli("sandbox", "fault", "add", "lose_reply", "--method", "POST", "--path", "/v2/smart_trades")
    assert cli("apply", "--auto-approve").code == 0

    assert "No changes. 1 trade is up to date." in cli("plan").out


@pytest.mark.parametrize("arguments", [["earthquake"], ["delay"], ["reset", "--stage", "never"]])
def test_a_fault_that_makes_no_sense_is_an_error(cli: Cli, workspace: Path, arguments: list[str]) -> None:
    done = cli("sandbox", "fault", "add", *arguments)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: ")


def test_the_kinds_of_faults_are_listed(cli: Cli, workspace: Path) -> None:
    kinds = cli("sandbox", "fault", "kinds").out.split()

    assert len(kinds) == 21
    assert "lose_reply" in kinds
