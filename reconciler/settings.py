"""Settings: one value from flags, the environment, reconciler.yaml and named defaults, in this order of priority.

Secrets come only from the environment and are never part of `Settings`.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from reconciler.codec.instants import read_instant
from reconciler.codec.numbers import to_decimal
from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.input_files import read_input
from reconciler.live.hosts import API_URL
from reconciler.live.pacing import DEFAULT_REQUESTS_PER_MINUTE
from reconciler.loading.file_kinds import CONFIG_FILE, NOT_THERE, find_fault
from reconciler.loading.workspace_folder import OWN_FOLDER_NAME, check_own_folder
from reconciler.model.freeze import DEFAULT_ALLOWED, Allowed, Freeze, FreezeSource
from reconciler.model.problems import Severity
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT
from reconciler.model.targets import Mode, TargetKind

if TYPE_CHECKING:
    from reconciler.live.signing import AnyCredentials
    from reconciler.model.documents import Document

# Variables with credentials.
KEY_VARIABLE = "THREE_COMMAS_API_KEY"
SECRET_VARIABLE = "THREE_COMMAS_API_SECRET"  # noqa: S105 -- the name of a variable
RSA_VARIABLE = "THREE_COMMAS_RSA_PRIVATE_KEY"
RSA_FILE_VARIABLE = "THREE_COMMAS_RSA_PRIVATE_KEY_FILE"

# All variables of this program begin like this. The name of an option follows, see `cli.variables`.
VARIABLE_PREFIX = "RECONCILER_"
ALLOWED_HOSTS_VARIABLE = "RECONCILER_ALLOWED_HOSTS"
JOURNAL_URL_VARIABLE = "RECONCILER_JOURNAL_URL"
# Any text in it is the reason of a freeze, a word such as `false` too: a switch for emergencies must not be missed.
FREEZE_VARIABLE = "RECONCILER_FREEZE"
# Addresses for notifications, with blanks between; each may hold a password.
NOTIFY_URLS_VARIABLE = "RECONCILER_NOTIFY_URLS"
# Who started a run, and for which pull request: only written down.
ORIGIN_VARIABLES = ("RECONCILER_ACTOR", "RECONCILER_PULL_REQUEST")
# Variables that belong to no option.
OTHER_VARIABLES = (
    ALLOWED_HOSTS_VARIABLE,
    JOURNAL_URL_VARIABLE,
    FREEZE_VARIABLE,
    NOTIFY_URLS_VARIABLE,
    *ORIGIN_VARIABLES,
)
# Values of a variable that mean no; case does not matter.
_OFF_WORDS = frozenset({"", "0", "false", "f", "no", "n", "off"})

# How long it takes until lists show a trade that a killed run has just created, in seconds. Assumed.
DEFAULT_SETTLE_S = 10
# How long a gateway may delay a request before it takes effect, in seconds. Assumed: gateways give up sooner.
DEFAULT_GATEWAY_DELAY_S = 300
# The address of the embedded sandbox, which answers inside the process; no port is opened.
EMBEDDED_URL = "http://localhost/public/api"
# The embedded sandbox has no limit; this number is never reached.
EMBEDDED_REQUESTS_PER_MINUTE = 1_000_000
DEFAULT_WORKSPACE = "local"
# A line of a private key has 64 characters. A last line shorter than this reveals too little to be a secret.
_TELLING_CHARS = 16
# A key of 16,384 bits has about 13,000 characters.
_MAX_KEY_BYTES = 2**16
_PEM_EDGE = re.compile("-----(BEGIN|END) ")
DEFAULT_ACCOUNTS: Mapping[str, int] = {"main": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target: the exchange and the accounts that plans are applied to.

    Attributes:
        name: Its key in reconciler.yaml.
        kind: The sandbox or the API.
        mode: Paper or real accounts.
        base_url: Address of the API; paths of endpoints are added to it.
        accounts: Alias to account id.
        requests_per_minute: The most requests that are sent in a minute.
        settle_s: Seconds between two proofs of absence if no journal has the last run.
        is_locked_outside: Whether something else, such as the pipeline, ensures that one apply runs at a time.
        gateway_delay_s: The longest time in seconds that a gateway may delay a request.
    """

    name: str
    kind: TargetKind
    mode: Mode
    base_url: str
    accounts: Mapping[str, int]
    requests_per_minute: int
    settle_s: int
    is_locked_outside: bool = False
    gateway_delay_s: int = DEFAULT_GATEWAY_DELAY_S

    @property
    def account_ids(self) -> frozenset[int]:
        """Return the accounts that it names. Trades on other accounts are left unchanged."""
        return frozenset(self.accounts.values())

    @property
    def is_sandbox(self) -> bool:
        """Return whether it is the embedded sandbox."""
        return self.kind is TargetKind.SANDBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a command, apart from its own options.

    Attributes:
        root: Folder of the workspace.
        workspace: Its name, part of every identity.
        former_names: Former names of the workspace, whose markers still match.
        target: The target.
        include: Globs of plan files; empty for all plan files.
        foreign: SmartTrade ids that do not belong to the workspace.
        limits: The guardrails, as reconciler.yaml states them.
        named_accounts: The accounts of all targets with the same mode and address.
        price_moved_pct: How far bid or ask may move between plan and execution at market, in percent.
        nested: Folders in the workspace that are known to be workspaces of their own.
        fees_pct: Alias of an account to its fee in percent.
        maintenance_margin_pct: Alias of an account to its maintenance margin in percent of a position.
        document: The reconciler.yaml, to report problems with it; None if there is none.
        freezes: Freezes by reconciler.yaml and by the variable, those that have ended too.
        policy: Command of the user's own rules, word by word; empty for none.
    """

    root: Path
    workspace: str
    former_names: tuple[str, ...]
    target: Target
    include: tuple[str, ...]
    foreign: frozenset[int]
    limits: Mapping[str, object]
    named_accounts: frozenset[int] = frozenset()
    price_moved_pct: Decimal = DEFAULT_PRICE_MOVED_PCT
    nested: tuple[str, ...] = ()
    fees_pct: Mapping[str, Decimal] = field(default_factory=dict)
    maintenance_margin_pct: Mapping[str, Decimal] = field(default_factory=dict)
    document: Document | None = None
    freezes: tuple[Freeze, ...] = ()
    policy: tuple[str, ...] = ()

    @property
    def workspaces(self) -> frozenset[str]:
        """Return the current name and the former names of the workspace."""
        return frozenset((self.workspace, *self.former_names))

    @property
    def own_folder(self) -> Path:
        """Return the folder for the tool's own files."""
        return self.root / OWN_FOLDER_NAME


