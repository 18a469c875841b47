"""Bounds of a request: how long it may take, how often a read is repeated, how large an answer may be."""

from __future__ import annotations

from dataclasses import dataclass

# Assumed: a healthy API connects in well under a second and answers a page of 100 trades in a few.
CONNECT_TIMEOUT_S = 10.0
# One try of a read, from looking up the host name to the last byte of the answer.
READ_TIMEOUT_S = 28.0
# A write, which is sent once; and a read with all its repeats and the waits between them. A CI job ends before a
# person wonders, and a lock (180 s) outlives every request under it.
REQUEST_TIMEOUT_S = 35.0
# Seconds before the second, third and fourth try of a read; assumed: gateway trouble passes within seconds or not soon.
RETRY_WAITS_S = (1.0, 2.0, 4.0)
# With less time left a read is not repeated: not even a healthy API is sure to answer in it.
SHORTEST_TRY_S = 5.0
# After so many silent seconds, and again after as many more, a line says what is waited for.
SILENCE_S = 10.0
# Unpacked. Measured: a page of 100 trades has about 300 KB.
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one session, in seconds unless stated otherwise.

    Attributes:
        connect_s: To a connection, host name and all addresses included.
        read_s: One try of a read.
        request_s: A write, or a read with its repeats; time that the pace takes is not in it.
        shortest_try_s: With less time left a read is not repeated.
        silence_s: Between two signs of life while an answer is waited for.
        answer_bytes: Largest answer, unpacked.
    """

    connect_s: float = CONNECT_TIMEOUT_S
    read_s: float = READ_TIMEOUT_S
    request_s: float = REQUEST_TIMEOUT_S
    shortest_try_s: float = SHORTEST_TRY_S
    silence_s: float = SILENCE_S
    answer_bytes: int = LARGEST_ANSWER_BYTES


DEFAULT_LIMITS = Limits()
