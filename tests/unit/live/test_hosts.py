from __future__ import annotations

import pytest

from reconciler.errors import AccessRefused, UsageError
from reconciler.live.hosts import API_URL, check_host, read_base_url


@pytest.mark.parametrize(
    "url",
    [
        API_URL,
        f"{API_URL}/",
        "https://API.3commas.io/public/api",
        "https://api.3commas.io:443/public/api",
        "http://127.0.0.1:8080/public/api",
        "http://127.9.9.9/public/api",
        "http://[::1]:8080/public/api",
        "http://localhost:5000",
        "https://proxy.example/public/api",
        "https://PROXY.example./public/api",
    ],
)
def test_credentials_may_go_to_the_api_to_this_machine_and_to_allowed_hosts(url: str) -> None:
    check_host(read_base_url(url), ["Proxy.example"], has_credentials=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://3commas.io/public/api",
        "https://evil.example/public/api",
        "https://api.3commas.io.evil.example/public/api",
        "https://127.0.0.1.evil.example/public/api",
        "https://10.0.0.1/public/api",
        "https://[fe80::1]/public/api",
        "https://localhost.evil.example",
    ],
)
def test_credentials_go_nowhere_else(url: str) -> None:
    with pytest.raises(AccessRefused, match="RECONCILER_ALLOWED_HOSTS"):
        check_host(read_base_url(url), ["proxy.example"], has_credentials=True)
    check_host(read_base_url(url), [], has_credentials=False)


@pytest.mark.parametrize("url", ["http://api.3commas.io/public/api", "http://proxy.example"])
@pytest.mark.parametrize("has_credentials", [True, False])
def test_nothing_goes_out_without_encryption(url: str, has_credentials: bool) -> None:
    with pytest.raises(AccessRefused, match="without encryption"):
        check_host(read_base_url(url), ["proxy.example"], has_credentials=has_credentials)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.3commas.io",
        "ftp://api.3commas.io",
        "https://user:password@api.3commas.io/public/api",
        "https://evil.example\\@api.3commas.io/public/api",
        "https://api.3commas.io@evil.example",
        "https://api.3commas.io#@evil.example",
        "https://api.3commas.io/public/api?x=1",
        "https://api.3commas.io/public api",
        "https://api.3commas.io/public/api\n",
        "https://",
    ],
)
def test_an_address_that_two_parsers_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="invalid API address"):
        read_base_url(url)
