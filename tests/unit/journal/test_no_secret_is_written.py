"""Everything is run with marked secrets against an API that repeats them, and every byte written is searched."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy.engine import make_url

from reconciler.journal.database import read_url
from reconciler.journal.tables import metadata
from tests.scenarios.crashes.exchange import Exchange, Place
from tests.scenarios.crashes.forks import Ended, Forks
from tests.scenarios.crashes.stories import write_plan, write_trade

pytestmark = pytest.mark.slow

KEY = "marked-key-0123456789abcdef"
SECRET = "marked-secret-0123456789abcdef"
PASSWORD = "marked@password/0123456789"
COMMANDS = (
    ["validate"],
    ["plan", "--verbose"],
    ["plan", "--out", "saved.json", "--format", "json"],
    ["show", "saved.json"],
    ["apply", "--verbose", "saved.json"],
    ["apply", "saved.json"],
    ["status", "--verbose"],
    ["journal", "show"],
    ["journal", "show", "--run", "1"],
    ["journal", "show", "--run", "1", "--format", "json"],
    ["journal", "export"],
    ["unlock"],
)


class Client:
    """A machine of its own with a home, a folder for temporary files and a workspace.

    Args:
        forks: Starts runs.
        place: The workspace.
        secrets: Variables of the environment.
    """

    def __init__(self, forks: Forks, place: Place, secrets: Mapping[str, str]) -> None:
        self.told: list[Ended] = []
        self._forks = forks
        self._place = place
        self._root = place.folder.parent
        self.environment = {**secrets, "HOME": str(self._root / "home"), "TMPDIR": str(self._root / "tmp")}
        for folder in ("home", "tmp"):
            (self._root / folder).mkdir()

    def __call__(self, *arguments: str, code: int = 0, **how: Any) -> Ended:
        changed = how.pop("environment", {})
        ended = self._forks.run(self._place.folder, *arguments, environment={**self.environment, **changed}, **how)
        assert ended.code == code, (arguments, ended.out, ended.err)
        self.told.append(ended)
        return ended

    def read_everything(self) -> bytes:
        """Every byte that any run wrote, but those of the API's own account."""
        files = [path for path in self._root.rglob("*") if path.is_file() and ".sandbox.sqlite" not in path.name]
        names = {path.name for path in files}
        assert {"saved.json", "plan.yaml"} <= names
        logs = [path.read_text() for path in files if path.match("reconciler-*.log")]
        assert logs
        assert all("broken inside" in log and "'THREE_COMMAS_API_KEY': '***'" in log for log in logs)
        told = "".join(ended.out + ended.err for ended in self.told)
        return told.encode() + b"\n".join(path.read_bytes() for path in files)


def _repeat_secrets(request: Mapping[str, Any], status: int, body: Any) -> tuple[int, Any]:
    """An API, or what stands before it, that shows what it was sent, and to a key that it knows also its secret."""
    key = request.get("HTTP_APIKEY", "")
    text = f"{key} {SECRET}" if status < 400 else key
    for entity in body if isinstance(body, list) else [body]:
        if isinstance(entity, dict):
            entity["request"] = {"headers": {"APIKEY": key, "Signature": "x"}, "text": text}
    if status >= 400:
        body |= {"error": f"{body.get('error')} {text}", "error_description": f"APIKEY: {text}"}
    return status, body


def _run_everything(client: Client, place: Place) -> None:
    place.write(write_plan(write_trade("one", 50000, 40000), write_trade("two", None)))
    for command in COMMANDS:
        client(*command)
    place.write(write_plan(write_trade("one", 50000, 40000), write_trade("two", None, 51000), "  bad: {}\n"))
    client("validate", code=1)
    client("plan", code=1)
    place.write(
        write_plan(write_trade("one", 50100, 40000), write_trade("two", None, 51000), write_trade("three", None))
    )
    client("plan", environment={"THREE_COMMAS_API_KEY": f"{KEY}-wrong"}, code=16)
    client("plan", breaks=2, code=70)
    whole = client("apply", "--auto-approve", "--verbose", breaks=9, code=70)
    assert "Details in" in whole.err
    points = client("plan").points
    client("apply", "--auto-approve", "--verbose", fatal=len(points) + 20, code=-signal.SIGKILL)
    client("apply", "--auto-approve", "--verbose")
    client("journal", "export")


@pytest.mark.parametrize("fault", ["server_error", "gateway_timeout", "rate_limit"])
def test_errors_of_the_api_that_repeat_a_secret_do_not_show_it(
    forks: Forks, exchange: Exchange, tmp_path: Path, fault: str
) -> None:
    status = {"server_error": 500, "gateway_timeout": 504, "rate_limit": 429}[fault]

    def fail(request: Mapping[str, Any], _: int, body: Any) -> tuple[int, Any]:
        if request["REQUEST_METHOD"] == "POST":
            return status, {"error": f"{KEY} {SECRET}", "error_description": f"APIKEY: {KEY}", "headers": {KEY: SECRET}}
        return _repeat_secrets(request, 200, body)

    secrets = {"THREE_COMMAS_API_KEY": KEY, "THREE_COMMAS_API_SECRET": SECRET}
    with exchange.open_place(_prepare(tmp_path), key=KEY, secret=SECRET, alter=fail) as place:
        client = Client(forks, place, secrets)
        place.write(write_plan(write_trade("one", 50000, 40000)))
        client("plan", "--out", "saved.json")
        client("plan", breaks=1, code=70)
        client("apply", "--verbose", "saved.json", code={500: 0, 504: 0, 429: 15}[status])
        client("journal", "export")
        _assert_none(client.read_everything(), (KEY, SECRET))


