"""Many sandboxes, each behind an address of its own and told apart by their API keys.

An account outlives the client that is killed. Two runs on the same account of one host exclude each other on the whole
machine, so a copy of a workspace gets an address of its own, also in its journal.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.real_clock import RealClock
from tests.support.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECRET = "secret-of-the-crashes"
# A create shows up in lists only after this time, in seconds: less than the settle time of the workspace.
LAG_S = Decimal("0.5")
CONFIG = """\
version: 1
workspace: crashes
targets:
  api: {{kind: api, mode: paper, accounts: {{main: 1}}, settle: 1, gateway_delay: 0,
    base_url: '{url}/public/api'}}
guardrails: {{closes: 9, unprotects: 9}}
"""
Essence = dict[str, Any]
# The request, the status and value of its answer; gives what is answered instead.
Alter = Callable[["WSGIEnvironment", int, Any], tuple[int, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A workspace and the account behind it.

    Attributes:
        folder: Where the workspace is.
        key: Its API key.
        sandbox: Its account.
        url: Where the account is.
    """

    folder: Path
    key: str
    sandbox: Sandbox
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What the program finds."""
        keys = {"THREE_COMMAS_API_KEY": self.key, "THREE_COMMAS_API_SECRET": SECRET}
        return {**keys, "XDG_STATE_HOME": str(self.folder / ".state")}

    def write(self, plan: str) -> None:
        """Another plan file."""
        (self.folder / "plan.yaml").write_text(plan)

    def forget(self) -> None:
        """An empty disk: no journal, and no lock."""
        for name in (".reconciler", ".state"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def read_essence(self) -> Essence:
        """What counts of the account: every trade that is or was, without ids and times, and all money."""
        with World(_file_of(self.folder)) as world:
            trades = sorted(map(_describe, world.trades()), key=str)
            balances = world.sandbox.show()["accounts"]
        return {"trades": trades, "balances": balances}


class Exchange:
    """Answers each request from the sandbox of its API key.

    Prices are asked for without a key; these requests, and those with an unknown key, are answered from the place that
    has been open for longest.
    """

    def __init__(self) -> None:
        self.url = ""
        self._applications: dict[str, WSGIApplication] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        oldest = next(iter(self._applications.values()))
        return self._applications.get(environ.get("HTTP_APIKEY", ""), oldest)(environ, start_response)

    @contextmanager
    def open_place(
        self,
        folder: Path,
        template: Place | None = None,
        *,
        key: str = "",
        secret: str = SECRET,
        alter: Alter | None = None,
    ) -> Iterator[Place]:
        """A workspace with an account of its own; lists of it lag.

        Args:
            folder: Where; it must not exist.
            template: What it is a copy of; an empty one by default.
            key: Its API key; one of its own by default.
            secret: What belongs to the key: a secret, or a public RSA key.
            alter: Changes answers.
        """
        with Sandbox(_prepare(folder, template)) as sandbox, _serve(self) as url:
            (folder / "reconciler.yaml").write_text(CONFIG.format(url=url))
            if template is not None:
                _move_journal(folder, template.url, url)
            place = Place(folder=folder, key=key or f"key-of-{folder.name}", sandbox=sandbox, url=url)
            if secret.startswith("-----BEGIN"):
                sandbox.ensure_rsa_key(place.key, secret)
            else:
                sandbox.ensure_key(place.key, secret)
            if template is None:
                sandbox.add_fault(
                    Fault(kind=FaultKind.LAG, method="POST", path="/v2/smart_trades", times=None, seconds=LAG_S)
                )
            clock = RealClock(sandbox)
            clock.keep_time()
            application = create_app(sandbox, wait=clock.wait, keep_time=clock.keep_time)
            self._applications[place.key] = application if alter is None else _alter_answers(application, alter)
            try:
                yield place
            finally:
                del self._applications[place.key]


@contextmanager
def serve_exchange() -> Iterator[Exchange]:
    """An exchange on a port of this machine."""
    exchange = Exchange()
    with _serve(exchange) as exchange.url:
        yield exchange


@contextmanager
def _serve(exchange: Exchange) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, exchange, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _prepare(folder: Path, template: Place | None) -> Path:
    """Make the folder, and give the file of its sandbox."""
    if template is None:
        folder.mkdir()
    else:
        shutil.copytree(template.folder, folder)
        shutil.copy(_file_of(template.folder), _file_of(folder))
    return _file_of(folder)


def _move_journal(folder: Path, before: str, after: str) -> None:
    """A copied journal is one of its own address."""
    path = folder / ".reconciler" / "journal.sqlite"
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as journal, journal:
        for (table,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if any(column == "scope" for _, column, *_ in journal.execute(f"PRAGMA table_info({table})")):
                journal.execute(f"UPDATE {table} SET scope = replace(scope, ?, ?)", (before, after))


class _Quiet(WSGIRequestHandler):
    """A client that was killed is not worth a line."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - named by werkzeug
        """Drop every line."""


def _alter_answers(application: WSGIApplication, alter: Alter) -> WSGIApplication:
    """An application whose JSON answers are others."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told = run_wsgi_app(application, environ)
        status, body = int(told[1].split()[0]), json.loads(b"".join(told[0]) or b"null")
        status, body = alter(environ, status, body)
        return Response(json.dumps(body), status, content_type="application/json")(environ, start_response)

    return answer


def _file_of(folder: Path) -> Path:
    return folder.with_suffix(".sandbox.sqlite")


def _describe(entity: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(entity["note"]),
        str(entity["status"]["type"]),
        str(entity["position"]["price"]["value"]),
        str(entity["data"]["entered_amount"]),
        str(
            [
                (step["price"]["value"], step["volume"], step["status"]["type"])
                for step in entity["take_profit"]["steps"]
            ]
        ),
        str(entity["stop_loss"].get("conditional", {}).get("price", {}).get("value")),
        str(entity["stop_loss"].get("status", {}).get("type")),
    )
