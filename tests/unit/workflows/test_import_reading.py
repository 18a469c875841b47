"""The trades that an import asks for, sorted by what can be done with them."""

from __future__ import annotations

from pathlib import Path

from reconciler.workflows.file_edits import read_files
from reconciler.workflows.import_reading import MANY_REQUESTS, Asked, find_importable
from tests.support.world import World, trade
from tests.unit.workflows.imports import open_imports

FIRST = 30000001


def _find(world: World, asked: Asked) -> tuple[list[int], list[str]]:
    found = find_importable(world.session, read_files(world.settings), asked)
    assert set(found.accounts) >= {1}
    return [choice.live.id for choice, _ in found.new], [refusal.reason for refusal in found.refused]


def test_all_are_found_or_those_that_are_asked_for(tmp_path: Path) -> None:
    eth = trade("eth", pair="USDT_ETH", price=3000, stop=2900, steps=((3300, 100),), units="1")
    with open_imports(tmp_path, trade(), eth) as world:
        assert sorted(_find(world, Asked())[0]) == [FIRST, FIRST + 1]
        assert _find(world, Asked(pair="USDT_ETH")) == ([FIRST + 1], [])
        assert _find(world, Asked(account_id=2)) == ([], [])
        assert _find(world, Asked(ids=(FIRST, FIRST), name="dip")) == ([FIRST], [])


def test_what_does_not_exist_or_has_ended_is_refused_with_its_reason(tmp_path: Path) -> None:
    with open_imports(tmp_path) as world:
        world.api.cancel(FIRST)
        new, reasons = _find(world, Asked(ids=(5, FIRST)))
    assert new == []
    assert reasons[0] == "it does not exist for this key in mode paper"
    assert "it has ended" in reasons[1]


def test_many_requests_are_reported_before_they_are_sent(tmp_path: Path) -> None:
    specs = [trade(f"t{number}", price=50000 + number, stop=48000) for number in range(MANY_REQUESTS + 1)]
    with open_imports(tmp_path, *specs) as world:
        new, _ = _find(world, Asked())
        assert len(new) == MANY_REQUESTS + 1
        assert [text for text in world.told if f"orders of {MANY_REQUESTS + 1} trades, one request each" in text]
