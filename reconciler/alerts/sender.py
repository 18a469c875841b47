"""The home of Apprise: sends a text to addresses, within seconds and without a word of them."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import apprise

# How long all addresses together may take, in seconds.
TIME_LIMIT_S = 10.0
_MISSING = "it needs the extra `notify`: pip install 'trade-plan-reconciler[notify]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The result of sending.

    Attributes:
        count: How many addresses took the text.
        fault: Why others did not; empty if all took it. It names no address.
    """

    count: int
    fault: str = ""


def send_text(urls: Sequence[str], title: str, body: str, *, is_bad: bool, limit_s: float = TIME_LIMIT_S) -> Sent:
    """Send a text to all addresses at once.

    Args:
        urls: Addresses as Apprise reads them; they hold secrets and are never shown.
        title: One line.
        body: Plain text.
        is_bad: Whether services may show it as a warning.
        limit_s: How long to wait, in seconds.
    """
    # What a library warns of is for its authors.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import apprise
        except ImportError:
            return Sent(count=0, fault=_MISSING)
        _be_silent()

        def send(service: apprise.Apprise) -> bool:
            kind = apprise.NotifyType.WARNING if is_bad else apprise.NotifyType.INFO
            try:
                return bool(service.notify(body, title, kind, apprise.NotifyFormat.TEXT))
            except Exception:  # noqa: BLE001 - the words of a plugin may hold its address
                return False

        return _sum_up(_send_all(urls, send, time.monotonic() + limit_s), limit_s)


def _send_all(urls: Sequence[str], send: Callable[[apprise.Apprise], bool], ends_at: float) -> list[bool | None]:
    """Send to all addresses; True for one that took it, None for one that has not answered in time."""
    results: list[bool | None] = [None] * len(urls)

    def run(number: int, service: apprise.Apprise) -> None:
        results[number] = send(service)

    threads: list[threading.Thread] = []
    for number, url in enumerate(urls):
        service = _open_service(url)
        if service is None:
            results[number] = False
            continue
        threads.append(threading.Thread(target=run, args=(number, service), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(max(ends_at - time.monotonic(), 0.0))
    return results


def _open_service(url: str) -> apprise.Apprise | None:
    import apprise

    service = apprise.Apprise(asset=apprise.AppriseAsset(plugin_paths=[]))
    try:
        return service if service.add(url) else None
    except Exception:  # noqa: BLE001 - the words of a plugin may hold its address
        return None


def _sum_up(results: Sequence[bool | None], limit_s: float) -> Sent:
    count = sum(result is True for result in results)
    late = [str(number) for number, result in enumerate(results, start=1) if result is None]
    refused = [str(number) for number, result in enumerate(results, start=1) if result is False]
    faults = []
    if refused:
        faults.append(f"address {', '.join(refused)} of {len(results)} did not take it")
    if late:
        faults.append(f"address {', '.join(late)} of {len(results)} did not answer within {limit_s:g} s")
    return Sent(count=count, fault="; ".join(faults))


def _be_silent() -> None:
    """Keep what Apprise logs from the screen: it may hold an address."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
