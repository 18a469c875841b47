from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.values.errors import NotLoopback
from reconciler.sandbox.wire.server import serve, serve_aside
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import sign

SCRIPT = """
import sys
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve
with Sandbox() as sandbox:
    serve(sandbox, ready=lambda url: print(url, flush=True))
print("stopped")
"""


def create(url: str) -> int:
    path = "/public/api/v2/smart_trades"
    request = requests.Request("POST", url + path, json=trade()).prepare()
    assert isinstance(request.body, bytes)
    request.headers["APIKEY"] = "sandbox-key"
    request.headers["Signature"] = sign(f"{path}?{request.body.decode()}")
    with requests.Session() as session:
        answer = session.send(request, timeout=10)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_requests_side_by_side_are_served_one_transaction_each(sandbox: Sandbox) -> None:
    with serve_aside(sandbox) as url, ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(create, [url] * 40))

    assert len(set(ids)) == 40
    assert sandbox.show()["trades"] == {"waiting_targets": 40}


def test_control_paths_are_served(sandbox: Sandbox) -> None:
    with serve_aside(sandbox, "localhost") as url:
        answer = requests.post(f"{url}/sandbox/advance", json={"seconds": 5}, timeout=10)

    assert answer.json() == {"now": "2026-01-01T00:00:05.000Z", "moved": [], "happened": []}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_quietly_on_a_signal(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert requests.get(f"{url}/public/api/ver1/ping", timeout=10).json() == {"pong": "pong"}
    process.send_signal(number)
    out, err = process.communicate(timeout=10)

    assert (out, err, process.returncode) == ("stopped\n", "", 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_only_loopback_is_served(sandbox: Sandbox, host: str) -> None:
    with pytest.raises(NotLoopback):
        serve(sandbox, host)


def test_a_taken_port_is_an_ordinary_error(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(sandbox, port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("kind", "reason"), [(FaultKind.RESET, "reset by peer"), (FaultKind.LOSE_REQUEST, "closed connection")]
)
def test_a_fault_resets_or_closes_the_connection(sandbox: Sandbox, kind: FaultKind, reason: str) -> None:
    sandbox.add_fault(Fault(kind=kind))
    with serve_aside(sandbox) as url, pytest.raises(requests.ConnectionError, match=reason):
        requests.get(f"{url}/public/api/ver1/ping", timeout=10)

    assert sandbox.list_faults()[0].fired == 1