def load_settings(
    root: Path, target_name: str | None, environment: Mapping[str, str], *, is_live: bool = True
) -> Settings:
    """Read the settings of a workspace.

    Args:
        root: Its folder.
        target_name: From `--target`, or None for the default of reconciler.yaml.
        environment: Environment variables; `CI` is read.
        is_live: Whether requests are sent to the target, so that the choice must not be ambiguous.

    Raises:
        InvalidPlanFiles: reconciler.yaml has problems, or cannot be read.
        WorkspaceError: In CI there is no reconciler.yaml, or `.reconciler` leads out of the workspace.
        UsageError: There is no such target, or none was named although it must be.
    """
    check_own_folder(root)
    document = _read_config(root, environment)
    config: Mapping[str, object] = {} if document is None else document.root
    if document is None and is_live and is_ci(environment):
        raise WorkspaceError(
            f"{root} has no {CONFIG_FILE}, so only the sandbox would be used; with CI set that is an error. Run in the"
            " folder of the workspace, or name it with --workspace."
        )
    targets = _list_targets(config)
    name = target_name or _default_target(config, targets, environment, is_live=is_live)
    if name not in targets:
        raise UsageError(f"there is no target {name!r}; {CONFIG_FILE} has {', '.join(targets)}")
    target = _read_target(name, targets[name])
    return Settings(
        root=root,
        workspace=str(config.get("workspace", DEFAULT_WORKSPACE)),
        former_names=tuple(map(str, cast("list[str]", config.get("workspace_was", [])))),
        target=target,
        include=tuple(map(str, cast("list[str]", config.get("include", [])))),
        foreign=frozenset(cast("list[int]", config.get("foreign", []))),
        limits=cast("Mapping[str, object]", config.get("guardrails", {})),
        named_accounts=_find_named_accounts(target, [_read_target(each, targets[each]) for each in targets]),
        price_moved_pct=read_price_moved_pct(config),
        nested=tuple(map(str, cast("list[str]", config.get("nested", [])))),
        fees_pct=read_percents(config, "fees"),
        maintenance_margin_pct=read_percents(config, "maintenance_margin_pct"),
        document=document,
        freezes=read_freezes(config, environment),
        policy=read_policy(config),
    )


