from __future__ import annotations

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.wire.app import create_app
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import Client

VALIDATE = "/ver1/validate"


@pytest.fixture
def limited(sandbox: Sandbox) -> Client:
    """A client of a sandbox with the documented limits."""
    client = Client(sandbox)
    client.http = create_app(sandbox, limits=RateLimits()).test_client()
    return client


def send(client: Client, count: int) -> list[int]:
    return [client.call("GET", VALIDATE).status for _ in range(count)]


def test_a_hundred_requests_a_minute_are_answered_and_then_none_for_five_minutes(limited: Client) -> None:
    assert set(send(limited, 100)) == {200}
    refused = limited.call("GET", VALIDATE)
    assert (refused.status, refused.body) == (
        429,
        {"error": "rate_limit_exceeded", "error_description": "Too many requests. Try again in 300 seconds."},
    )
    limited.sandbox.advance(299)
    last = limited.call("GET", VALIDATE)
    assert (last.status, last.body["error_description"]) == (429, "Too many requests. Try again in 1 seconds.")
    limited.sandbox.advance(1)
    assert set(send(limited, 100)) == {200}


def test_the_window_slides(limited: Client) -> None:
    send(limited, 50)
    limited.sandbox.advance(30)
    send(limited, 50)
    limited.sandbox.advance(30)

    assert send(limited, 51) == [200] * 50 + [429]


def test_who_goes_on_is_banned_for_longer_each_time(limited: Client) -> None:
    send(limited, 101)
    assert send(limited, 11) == [429] * 10 + [418]
    banned = limited.call("GET", VALIDATE)
    assert banned.status == 418
    assert banned.body["error_description"].endswith("Banned for 300 seconds.")
    limited.sandbox.advance(301)
    assert limited.call("GET", VALIDATE).status == 200
    bans = []
    for _ in range(14):
        limited.sandbox.advance(61)
        send(limited, 111)
        bans.append(int(limited.call("GET", VALIDATE).body["error_description"].split()[-2]))
        limited.sandbox.advance(bans[-1])

    assert bans == [300, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440, 122880, 245760, 259200, 259200, 259200]


def test_a_refused_request_has_no_effect(limited: Client) -> None:
    send(limited, 100)

    assert limited.call("POST", "/v2/smart_trades", trade()).status == 429
    assert limited.sandbox.show()["trades"] == {}


def test_everything_below_the_base_counts_and_each_key_for_itself(limited: Client) -> None:
    limited.sandbox.ensure_key("other", "secret")
    statuses = [limited.http.get(f"/public/api{path}").status_code for path in ("/ver1/ping", "/nothing") * 50]

    assert statuses == [200, 404] * 50
    assert limited.http.get("/public/api/ver1/ping").status_code == 429
    assert limited.call("GET", VALIDATE).status == 200
    assert Client(limited.sandbox, "other", "secret").call("GET", VALIDATE).status == 200


def test_control_paths_do_not_count(limited: Client) -> None:
    assert {limited.http.get("/sandbox/show").status_code for _ in range(110)} == {200}
    assert send(limited, 100) == [200] * 100


def test_a_reset_forgets_who_sent_how_much(limited: Client) -> None:
    send(limited, 120)
    limited.sandbox.reset()

    assert limited.call("GET", VALIDATE).status == 200


def test_an_embedded_sandbox_has_no_limits(client: Client) -> None:
    assert set(send(client, 300)) == {200}


def test_limits_can_be_chosen(sandbox: Sandbox) -> None:
    client = Client(sandbox)
    client.http = create_app(sandbox, limits=RateLimits(requests=2, window_s=10, block_s=20)).test_client()

    assert send(client, 3) == [200, 200, 429]
    sandbox.advance(20)
    assert send(client, 1) == [200]
