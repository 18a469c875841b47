"""The group of a field, by its path."""

from __future__ import annotations

import pytest

from reconciler.model.field_groups import ENTRY_GROUPS, EXIT_GROUPS, STOP_STATUS_PATH, FieldGroup


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("account_id", FieldGroup.ACCOUNT),
        ("skip_enter_step", FieldGroup.OWN_FUNDS),
        ("position.conditional.price.value", FieldGroup.POSITION),
        ("take_profit.steps[0].volume", FieldGroup.TAKE_PROFIT),
        ("stop_loss", FieldGroup.STOP_LOSS),
        (STOP_STATUS_PATH, FieldGroup.STOP_LOSS),
        ("averaging[1].price.value", FieldGroup.AVERAGING),
        ("stop_losses.x", FieldGroup.UNKNOWN),
        ("", FieldGroup.UNKNOWN),
    ],
)
def test_a_path_belongs_to_the_group_that_it_begins_with(path: str, group: FieldGroup) -> None:
    assert FieldGroup.of(path) is group


def test_entry_and_exits_share_no_group() -> None:
    assert not set(ENTRY_GROUPS) & set(EXIT_GROUPS)
