from __future__ import annotations

import pytest

from reconciler.errors import UsageError
from reconciler.live.signing import Credentials, sign_hmac, signature_payload
from tests.unit.live.wire import KEY, SECRET

CHANGE_MODE = "/public/api/ver1/users/change_mode"


@pytest.mark.parametrize(
    ("path_with_query", "body", "secret", "signature"),
    [
        (f"{CHANGE_MODE}?mode=paper", "", SECRET, "bca8d8c10acfbe8e76c5335d3efbe0a550487170a8bb7aaea0a13efabab55316"),
        (CHANGE_MODE, '{"mode": "paper"}', SECRET, "0475b407ba6f2388d213134e478b330f74073388a232737837f79018694ae373"),
        (
            "/public/api/ver1/accounts/new?type=binance&name=binance_account&api_key=XXXXXX&secret=YYYYYY",
            "",
            SECRET,
            "30f678a157230290e00475cfffccbc92ae3659d94c145a2c0e9d0fa28f41c11a",
        ),
        ("/smart_trades", "", SECRET, "8b30fb42a82e4dcfb4d0273d2910c7ae0add2b32938b19c27c44e306c56c20bc"),
        ("/deals", "", SECRET, "92cbefb3a2f2a8e94479470c7b5eb7cce43037947461c665e9b7f8b05a81a936"),
        ("/public/api/ver1/bots", "", "abcd1234", "505719450087661e95840d47b8bb2374ad2bb25abdcf0d99d7d410ab9b2f1d3a"),
    ],
)
def test_a_published_vector_is_reproduced(path_with_query: str, body: str, secret: str, signature: str) -> None:
    assert sign_hmac(secret, signature_payload(path_with_query, body)) == signature


def test_query_and_body_are_signed_without_a_separator() -> None:
    assert signature_payload("/p?a=1", '{"b":2}') == '/p?a=1{"b":2}'


def test_the_representation_of_credentials_shows_neither_part() -> None:
    shown = repr(Credentials(api_key=KEY, api_secret=SECRET))
    assert KEY not in shown
    assert SECRET not in shown


@pytest.mark.parametrize("text", ["", "abc\n", " abc", "a b", "schlüssel", "a\x00b"])
def test_a_key_that_cannot_stand_in_a_header_is_refused_without_being_shown(text: str) -> None:
    for key, secret in ((text, "good"), ("good", text)):
        with pytest.raises(UsageError, match="copy it again") as caught:
            Credentials(api_key=key, api_secret=secret)
        assert not text or text not in str(caught.value)
