"""Rate limits: the number of requests that a caller may send, by the sandbox's own clock.

Source: official docs, limits page: 100 requests a minute, then 300 s without answers, then bans of 2 minutes that grow
to 3 days. The bodies, the number of requests tolerated during the block, and that a caller is identified by its
key are assumed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from reconciler.sandbox.values.refusals import RequestRefused, refuse_ban, refuse_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Limits for one caller.

    Args:
        requests: Requests within one window.
        window_s: Length of the window in seconds.
        block_s: Time for which all requests are refused after the first one too many, in seconds.
        patience: Requests within the block that are refused before the caller is banned; assumed.
        first_ban_s: Length of the first ban in seconds; each further one is twice as long.
        longest_ban_s: No ban is longer, in seconds.
    """

    requests: int = 100
    window_s: int = 60
    block_s: int = 300
    patience: int = 10
    first_ban_s: int = 120
    longest_ban_s: int = 259200


@dataclass(slots=True, kw_only=True)
class Caller:
    """One caller: its recent requests, and its block or ban.

    Args:
        recent_ms: Sandbox times of the requests in the current window, oldest first.
        shut_until_ms: Sandbox time at which a block or ban ends; 0 for neither.
        is_banned: Whether it is a ban.
        strikes: Requests within the current block.
        bans: How many bans there were.
    """

    recent_ms: list[int] = field(default_factory=list)
    shut_until_ms: int = 0
    is_banned: bool = False
    strikes: int = 0
    bans: int = 0

    def to_document(self) -> dict[str, object]:
        """Return the JSON document of the store."""
        return asdict(self)


def count_request(caller: Caller, now_ms: int, limits: RateLimits) -> RequestRefused | None:
    """Count a request of a caller, and return the refusal if it is one too many.

    Args:
        caller: Who sent it; changed.
        now_ms: Sandbox time.
        limits: Limits for one caller.

    Returns:
        The refusal, or None.
    """
    if caller.shut_until_ms > now_ms:
        return _count_strike(caller, now_ms, limits)
    if caller.shut_until_ms:
        caller.shut_until_ms, caller.is_banned, caller.strikes, caller.recent_ms = 0, False, 0, []
    caller.recent_ms = [sent_ms for sent_ms in caller.recent_ms if sent_ms > now_ms - limits.window_s * 1000]
    if len(caller.recent_ms) >= limits.requests:
        caller.shut_until_ms = now_ms + limits.block_s * 1000
        return refuse_rate(limits.block_s)
    caller.recent_ms.append(now_ms)
    return None


def _count_strike(caller: Caller, now_ms: int, limits: RateLimits) -> RequestRefused:
    if not caller.is_banned:
        caller.strikes += 1
        if caller.strikes <= limits.patience:
            return refuse_rate(_seconds_left(caller, now_ms))
        ban_s = min(limits.first_ban_s * 2**caller.bans, limits.longest_ban_s)
        caller.is_banned, caller.bans = True, caller.bans + 1
        caller.shut_until_ms = max(caller.shut_until_ms, now_ms + ban_s * 1000)
    return refuse_ban(_seconds_left(caller, now_ms))


def _seconds_left(caller: Caller, now_ms: int) -> int:
    return -(-(caller.shut_until_ms - now_ms) // 1000)
