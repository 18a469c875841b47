"""Settings of a workspace from reconciler.yaml and the environment, and the secrets of the environment."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.live.signing import Credentials, RsaCredentials
from reconciler.model.targets import Mode, TargetKind
from reconciler.settings import (
    find_passwords,
    find_secrets,
    is_ci,
    load_settings,
    read_allowed_hosts,
    read_credentials,
)
from tests.support.published_vectors import (
    CHANGE_MODE,
    JSON_BODY,
    KEY,
    RSA_JSON_SIGNATURE,
    RSA_KEY_FILE,
    RSA_PRIVATE_KEY,
    SECRET,
)

API_KEY = {"THREE_COMMAS_API_KEY": KEY}


def test_a_secret_gives_an_hmac_key() -> None:
    read = read_credentials({**API_KEY, "THREE_COMMAS_API_SECRET": SECRET})

    assert read == Credentials(api_key=KEY, api_secret=SECRET)


@pytest.mark.parametrize(
    "given",
    [
        {"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY},
        {"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY.replace("\n", "\\n")},
        {"THREE_COMMAS_RSA_PRIVATE_KEY_FILE": str(RSA_KEY_FILE)},
    ],
    ids=["text", "text on one line", "file"],
)
def test_a_private_key_gives_an_rsa_key(given: dict[str, str]) -> None:
    read = read_credentials({**API_KEY, **given})

    assert isinstance(read, RsaCredentials)
    assert read.sign(CHANGE_MODE, JSON_BODY) == RSA_JSON_SIGNATURE


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "needs THREE_COMMAS_API_KEY and THREE_COMMAS_API_SECRET"),
        (API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE for a self-generated key"),
        ({"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY}, "needs THREE_COMMAS_API_KEY"),
        (
            {**API_KEY, "THREE_COMMAS_API_SECRET": SECRET, "THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY},
            "THREE_COMMAS_API_SECRET and THREE_COMMAS_RSA_PRIVATE_KEY are set, .* unset the others",
        ),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY": "MIIEpQIBAAKCAQEA"}, "cannot be read: expected a PEM text"),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": "nowhere.pem"}, "nowhere.pem cannot be read: No such file"),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": "."}, "cannot be read: Is a directory"),
    ],
)
def test_credentials_that_cannot_be_are_refused_without_being_shown(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read_credentials(given)

    assert not any(secret in str(caught.value) for secret in (KEY, SECRET, "MIIE"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.der"
    path.write_bytes(b"\x30\x82\xff")
    with pytest.raises(UsageError, match=r"key\.der is not a PEM file") as caught:
        read_credentials({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": str(path)})

    assert caught.value.__context__ is None


def test_a_private_key_is_found_line_by_line_but_for_what_could_be_any_text() -> None:
    lines = RSA_PRIVATE_KEY.splitlines()
    found = find_secrets({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY": "\\n".join([*lines[:-1], "AbCd", lines[-1]])})

    assert set(found) == {KEY, *(line for line in lines[1:-1] if len(line) >= 16)}


def test_the_password_of_the_journal_is_found_in_both_its_forms() -> None:
    found = find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://me:p%40ss@host/journal"})

    assert set(found) == {"p%40ss", "p@ss"}
    assert find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://[broken"}) == ()
    assert find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://me@host/journal"}) == ()


CONFIG = """\
version: 1
workspace: prod-7f3a
workspace_was: [old]
include: ["spot/*.yaml"]
foreign: [7]
target: paper
targets:
  paper: {kind: api, mode: paper, accounts: {main: 1}, gateway_delay: 60, settle: 5}
  spare: {kind: api, mode: paper, accounts: {main: 2}}
  real: {kind: api, mode: real, accounts: {main: 3}}
  local: {kind: sandbox}
"""


def make_workspace(folder: Path, text: str = CONFIG) -> Path:
    (folder / "reconciler.yaml").write_text(text)
    return folder


def test_reconciler_yaml_is_read_and_the_rest_is_by_default(tmp_path: Path) -> None:
    settings = load_settings(make_workspace(tmp_path), None, {})
    target = settings.target
    assert (target.name, target.kind, target.mode) == ("paper", TargetKind.API, Mode.PAPER)
    assert (target.gateway_delay_s, target.settle_s) == (60, 5)
    assert target.account_ids == {1}
    assert settings.workspaces == {"prod-7f3a", "old"}
    assert settings.include == ("spot/*.yaml",)
    assert settings.foreign == {7}
    assert load_settings(tmp_path, "spare", {}).target.settle_s == 10


def test_accounts_of_all_targets_with_the_same_mode_and_address_are_known(tmp_path: Path) -> None:
    assert load_settings(make_workspace(tmp_path), "paper", {}).named_accounts == {1, 2}
    assert load_settings(tmp_path, "real", {}).named_accounts == {3}


def test_figures_of_accounts_are_read_as_exact_numbers(tmp_path: Path) -> None:
    text = "version: 1\nfees: {main: 0.075}\nmaintenance_margin_pct: {main: 0.5}\n"
    settings = load_settings(make_workspace(tmp_path, text), None, {})
    assert settings.fees_pct == {"main": Decimal("0.075")}
    assert settings.maintenance_margin_pct == {"main": Decimal("0.5")}


def test_without_a_reconciler_yaml_the_sandbox_is_the_target(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, None, {})
    assert settings.target.is_sandbox
    assert (settings.workspace, settings.document) == ("local", None)


def test_in_ci_nothing_is_chosen_for_the_user(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"has no reconciler\.yaml"):
        load_settings(tmp_path, None, {"CI": "true"})
    make_workspace(tmp_path)
    with pytest.raises(UsageError, match="with CI set, name the target: --target paper or"):
        load_settings(tmp_path, None, {"CI": "true"})
    assert load_settings(tmp_path, "real", {"CI": "true"}).target.mode is Mode.REAL


def test_a_target_must_exist_and_one_of_several_must_be_named(tmp_path: Path) -> None:
    make_workspace(tmp_path, CONFIG.replace("target: paper\n", ""))
    with pytest.raises(UsageError, match="there is no target 'prod'"):
        load_settings(tmp_path, "prod", {})
    with pytest.raises(UsageError, match="name the target: --target paper or --target spare"):
        load_settings(tmp_path, None, {})
    assert load_settings(tmp_path, None, {}, is_live=False).target.name == "paper"


def test_a_reconciler_yaml_with_problems_is_refused_and_shows_no_secret(tmp_path: Path) -> None:
    make_workspace(tmp_path, "version: 1\nworkspace: [hunter22]\n")
    with pytest.raises(InvalidPlanFiles) as caught:
        load_settings(tmp_path, None, {"THREE_COMMAS_API_SECRET": "hunter22"})
    assert caught.value.problems
    assert "hunter22" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    ("value", "is_set"), [("true", True), ("1", True), ("", False), ("0", False), ("No", False), ("OFF", False)]
)
def test_ci_is_set_to_anything_that_does_not_mean_no(value: str, *, is_set: bool) -> None:
    assert is_ci({"CI": value}) is is_set
    assert not is_ci({})


def test_hosts_are_separated_by_commas() -> None:
    assert read_allowed_hosts({"RECONCILER_ALLOWED_HOSTS": "a.example, b.example,,"}) == ("a.example", "b.example")
    assert read_allowed_hosts({}) == ()
