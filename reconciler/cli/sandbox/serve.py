"""`reconciler sandbox serve`: serve the API on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_result
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.numbers import WholeNumber
from reconciler.cli.options import common_options
from reconciler.cli.paths import PathType
from reconciler.cli.sandbox.data import data_option, open_data
from reconciler.errors import UsageError
from reconciler.input_files import read_input

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.exchange import Sandbox

_MAX_KEY_BYTES = 2**16


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option(
    "--port", default=8787, show_default=True, type=WholeNumber(0, 65535), metavar="NUMBER", help="0 takes a free one."
)
@click.option("--api-key", metavar="KEY", help="A key that may do everything, beside the sandbox's own.")
@click.option("--api-secret", metavar="SECRET", help="The secret of that key.")
@click.option(
    "--rsa-public-key",
    type=PathType(kind="file", exists=True),
    metavar="FILE",
    help="The public key of --api-key instead of a secret, PEM.",
)
@click.option(
    "--limits/--no-limits",
    default=True,
    show_default=True,
    help="Refuse more than 100 requests a minute, as 3Commas does.",
)
@click.option(
    "--clock",
    type=click.Choice(["real", "manual"]),
    default="real",
    show_default=True,
    help="real: the sandbox's clock runs with that of this machine; manual: it moves only on command.",
)
@data_option
@common_options
def serve(
    host: str,
    port: int,
    api_key: str | None,
    api_secret: str | None,
    rsa_public_key: Path | None,
    limits: bool,  # noqa: FBT001 - click passes every option by name
    clock: str,
    data: Path | None,
) -> int:
    """Serve the API on this machine until Ctrl-C, for any 3Commas client."""
    from reconciler.sandbox.store.limits import RateLimits
    from reconciler.sandbox.wire.real_clock import RealClock
    from reconciler.sandbox.wire.server import serve as serve_sandbox

    def ready(url: str) -> None:
        print_result(f"Serving the SmartTrade API on {url}/public/api (Ctrl-C stops it)")

    with open_data(data) as sandbox:
        _register_key(sandbox, api_key, api_secret, rsa_public_key)
        try:
            serve_sandbox(
                sandbox,
                host,
                port,
                limits=RateLimits() if limits else None,
                clock=RealClock(sandbox) if clock == "real" else None,
                ready=ready,
            )
        except OSError as error:
            raise UsageError(f"{host}:{port} cannot be listened on: {error.strerror}; choose another --port") from error
    return ExitCode.DONE


def _register_key(sandbox: Sandbox, api_key: str | None, api_secret: str | None, rsa_public_key: Path | None) -> None:
    if api_key is None and api_secret is None and rsa_public_key is None:
        return
    if api_key is not None and api_secret is not None and rsa_public_key is None:
        sandbox.ensure_key(api_key, api_secret)
    elif api_key is not None and rsa_public_key is not None and api_secret is None:
        sandbox.ensure_rsa_key(api_key, _read_key(rsa_public_key))
    else:
        raise UsageError("--api-key goes together with either --api-secret or --rsa-public-key")


def _read_key(path: Path) -> str:
    try:
        return read_input(path, _MAX_KEY_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


COMMANDS = (serve,)