def test_an_hmac_key_and_its_secret_are_in_no_byte_that_is_written(
    forks: Forks, exchange: Exchange, tmp_path: Path
) -> None:
    secrets = {"THREE_COMMAS_API_KEY": KEY, "THREE_COMMAS_API_SECRET": SECRET}
    with exchange.open_place(_prepare(tmp_path), key=KEY, secret=SECRET, alter=_repeat_secrets) as place:
        client = Client(forks, place, secrets)
        _run_everything(client, place)
        client("plan", environment={"THREE_COMMAS_API_SECRET": f"{SECRET}-wrong"}, code=16)
        assert (place.folder / ".reconciler" / "journal.sqlite").exists()
        _assert_none(client.read_everything(), (KEY, SECRET))


def test_an_rsa_key_and_the_password_of_the_journal_are_in_no_byte_that_is_written(
    forks: Forks, exchange: Exchange, tmp_path: Path, make_postgres: Callable[[], str]
) -> None:
    private = generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    address = make_url(make_postgres()).set(password=PASSWORD).render_as_string(hide_password=False)
    unreachable = make_url(address).set(host="127.0.0.1", port=1, query={}).render_as_string(hide_password=False)
    secrets = {"THREE_COMMAS_API_KEY": KEY, "THREE_COMMAS_RSA_PRIVATE_KEY": pem, "RECONCILER_JOURNAL_URL": address}
    with exchange.open_place(_prepare(tmp_path), key=KEY, secret=public, alter=_repeat_secrets) as place:
        client = Client(forks, place, secrets)
        _run_everything(client, place)
        client("plan", environment={"RECONCILER_JOURNAL_URL": unreachable})
        client("apply", "--auto-approve", environment={"RECONCILER_JOURNAL_URL": unreachable}, code=1)
        written = client.read_everything() + _dump(address)
    marked = [KEY, PASSWORD, PASSWORD.replace("@", "%40"), PASSWORD.replace("@", "%40").replace("/", "%2F")]
    _assert_none(written, (*marked, *(line for line in pem.splitlines()[1:-1] if len(line) >= 16)))


def test_an_export_has_commit_plan_digest_requests_answers_and_ids(
    forks: Forks, exchange: Exchange, tmp_path: Path
) -> None:
    secrets = {"THREE_COMMAS_API_KEY": KEY, "THREE_COMMAS_API_SECRET": SECRET}
    with exchange.open_place(_prepare(tmp_path), key=KEY, secret=SECRET, alter=_repeat_secrets) as place:
        client = Client(forks, place, secrets)
        place.write(write_plan(write_trade("one", 50000, 40000)))
        (place.folder / ".gitignore").write_text("saved.json\n")
        commit = _commit(place.folder)
        client("plan", "--out", "saved.json")
        client("apply", "saved.json")
        exported = client("journal", "export", "--run", "1").out
    run, request, operation = map(json.loads, exported.splitlines())
    assert run["git_commit"] == commit
    assert run["plan_digest"] == json.loads((place.folder / "saved.json").read_text())["digest"]
    assert request["body"]["pair"] == "USDT_BTC"
    assert request["answer"]["id"] == request["live_id"] == operation["live_id"] == 30000001
    assert request["answer"]["request"] == {"headers": {"APIKEY": "***", "Signature": "***"}, "text": "*** ***"}


def _prepare(tmp_path: Path) -> Path:
    """Where the workspace of a client goes."""
    (tmp_path / "client").mkdir()
    return tmp_path / "client" / "workspace"


def _commit(folder: Path) -> str:
    """Make a folder a git repository; gives its only commit."""
    git = shutil.which("git") or "git"
    identity = ["-c", "user.name=tester", "-c", "user.email=tester@localhost"]
    for command in (["init", "--quiet"], ["add", "."], [*identity, "commit", "--quiet", "--message", "plans"]):
        subprocess.run([git, *command], cwd=folder, check=True)
    done = subprocess.run([git, "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _dump(address: str) -> bytes:
    """Every row of a journal in PostgreSQL."""
    engine = sqlalchemy.create_engine(read_url(address))
    with engine.connect() as connection:
        rows = [str(row) for table in metadata.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    assert rows
    return "\n".join(rows).encode()


def _assert_none(written: bytes, secrets: tuple[str, ...]) -> None:
    for secret in secrets:
        place = written.find(secret.encode())
        assert place < 0, written[max(0, place - 300) : place + 100].decode(errors="replace")
