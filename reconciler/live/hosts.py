"""Addresses that may be used, and those that may receive credentials."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass

from reconciler.errors import AccessRefused, UsageError

# Source: official docs, general information; the older 3commas.io/public/api fails behind the CDN.
API_URL = "https://api.3commas.io/public/api"
API_HOST = "api.3commas.io"

# Stricter than a URL: no user part, no backslash, no query, so no two parsers can disagree about the host.
_BASE_URL = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?((?:/[A-Za-z0-9._~-]+)*)/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseUrl:
    """The address below which all endpoints live.

    Attributes:
        text: Without a slash at the end.
        host: Lower case, without port and brackets.
        is_https: Whether the connection is encrypted.
    """

    text: str
    host: str
    is_https: bool

    @property
    def is_loopback(self) -> bool:
        """Return whether requests stay on this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_base_url(text: str) -> BaseUrl:
    """Read an address and its parts.

    Args:
        text: For example `https://api.3commas.io/public/api`.

    Raises:
        UsageError: It is not a plain http or https address.
    """
    found = _BASE_URL.fullmatch(text)
    if found is None:
        raise UsageError(f"invalid API address: expected scheme, host, port and path only, as in {API_URL}")
    scheme, host, _, _ = found.groups()
    return BaseUrl(text=text.rstrip("/"), host=host.strip("[]").lower().rstrip("."), is_https=scheme == "https")


def check_host(url: BaseUrl, allowed_hosts: Collection[str], *, has_credentials: bool) -> None:
    """Refuse an address before anything is sent to it.

    Args:
        url: Where requests would go.
        allowed_hosts: Host names that may see credentials beside the API itself and this machine.
        has_credentials: Whether requests would carry credentials.

    Raises:
        AccessRefused: It is not encrypted and not on this machine, or may not see credentials.
    """
    if url.is_loopback:
        return
    if not url.is_https:
        raise AccessRefused(f"{url.host} would be reached without encryption; only https is used beyond this machine")
    trusted = {API_HOST, *(host.lower() for host in allowed_hosts)}
    if has_credentials and url.host not in trusted:
        raise AccessRefused(
            f"credentials are sent to {API_HOST} and to this machine only, not to {url.host};"
            " list the host in RECONCILER_ALLOWED_HOSTS if you trust it"
        )
