"""The client before faults on demand: what it makes of them, without a socket and with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
import requests

from reconciler.clock import ManualClock
from reconciler.errors import AnswerLost, ApiError, RateLimited
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials
from reconciler.live.wsgi import WsgiAdapter
from reconciler.model.targets import Mode
from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.real_clock import RealClock
from reconciler.sandbox.wire.server import serve_aside
from tests.support.world import START_AT
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import sign

pytestmark = pytest.mark.slow

PATH = "/public/api/v2/smart_trades"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(params=["embedded", "served"])
def api(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[SmartTradeApi]:
    """The client's API, both ways that there are to the sandbox."""
    with open_way(request.param, sandbox) as (url, adapter):
        clock = ManualClock(START_AT)
        session = ApiSession(
            f"{url}/public/api",
            Credentials(api_key=DEFAULT_API_KEY, api_secret=DEFAULT_API_SECRET),
            mode=Mode.PAPER,
            budget=RequestBudget(1000, clock),
            clock=clock,
            options=SessionOptions(adapter=adapter),
        )
        with session:
            yield SmartTradeApi(session)


@contextmanager
def open_way(kind: str, sandbox: Sandbox) -> Iterator[tuple[str, WsgiAdapter | None]]:
    if kind == "embedded":
        yield "http://localhost", WsgiAdapter(create_app(sandbox))
        return
    with serve_aside(sandbox) as url:
        yield url, None


def count_trades(sandbox: Sandbox) -> int:
    counts = sandbox.show()["trades"]
    assert isinstance(counts, dict)
    return sum(count for count in counts.values() if isinstance(count, int))


@pytest.mark.parametrize(
    ("kind", "takes_effect"),
    [
        (FaultKind.LOSE_REQUEST, False),
        (FaultKind.LOSE_REPLY, True),
        (FaultKind.CUT_REPLY, True),
        (FaultKind.RESET, False),
        (FaultKind.TRUNCATE, True),
        (FaultKind.SERVER_ERROR, False),
        (FaultKind.BAD_GATEWAY, False),
        (FaultKind.GATEWAY_TIMEOUT, True),
    ],
)
def test_a_create_that_is_struck_is_lost_and_the_next_one_works(
    api: SmartTradeApi, sandbox: Sandbox, kind: FaultKind, *, takes_effect: bool
) -> None:
    sandbox.add_fault(Fault(kind=kind, method="POST"))
    with pytest.raises(AnswerLost):
        api.create(trade())

    assert count_trades(sandbox) == takes_effect
    api.create(trade())
    assert count_trades(sandbox) == takes_effect + 1


@pytest.mark.parametrize(
    "kind", [FaultKind.LOSE_REPLY, FaultKind.CUT_REPLY, FaultKind.RESET, FaultKind.TRUNCATE, FaultKind.BAD_GATEWAY]
)
def test_a_read_that_is_struck_is_repeated(api: SmartTradeApi, sandbox: Sandbox, kind: FaultKind) -> None:
    sandbox.add_fault(Fault(kind=kind, method="GET", times=3))

    assert api.list_smart_trades(status="all", page=1) == []
    assert [held.fired for held in sandbox.list_faults()] == [3]


def test_a_read_that_is_struck_for_ever_is_an_error(api: SmartTradeApi, sandbox: Sandbox) -> None:
    sandbox.add_fault(Fault(kind=FaultKind.LOSE_REPLY, times=None))
    with pytest.raises(ApiError, match="4 times in a row"):
        api.list_smart_trades(status="all", page=1)


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMIT, FaultKind.PLAN_RESTRICTION, FaultKind.BAN])
def test_a_limit_stops_the_client(api: SmartTradeApi, sandbox: Sandbox, kind: FaultKind) -> None:
    sandbox.add_fault(Fault(kind=kind))
    with pytest.raises(RateLimited) as caught:
        api.list_smart_trades(status="all", page=1)

    assert caught.value.is_permanent is (kind is FaultKind.PLAN_RESTRICTION)


# On the socket


def post(url: str) -> requests.Response:
    request = requests.Request("POST", url + PATH, json=trade()).prepare()
    assert isinstance(request.body, bytes)
    request.headers["APIKEY"] = DEFAULT_API_KEY
    request.headers["Signature"] = sign(f"{PATH}?{request.body.decode()}")
    with requests.Session() as session:
        return session.send(request, timeout=10)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (FaultKind.LOSE_REQUEST, "Remote end closed connection without response"),
        (FaultKind.LOSE_REPLY, "Remote end closed connection without response"),
        (FaultKind.RESET, "Connection reset by peer"),
        (FaultKind.CUT_REPLY, r"IncompleteRead\(.* more expected\)"),
    ],
)
def test_a_connection_breaks_as_it_was_asked_to(sandbox: Sandbox, kind: FaultKind, message: str) -> None:
    sandbox.add_fault(Fault(kind=kind))
    with serve_aside(sandbox) as url:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError), match=message):
            post(url)
        assert post(url).status_code == 201


def test_a_delay_takes_its_time_where_the_clock_runs(sandbox: Sandbox) -> None:
    slept: list[float] = []
    clock = RealClock(sandbox, read_now_s=lambda: 1800000000.5 + sum(slept), sleep=slept.append)
    sandbox.add_fault(Fault(kind=FaultKind.DELAY, seconds=Decimal("2.5"), method="POST"))
    with serve_aside(sandbox, clock=clock) as url:
        entity = post(url).json()

    assert slept == [2.5]
    assert entity["data"]["created_at"] == "2027-01-15T08:00:03.000Z"


# The adapter of the embedded sandbox


def test_the_adapter_takes_any_broken_connection_for_one() -> None:
    def break_off(environ: object, start_response: object) -> list[bytes]:
        raise BrokenPipeError("gone")

    with requests.Session() as session:
        session.mount("http://", WsgiAdapter(break_off))
        with pytest.raises(requests.ConnectionError, match="gone"):
            session.get("http://localhost/")


def test_the_adapter_hides_no_bug_of_the_application() -> None:
    def fail(environ: object, start_response: object) -> list[bytes]:
        raise LookupError("bug")

    with requests.Session() as session:
        session.mount("http://", WsgiAdapter(fail))
        with pytest.raises(LookupError):
            session.get("http://localhost/")