def read_freezes(config: Mapping[str, object], environment: Mapping[str, str]) -> tuple[Freeze, ...]:
    """Read the freezes of a valid reconciler.yaml and of the environment."""
    found: list[Freeze] = []
    if isinstance(freeze := config.get("freeze"), Mapping):
        until = freeze.get("until")
        words = cast("list[str]", freeze.get("allow", sorted(DEFAULT_ALLOWED)))
        found.append(
            Freeze(
                source=FreezeSource.CONFIG,
                reason=str(freeze["reason"]),
                until=None if until is None else read_instant(str(until)),
                allow=frozenset(map(Allowed, words)),
            )
        )
    by_variable = environment.get(FREEZE_VARIABLE, "").strip()
    if by_variable:
        found.append(Freeze(source=FreezeSource.VARIABLE, reason=by_variable))
    return tuple(found)


def read_policy(config: Mapping[str, object]) -> tuple[str, ...]:
    """Read the command of the user's own rules from a valid reconciler.yaml; empty if there is none."""
    command = config.get("policy", ())
    return tuple(shlex.split(command)) if isinstance(command, str) else tuple(map(str, cast("list[str]", command)))


def read_percents(config: Mapping[str, object], key: str) -> dict[str, Decimal]:
    """Read a percentage for each alias from a valid reconciler.yaml.

    Args:
        config: Its content.
        key: `fees` or `maintenance_margin_pct`.
    """
    written = cast("Mapping[str, object]", config.get(key, {}))
    return {alias: to_decimal(percent) for alias, percent in written.items()}


def read_targets(config: Mapping[str, object]) -> dict[str, Target]:
    """Read all targets of a valid reconciler.yaml, by name.

    Args:
        config: Its content; empty if there is none.
    """
    return {name: _read_target(name, target) for name, target in _list_targets(config).items()}


def read_price_moved_pct(config: Mapping[str, object]) -> Decimal:
    """Read how far a price may move between the review and a market order, in percent; of two values the smaller.

    Args:
        config: The content of a valid reconciler.yaml.
    """
    guardrails = cast("Mapping[str, object]", config.get("guardrails", {}))
    stated = [group["price_moved_pct"] for group in (config, guardrails) if "price_moved_pct" in group]
    return min(map(to_decimal, stated), default=DEFAULT_PRICE_MOVED_PCT)


def read_credentials(environment: Mapping[str, str]) -> AnyCredentials:
    """Read the API key of the environment, with its secret or with an RSA private key, as text or in a file.

    Raises:
        UsageError: There is none, there are several, or it is invalid. No message shows any part of a secret.
    """
    from reconciler.live.signing import Credentials, RsaCredentials

    api_key = environment.get(KEY_VARIABLE, "")
    given = [name for name in (SECRET_VARIABLE, RSA_VARIABLE, RSA_FILE_VARIABLE) if environment.get(name)]
    if not api_key or not given:
        raise UsageError(
            f"an api target needs {KEY_VARIABLE} and {SECRET_VARIABLE} in the environment (or {RSA_VARIABLE} or "
            f"{RSA_FILE_VARIABLE} for a self-generated key); to try things out use a sandbox target, which needs no key"
        )
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are set, expected one of them: unset the others")
    if given == [SECRET_VARIABLE]:
        return Credentials(api_key=api_key, api_secret=environment[SECRET_VARIABLE])
    if given == [RSA_VARIABLE]:
        # Some secret stores allow only one line. No PEM text contains a backslash.
        return RsaCredentials(api_key=api_key, private_key=environment[RSA_VARIABLE].replace("\\n", "\n"))
    return RsaCredentials(api_key=api_key, private_key=_read_key_file(environment[RSA_FILE_VARIABLE]))


def is_ci(environment: Mapping[str, str]) -> bool:
    """Return whether a pipeline runs the program: `CI` is set and does not mean no."""
    return environment.get("CI", "").strip().lower() not in _OFF_WORDS


def read_allowed_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read the additional hosts that may get credentials (`RECONCILER_ALLOWED_HOSTS`, separated by commas)."""
    names = environment.get(ALLOWED_HOSTS_VARIABLE, "").split(",")
    return tuple(name.strip() for name in names if name.strip())


def read_journal_url(environment: Mapping[str, str]) -> str:
    """Read the address of a journal outside the workspace. It may contain a password and is never shown unchanged."""
    return environment.get(JOURNAL_URL_VARIABLE, "").strip()


def find_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Find the secrets of the environment, which must never be written anywhere.

    Each line of a private key counts, since line ends may change. A short last line is too common a text to count.
    """
    key_lines = environment.get(RSA_VARIABLE, "").replace("\\n", "\n").splitlines()
    secret_lines = [line for line in key_lines if len(line) >= _TELLING_CHARS and not _PEM_EDGE.match(line)]
    given = [environment.get(name, "") for name in (KEY_VARIABLE, SECRET_VARIABLE)]
    return tuple(secret for secret in (*given, *secret_lines, *_find_notify_secrets(environment)) if secret)


