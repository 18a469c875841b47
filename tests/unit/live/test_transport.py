"""Whatever requests raises becomes one of our errors, which says whether the request may have had an effect."""

from __future__ import annotations

import http.client
import ssl

import pytest
import requests
import urllib3

from reconciler.errors import AnswerLost, AnswerTooLarge, ApiError, NotSent, UnreadableAnswer
from reconciler.live.answers import Call
from reconciler.live.request_limits import DEFAULT_LIMITS
from reconciler.live.request_watch import TimeLimitPassed
from reconciler.live.response_body import BodyDamaged, BodyTooLarge
from reconciler.live.transport import translate_error

READ = Call(method="GET", path="/v2/smart_trades")
WRITE = Call(method="POST", path="/v2/smart_trades")
SECRET = "hunter22"


def certificate_error() -> requests.exceptions.SSLError:
    cause = ssl.SSLCertVerificationError(f"self signed {SECRET}")
    return requests.exceptions.SSLError(urllib3.exceptions.SSLError(cause))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (requests.exceptions.InvalidURL(SECRET), NotSent, "the address or the proxy cannot be used"),
        (requests.exceptions.ProxyError(SECRET), NotSent, "check HTTPS_PROXY"),
        (requests.exceptions.ConnectTimeout(SECRET), NotSent, "no connection within 10 s"),
        (certificate_error(), NotSent, "the certificate of the API address is not trusted"),
        (TimeLimitPassed("no answer came within 28 s"), AnswerLost, "was sent and no answer came within 28 s"),
        (requests.exceptions.ReadTimeout(SECRET), AnswerLost, "POST /v2/smart_trades"),
        (ConnectionResetError(SECRET), AnswerLost, "POST /v2/smart_trades"),
        (http.client.IncompleteRead(SECRET.encode()), AnswerLost, "POST /v2/smart_trades"),
        (BodyTooLarge(SECRET), AnswerLost, "larger than 32 MiB"),
        (BodyDamaged("damaged"), AnswerLost, "cannot be unpacked"),
    ],
)
def test_an_error_of_a_write_says_whether_it_may_have_had_an_effect(
    error: Exception, kind: type[ApiError], words: str
) -> None:
    ours = translate_error(WRITE, error, DEFAULT_LIMITS)
    assert type(ours) is kind
    assert words in ours.message
    assert SECRET not in ours.message


@pytest.mark.parametrize(
    ("error", "kind"), [(BodyTooLarge("large"), AnswerTooLarge), (BodyDamaged("damaged"), UnreadableAnswer)]
)
def test_an_answer_to_a_read_that_is_of_no_use_is_not_lost(error: Exception, kind: type[ApiError]) -> None:
    assert type(translate_error(READ, error, DEFAULT_LIMITS)) is kind
