"""The workspace of the library: its examples, and that it is as safe as the command."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import reconciler
from reconciler.errors import (
    BaseUnreadable,
    Frozen,
    GuardrailError,
    InvalidPlanFiles,
    SavedPlanError,
    StalePlanError,
    UsageError,
    WorkspaceError,
)
from reconciler.model.targets import Mode
from reconciler.workflows import workspace as library
from reconciler.workflows.connection import open_sandbox
from reconciler.workflows.new_workspace import FIRST_PLAN

CONFIG = """\
version: 1
workspace: first
targets:
  sandbox: {kind: sandbox, accounts: {main: 1}}
"""
FUNCTIONS: tuple[Callable[..., object], ...] = (
    library.open_workspace,
    library.Workspace.validate,
    library.Workspace.plan,
    library.Workspace.apply,
    library.Workspace.apply_reviewed,
    library.Workspace.freeze,
    library.Workspace.unfreeze,
    library.Workspace.drift,
    library.Workspace.status,
    library.Workspace.import_trades,
)


CLOSED = FIRST_PLAN + "    state: closed\n"


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in the folder `plans` below the current one."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "reconciler.yaml").write_text(CONFIG)
    (folder / "btc-dip.yaml").write_text(FIRST_PLAN)
    return folder


@pytest.mark.parametrize("thing", FUNCTIONS, ids=lambda thing: thing.__name__)
@pytest.mark.usefixtures("plans")
def test_the_example_of_a_docstring_gives_what_it_says(thing: Callable[..., object]) -> None:
    name = getattr(thing, "__name__", "")
    example = doctest.DocTestParser().get_doctest(str(thing.__doc__), {}, name, None, None)
    if name == "import_trades":
        with reconciler.open_workspace("plans") as workspace:
            workspace.apply(workspace.plan())
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(example).failed == 0


def test_nothing_is_printed_and_progress_goes_to_callbacks(plans: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    seen: list[str] = []
    with reconciler.open_workspace(plans, report=told.append) as workspace:
        applied = workspace.apply(workspace.plan(), on_outcome=lambda outcome: seen.append(outcome.operation.trade))
        workspace.status()
        (live_id,) = (outcome.live_id for outcome in applied.outcomes)
        (plans / "btc-dip.yaml").unlink()
        workspace.import_trades([live_id or 0], mode=reconciler.ImportMode.WRITE)
    assert seen == ["btc-dip"]
    assert told == ["Wrote plans/imported.yaml."]
    assert capfd.readouterr() == ("", "")


def test_a_workspace_that_is_closed_or_missing_is_refused(plans: Path) -> None:
    with reconciler.open_workspace(plans) as workspace:
        pass
    with pytest.raises(WorkspaceError, match="is closed"):
        workspace.plan()
    with pytest.raises(WorkspaceError, match="nowhere: no such folder"):
        reconciler.open_workspace("nowhere")


def test_problems_are_values_for_validate_and_an_error_for_all_else(plans: Path) -> None:
    (plans / "btc-dip.yaml").write_text(FIRST_PLAN.replace("buy", "bye"))
    workspace = reconciler.open_workspace(plans)
    (problem,) = workspace.validate()
    assert problem.line == 6
    assert workspace.validate(paths=[plans / "reconciler.yaml"]) == ()
    with pytest.raises(InvalidPlanFiles):
        workspace.plan()
    (plans / "reconciler.yaml").write_text("version: 2\n")
    assert [each.file for each in workspace.validate()] == ["plans/reconciler.yaml"]


def test_trades_and_paths_narrow_a_plan(plans: Path) -> None:
    (plans / "other.yaml").write_text(FIRST_PLAN.replace("btc-dip", "other").replace("60000", "50000"))
    workspace = reconciler.open_workspace(plans)
    assert [each.trade for each in workspace.plan(trades=["other"]).operations] == ["other"]
    assert [each.trade for each in workspace.plan(paths=[plans / "btc-dip.yaml"]).operations] == ["btc-dip"]
    with pytest.raises(UsageError, match="no trade is named nobody"):
        workspace.drift(trades=["nobody"])
    with pytest.raises(UsageError, match="no such file or folder"):
        workspace.status(paths=["nowhere.yaml"])


def _price(plans: Path, last: str) -> None:
    from decimal import Decimal

    from reconciler.sandbox.exchange.exchange import Sandbox

    with Sandbox(plans / ".reconciler" / "sandbox.sqlite") as sandbox:
        sandbox.set_price("USDT_BTC", Decimal(last))


def test_a_guardrail_must_be_acknowledged_with_its_exact_count(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    workspace.apply(workspace.plan())
    _price(plans, "59900")
    (plans / "btc-dip.yaml").write_text(FIRST_PLAN + "    state: closed\n")
    plan = workspace.plan()
    for acknowledged in ({}, {"closes": 2}):
        with pytest.raises(GuardrailError):
            workspace.apply(plan, acknowledged=acknowledged)
    assert workspace.apply(plan, acknowledged={"closes": 1}).outcomes[0].kind is reconciler.OutcomeKind.APPLIED


def test_a_plan_that_does_not_fit_any_more_sends_nothing(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    workspace.apply(workspace.plan())
    (plans / "btc-dip.yaml").write_text(FIRST_PLAN.replace("price: 60000", "price: 60500"))
    plan = workspace.plan()
    _price(plans, "59900")
    with pytest.raises(StalePlanError, match="nothing was sent"):
        workspace.apply(plan)


def test_a_plan_for_another_target_or_from_another_day_is_refused(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    plan = workspace.plan()
    context = plan.context
    with pytest.raises(SavedPlanError, match="made for mode"):
        workspace.apply(replace(plan, context=replace(context, mode=Mode.REAL)))
    with pytest.raises(StalePlanError, match="expired"):
        workspace.apply(replace(plan, context=replace(context, expires_at=context.made_at)))
    assert workspace.status().trades[0].live_id is None


def test_what_was_reviewed_is_carried_out_again_and_the_rest_is_refused_by_name(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    reviewed = workspace.plan()
    expired = replace(reviewed, context=replace(reviewed.context, expires_at=reviewed.context.made_at))
    second = FIRST_PLAN.partition("trades:\n")[2].replace("btc-dip", "btc-deep").replace("60000", "59000")
    (plans / "btc-dip.yaml").write_text(FIRST_PLAN + second)
    kinds = {each.operation.trade: each.kind.value for each in workspace.apply_reviewed(expired).outcomes}
    assert kinds == {"btc-deep": "stale", "btc-dip": "applied"}
    with pytest.raises(StalePlanError, match="btc-deep"):
        workspace.apply_reviewed(expired)


def test_a_freeze_holds_back_what_adds_risk_until_it_is_lifted(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    plan = workspace.plan()
    for reason, until in ((" ", None), ("x", datetime(2020, 1, 1, tzinfo=UTC)), ("x", datetime(2099, 1, 1))):  # noqa: DTZ001
        with pytest.raises(UsageError):
            workspace.freeze(reason, until=until)
    (freeze,) = workspace.freeze(" exchange is down ", until=datetime(2099, 1, 1, tzinfo=UTC))
    assert freeze.reason == "exchange is down"
    with pytest.raises(Frozen, match="exchange is down"):
        workspace.apply(plan)
    assert workspace.unfreeze("it is up again") == ()
    assert workspace.apply(plan).outcomes[0].kind is reconciler.OutcomeKind.APPLIED


def test_nothing_is_begun_after_a_stop(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    applied = workspace.apply(workspace.plan(), should_stop=lambda: True)
    assert applied.was_interrupted
    assert [outcome.kind for outcome in applied.outcomes] == [reconciler.OutcomeKind.NOT_STARTED]


def test_an_import_goes_as_far_as_it_is_asked_to(plans: Path) -> None:
    workspace = reconciler.open_workspace(plans)
    workspace.apply(workspace.plan())
    (plans / "btc-dip.yaml").unlink()
    # A copy of the workspace under another name does not know the trade.
    (plans / "reconciler.yaml").write_text(CONFIG.replace("first", "second"))
    refused = workspace.import_trades([30000001]).refused
    assert [each.live_id for each in refused] == [30000001]


@pytest.fixture
def closing(plans: Path) -> Path:
    """The same workspace, whose trade was entered and is to be closed."""
    with reconciler.open_workspace("plans") as workspace:
        workspace.apply(workspace.plan())
    with open_sandbox(plans / ".reconciler" / "sandbox.sqlite") as sandbox:
        sandbox.set_price("USDT_BTC", Decimal(59900))
    (plans / "btc-dip.yaml").write_text(CLOSED)
    return plans


@pytest.mark.usefixtures("closing")
def test_what_is_acknowledged_with_the_plan_needs_no_word_when_it_is_applied() -> None:
    with reconciler.open_workspace("plans") as workspace:
        with pytest.raises(GuardrailError):
            workspace.apply(workspace.plan())
        plan = workspace.plan(acknowledged={"closes": 1})
        assert plan.is_applicable
        read = reconciler.read_plan(reconciler.write_plan(plan))
        assert read.acknowledged == {"closes": Decimal(1)}
        (outcome,) = workspace.apply(read).outcomes
    assert outcome.kind == "applied"


@pytest.mark.usefixtures("closing")
@pytest.mark.parametrize("acknowledged", [{"closes": 2}, {"unprotects": 1}])
def test_what_fits_nothing_is_a_warning_and_is_not_held(acknowledged: dict[str, int]) -> None:
    with reconciler.open_workspace("plans") as workspace:
        plan = workspace.plan(acknowledged=acknowledged)
        assert plan.acknowledged == {}
        assert not plan.is_applicable
        assert "has no effect" in reconciler.render_plan(plan)


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("acknowledged", [{"all": 1}, {"closes": Decimal("0.5")}, {"sells": 1}])
def test_what_cannot_be_acknowledged_is_an_error(acknowledged: dict[str, Decimal]) -> None:
    with reconciler.open_workspace("plans") as workspace, pytest.raises(UsageError, match="--acknowledge"):
        workspace.plan(acknowledged=acknowledged)


@pytest.mark.usefixtures("plans")
def test_a_base_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with reconciler.open_workspace("plans") as workspace:
        with pytest.raises(BaseUnreadable):
            workspace.plan(base="gone")
        monkeypatch.setenv("GITHUB_BASE_REF", "main")
        with pytest.raises(BaseUnreadable, match="GITHUB_BASE_REF"):
            workspace.plan()