def find_notify_urls(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Find the addresses for notifications. They hold secrets and are never shown."""
    return tuple(environment.get(NOTIFY_URLS_VARIABLE, "").split())


def _find_notify_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Find the addresses for notifications, and the long words in them, which are tokens."""
    urls = find_notify_urls(environment)
    words = (word for url in urls for word in re.split(r"[^A-Za-z0-9_-]+", url) if len(word) >= _TELLING_CHARS)
    return (*urls, *words)


def find_passwords(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Find the password in the address of the journal, as written there and decoded.

    It is never sent to the API. It may be a common word, so it is not hidden everywhere.
    """
    password = _find_password(read_journal_url(environment))
    return tuple({password, unquote(password)}) if password else ()


def _find_password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def _read_key_file(name: str) -> str:
    try:
        return read_input(Path(name), _MAX_KEY_BYTES).decode("ascii")
    except OSError as error:
        raise UsageError(f"{RSA_FILE_VARIABLE}: {name} cannot be read: {error.strerror}") from error
    except ValueError:
        pass
    raise UsageError(f"{RSA_FILE_VARIABLE}: {name} is not a PEM file")


def show_path(path: Path) -> str:
    """Show a path as the user would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _read_config(root: Path, environment: Mapping[str, str]) -> Document | None:
    from reconciler.loading.files import load_file
    from reconciler.loading.secrets import hide_values
    from reconciler.validation.schemas import validate_config

    path = root / CONFIG_FILE
    if not os.path.lexists(path) and find_fault(path, root) == NOT_THERE:
        return None
    document, problems = load_file(path, show_path(path), root)
    if document is not None:
        problems += validate_config(document)
    if document is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise InvalidPlanFiles(hide_values(problems, (*find_secrets(environment), *find_passwords(environment))))
    return document


def _list_targets(config: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    return cast("Mapping[str, Mapping[str, object]]", config.get("targets") or {"sandbox": {"kind": "sandbox"}})


def _default_target(
    config: Mapping[str, object],
    targets: Mapping[str, Mapping[str, object]],
    environment: Mapping[str, str],
    *,
    is_live: bool,
) -> str:
    """Find the default target. In CI, where nobody watches, an api target must be named."""
    has_api = any(target["kind"] == TargetKind.API for target in targets.values())
    if is_live and is_ci(environment) and has_api:
        raise UsageError(f"with CI set, name the target: --target {' or --target '.join(targets)}")
    named = config.get("target")
    if isinstance(named, str):
        return named
    if is_live and len(targets) > 1:
        raise UsageError(f"name the target: --target {' or --target '.join(targets)}, or `target:` in {CONFIG_FILE}")
    return next(iter(targets))


def _read_target(name: str, target: Mapping[str, object]) -> Target:
    accounts = cast("Mapping[str, int]", target.get("accounts", DEFAULT_ACCOUNTS))
    if target["kind"] == TargetKind.SANDBOX:
        return Target(
            name=name,
            kind=TargetKind.SANDBOX,
            mode=Mode.PAPER,
            base_url=EMBEDDED_URL,
            accounts=accounts,
            requests_per_minute=EMBEDDED_REQUESTS_PER_MINUTE,
            settle_s=0,
            gateway_delay_s=0,
        )
    return Target(
        name=name,
        kind=TargetKind.API,
        mode=Mode(str(target["mode"])),
        base_url=str(target.get("base_url", API_URL)),
        accounts=accounts,
        requests_per_minute=cast("int", target.get("requests_per_minute", DEFAULT_REQUESTS_PER_MINUTE)),
        settle_s=cast("int", target.get("settle", DEFAULT_SETTLE_S)),
        is_locked_outside=target.get("lock") == "external",
        gateway_delay_s=cast("int", target.get("gateway_delay", DEFAULT_GATEWAY_DELAY_S)),
    )


def _find_named_accounts(target: Target, others: Iterable[Target]) -> frozenset[int]:
    """Find the accounts of all targets that see the same trades."""
    alike = [
        each for each in others if (each.kind, each.mode, each.base_url) == (target.kind, target.mode, target.base_url)
    ]
    return frozenset(number for each in (target, *alike) for number in each.account_ids)
