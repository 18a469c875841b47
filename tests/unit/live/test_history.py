from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from reconciler.codec.note import write_note
from reconciler.errors import ApiError, UnreadableAnswer
from reconciler.live.history import read_active, read_live_state, search_history
from tests.support.entities import SPOT, Json, as_entity
from tests.unit.codec.test_live_trades import MARKER
from tests.unit.live.wire import Answer, Wire, open_api

WORKSPACES = ("prod", "prod-old")


def marked(number: int, name: str, *, generation: int = 1, workspace: str = "prod", **fields: Any) -> Json:
    marker = replace(MARKER, name=name, generation=generation, workspace=workspace)
    return as_entity(
        SPOT, id=number, note=write_note(marker, ""), created_at=f"2026-01-01T10:00:{number:02}.000Z", **fields
    )


class Account(Wire):
    """Serves pages of the given entities; `status` and order are left to the test."""

    def __init__(self, entities: Sequence[object], *, served: int | None = None) -> None:
        super().__init__(script=self.serve)
        self.entities = list(entities)
        self.served = served
        self.queries: list[dict[str, str]] = []

    def serve(self, request: requests.PreparedRequest) -> Answer:
        query = {key: values[0] for key, values in parse_qs(urlsplit(request.path_url).query).items()}
        self.queries.append(query)
        size = self.served or int(query["per_page"])
        start = (int(query["page"]) - 1) * size
        return Answer(200, self.entities[start : start + size])


def plain(entity: Json) -> Json:
    """Without the Decimals that only a parser makes."""
    entity["data"]["commission"] = 0.001
    return entity


def search(entities: Sequence[Json], *wanted: str, served: int | None = None) -> tuple[Any, Account]:
    wire = Account([plain(entity) for entity in entities], served=served)
    return search_history(open_api(wire), wanted, WORKSPACES), wire


def at(number: int) -> Json:
    """An unmarked entity with an instant of its own."""
    minutes, seconds = divmod(number, 60)
    return plain(as_entity(SPOT, id=number, created_at=f"2026-01-01T10:{minutes:02}:{seconds:02}.000Z"))


def test_active_trades_are_read_oldest_first_to_an_empty_page() -> None:
    wire = Account([at(number) for number in range(250)])
    reading = read_active(open_api(wire))
    assert [trade.id for trade in reading.trades] == list(range(250))
    assert reading.unreadable == ()
    assert [query["page"] for query in wire.queries] == ["1", "2", "3", "4"]
    assert not reading.doubt
    assert wire.queries[0] == {
        "status": "active",
        "page": "1",
        "per_page": "100",
        "order_by": "created_at",
        "order_direction": "asc",
    }


def test_what_cannot_be_read_does_not_hide_the_rest() -> None:
    broken, damaged = marked(2, "btc-dip"), as_entity(SPOT, id=3, note="[reconciler:1 prod/eth-dip#1 zzz")
    foreign = as_entity(SPOT, id=5, note="mine")
    for entity in (broken, damaged, foreign):
        del entity["pair"]
    entities = [as_entity(SPOT, id=1), broken, damaged, foreign]
    reading = read_active(open_api(Account([*map(plain, entities), None])))
    assert [trade.id for trade in reading.trades] == [1, 2, 3, 5]
    assert [bool(trade.unreadable) for trade in reading.trades] == [False, True, True, True]
    assert [(entry.id, entry.carries_marker) for entry in reading.unreadable] == [(None, True)]


def test_an_entity_without_an_id_keeps_its_place_and_its_name() -> None:
    broken = marked(2, "btc-dip")
    del broken["id"]
    entry = read_active(open_api(Account([plain(broken)]))).unreadable[0]
    assert (entry.id, entry.workspace, entry.name) == (None, "prod", "btc-dip")
    assert (entry.account_id, entry.pair) == (SPOT.account_id, SPOT.pair)
    assert "id is missing" in entry.reason


