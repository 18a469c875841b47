"""A real process runs the real `apply` and is really killed, at every request and around every write of the journal.

The account is served by another process and survives; a new process then applies again, with the journal or without it.
Creates show up in lists late, yet within the settle time. What is left is what an undisturbed run leaves.
`WHOLE_MATRIX=1` kills at all points, and `SEED=1` and `SEED=2` at the others.
"""

from __future__ import annotations

import signal
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.model.news_codes import NewsCode
from reconciler.rendering.news_words import NEWS_TEMPLATES
from tests.scenarios.crashes.exchange import LAG_S, Essence, Exchange, Place
from tests.scenarios.crashes.forks import Forks, Points
from tests.scenarios.crashes.stories import EVERYTHING, MOVED_PRICE, STORIES, Story, write_plan
from tests.support.partial_matrix import take_part

pytestmark = pytest.mark.slow

APPLY = ("apply", "--auto-approve")
# A run mostly waits: for the settle time, for lists that lag, for the disk.
AT_ONCE = 12
_NEEDS_ATTENTION = 12
# What is said of a trade that is known by its id, before the number of the trade.
_UNLISTED = NEWS_TEMPLATES[NewsCode.UNLISTED].partition("{")[0]
# Of the points at which a run is to die at least so many must be reached; on a machine that is not busy all are.
SHARE_OF_DEATHS = 0.75


def _prepare(forks: Forks, place: Place, story: Story) -> None:
    """A workspace whose files say something else than its account."""
    if story.before:
        place.write(write_plan(*story.before))
        done = forks.run(place.folder, *APPLY, environment=place.environment)
        assert done.code == 0, done.err
    if story.moves:
        place.sandbox.set_price("USDT_BTC", MOVED_PRICE)
    place.write(write_plan(*story.after))


def _select(points: Points, story: str, *, keeps_journal: bool) -> list[int]:
    """Numbers of the points at which to die.

    A transaction that wrote nothing is no more than the request before or after it. When requests were sent is written
    for every request in the same way, so one story is enough for that. Of the long story those points are taken
    between which something outside of the process has changed; and without the journal only requests change anything.
    """
    return [number for number, point in enumerate(points) if _is_wanted(*point, story, keeps_journal=keeps_journal)]


def _is_wanted(name: str, concerns: str, story: str, *, keeps_journal: bool) -> bool:
    if story == EVERYTHING and (name.endswith("GET") or name == "begin"):
        return False
    if concerns == "pace":
        return keeps_journal and story == "create"
    if concerns == "journal":
        return keeps_journal or (name == "before commit" and story != EVERYTHING)
    return concerns == "api"


def _find_pending(place: Place) -> list[tuple[object, ...]]:
    """Requests of which the journal does not know what became."""
    with closing(sqlite3.connect(place.folder / ".reconciler" / "journal.sqlite")) as journal:
        return journal.execute("SELECT id, kind FROM journal_intents WHERE state = 'pending'").fetchall()


@pytest.mark.parametrize("keeps_journal", [True, False], ids=["journal kept", "journal deleted"])
@pytest.mark.parametrize("story", STORIES)
def test_a_process_killed_at_any_point_and_run_again_leaves_what_an_undisturbed_one_leaves(
    story: str, keeps_journal: bool, forks: Forks, exchange: Exchange, tmp_path: Path
) -> None:
    with exchange.open_place(tmp_path / "template") as template:
        _prepare(forks, template, STORIES[story])
    with exchange.open_place(tmp_path / "undisturbed", template) as place:
        undisturbed = forks.run(place.folder, *APPLY, environment=place.environment)
        assert undisturbed.code == 0, undisturbed.err
        expected = place.read_essence()
        settled = forks.run(place.folder, "plan", "--detailed-exitcode", environment=place.environment)
        assert settled.code == 0, settled.out
        points = _select(undisturbed.points, story, keeps_journal=keeps_journal)
        # One point in three, in each story others. In one process, `test_every_request.py` takes all of them.
        points = take_part(points, [*STORIES].index(story) + keeps_journal, 3)

        def kill(fatal: int) -> bool:
            why = f"killed at point {fatal}, {' of '.join(undisturbed.points[fatal])}"
            with exchange.open_place(tmp_path / f"killed{fatal}", template) as place:
                return _kill_and_run_again(forks, place, fatal, expected, why, keeps_journal=keeps_journal)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            deaths = sum(pool.map(kill, points))
    assert deaths >= SHARE_OF_DEATHS * len(points), f"{deaths} of {len(points)}"


def _kill_and_run_again(
    forks: Forks, place: Place, fatal: int, expected: Essence, why: str, *, keeps_journal: bool
) -> bool:
    """Whether it died there; its end was as expected in either case."""
    killed = forks.run(place.folder, *APPLY, environment=place.environment, fatal=fatal)
    # Where a run polls, another one may need some turns less and be over before the last points.
    assert killed.code == -signal.SIGKILL or len(killed.points) <= fatal, f"{why}: {killed.code}\n{killed.err}"
    if not keeps_journal:
        place.forget()
    again = forks.run(place.folder, *APPLY, environment=place.environment)
    if again.code == _NEEDS_ATTENTION and f"{_UNLISTED}#" in again.out:
        # What the killed run created is known by its id, and reported for as long as lists lag.
        time.sleep(float(LAG_S))
        again = forks.run(place.folder, *APPLY, environment=place.environment)
    told = f"{why}: {again.code}\n{again.out}{again.err}"
    assert again.code == 0, told
    found = place.read_essence()
    assert _count_names(found) == _count_names(expected), f"twice or lost, {told}"
    assert found == expected, told
    assert not _find_pending(place), told
    return killed.code != 0


def _count_names(essence: Essence) -> Counter[str]:
    return Counter(trade[0].partition("]")[0] for trade in essence["trades"])