@pytest.mark.parametrize("body", [{"id": 1}, None, "text"])
def test_a_page_that_is_no_list_proves_nothing(body: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        read_active(open_api(Wire(Answer(200, body))))


def test_a_failing_page_fails_the_whole_reading() -> None:
    entities = [plain(as_entity(SPOT, id=number)) for number in range(100)]
    with pytest.raises(ApiError):
        read_active(open_api(Wire(Answer(200, entities), Answer(502, b""))))


def test_the_live_state_holds_accounts_and_active_trades() -> None:
    accounts = [{"id": 1, "name": "Main", "market_code": "binance"}]
    live = read_live_state(
        open_api(
            Wire(Answer(200, accounts), Answer(200, []), Answer(200, [plain(as_entity(SPOT)), None]), Answer(200, []))
        )
    )
    assert [account.id for account in live.accounts] == [1]
    assert [trade.id for trade in live.active] == [7]
    assert len(live.unreadable) == 1


def test_a_server_with_short_pages_hides_no_active_trade() -> None:
    reading = read_active(open_api(Account([at(number) for number in range(60)], served=25)))
    assert len(reading.trades) == 60


@pytest.mark.parametrize(("count", "tied", "is_doubted"), [(200, {99, 100}, False), (200, set(range(200)), True)])
def test_equal_instants_at_a_page_border_are_read_again_with_other_borders_and_else_doubted(
    count: int, tied: set[int], is_doubted: bool
) -> None:
    entities = [at(min(tied) if number in tied else number) for number in range(count)]
    entities = [{**entity, "id": number} for number, entity in enumerate(entities)]
    assert bool(read_active(open_api(Account(entities))).doubt) is is_doubted
    history = search_history(open_api(Account(entities)), ["btc-dip"], WORKSPACES)
    assert bool(history.doubt_about("btc-dip")) is is_doubted


# History


def test_history_is_read_newest_first_and_ends_when_all_are_found() -> None:
    entities = [as_entity(SPOT, id=number) for number in range(150, 50, -1)]
    reading, wire = search([marked(3, "btc-dip"), marked(2, "eth-dip"), *entities], "btc-dip", "eth-dip")
    assert sorted(reading.newest) == [("btc-dip", 1), ("eth-dip", 1)]
    assert not reading.reached_end
    assert len(wire.queries) == 1
    assert (wire.queries[0]["status"], wire.queries[0]["order_direction"]) == ("all", "desc")


def test_absence_is_proven_by_an_empty_page_only() -> None:
    reading, wire = search([marked(2, "eth-dip"), as_entity(SPOT, id=1)], "btc-dip", served=1)
    assert reading.reached_end
    assert reading.doubt_about("btc-dip") == ""
    assert [query["page"] for query in wire.queries] == ["1", "2", "3"]


def test_with_nothing_wanted_nothing_is_read() -> None:
    reading, wire = search([marked(1, "btc-dip")])
    assert wire.queries == []
    assert reading.doubt_about("btc-dip") == "the history was not read to its end"


def test_the_newest_trade_of_each_generation_and_of_each_name_counts() -> None:
    entities = [
        marked(5, "btc-dip", generation=2),
        marked(4, "btc-dip", status="cancelled"),
        marked(6, "btc-dip", status="finished"),
        marked(1, "btc-dip", generation=2),
        marked(3, "eth-dip", workspace="prod-old"),
        marked(2, "sol-dip", workspace="staging"),
    ]
    reading, _ = search(entities, "other")
    assert {identity: trade.id for identity, trade in reading.newest.items()} == {
        ("btc-dip", 2): 5,
        ("btc-dip", 1): 6,
        ("eth-dip", 1): 3,
    }
    assert {name: trade.id for name, trade in reading.newest_by_name().items()} == {"btc-dip": 5, "eth-dip": 3}


@pytest.mark.parametrize(("generation", "found"), [(1, {"btc-dip": 7}), (2, {"btc-dip": 5})])
def test_the_marker_of_an_earlier_generation_in_a_newer_trade_hides_nothing(
    generation: int, found: dict[str, int]
) -> None:
    """Somebody pasted it: the search goes on to the generation that is searched for."""
    wire = Account([plain(marked(7, "btc-dip")), plain(marked(5, "btc-dip", generation=2))], served=1)
    reading = search_history(open_api(wire), ["btc-dip"], WORKSPACES, generations={"btc-dip": generation})
    assert {name: trade.id for name, trade in reading.newest_by_name().items()} == found


def test_an_unmarked_entity_that_cannot_be_read_voids_nothing() -> None:
    broken = as_entity(SPOT, id=1, note="mine")
    del broken["pair"]
    reading, _ = search([broken], "btc-dip")
    assert reading.unreadable == ()
    assert reading.doubt_about("btc-dip") == ""


@pytest.mark.parametrize(
    ("workspace", "name", "doubted"),
    [("prod", "btc-dip", True), ("prod-old", "btc-dip", True), ("prod", "eth-dip", False), ("other", "btc-dip", False)],
)
def test_a_marked_entity_without_an_id_voids_the_proof_for_its_name(workspace: str, name: str, doubted: bool) -> None:
    broken = marked(1, name, workspace=workspace)
    del broken["id"]
    reading, _ = search([broken], "btc-dip")
    assert ("id is missing" in reading.doubt_about("btc-dip")) is doubted


@pytest.mark.parametrize(
    ("note", "doubted"),
    [
        ("[reconciler:1 prod/btc-dip#1 zzz", True),
        ("[reconciler:2 prod/btc-dip#1 5f3a9c1e]", True),
        ("[reconciler", True),
        ("[reconciler:1 prod/eth-dip#1 zzz", False),
        ("[reconciler:1 other/btc-dip#1 zzz", False),
    ],
)
def test_a_damaged_or_newer_marker_voids_the_proof_where_it_may_be_meant(note: str, doubted: bool) -> None:
    reading, _ = search([as_entity(SPOT, id=1, note=note)], "btc-dip")
    assert ("damaged or of a newer version" in reading.doubt_about("btc-dip")) is doubted


@pytest.mark.parametrize("entry", [None, {"id": 1}, {"id": 1, "note": 5}])
def test_an_entry_that_shows_no_note_may_be_any(entry: Any) -> None:
    reading = search_history(open_api(Account([entry])), ["btc-dip"], WORKSPACES)
    assert reading.doubt_about("btc-dip")


def test_an_entry_without_a_note_that_can_be_read_is_foreign() -> None:
    entity = as_entity(SPOT, id=1)
    del entity["note"], entity["note_raw"]
    reading, _ = search([entity], "btc-dip")
    assert reading.doubt_about("btc-dip") == ""


def test_a_trade_that_comes_first_while_pages_are_read_hides_nothing() -> None:
    """A new trade shifts all others by one; what is then on both pages counts once, and the list is read again."""
    entities = [plain(marked(number, f"name-{number}")) for number in range(40, 0, -1)]
    wire = Account(entities, served=10)

    def serve(request: requests.PreparedRequest) -> Answer:
        answer = wire.serve(request)
        if len(wire.queries) < 3:
            wire.entities.insert(0, plain(marked(50 + len(wire.queries), f"new-{len(wire.queries)}")))
        return answer

    reading = search_history(open_api(Wire(script=serve)), ["absent"], WORKSPACES)
    assert {f"name-{number}" for number in range(1, 41)} <= {name for name, _ in reading.newest}
    assert reading.doubt_about("absent") == ""


def test_a_search_goes_on_behind_excluded_trades() -> None:
    """Somebody may have pasted the marker into them."""
    wire = Account([plain(marked(7, "btc-dip")), plain(marked(5, "btc-dip"))], served=1)
    reading = search_history(open_api(wire), ["btc-dip"], WORKSPACES, excluded=[7])
    assert {name: trade.id for name, trade in reading.newest_by_name().items()} == {"btc-dip": 5}
