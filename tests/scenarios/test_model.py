"""The model says of every command what the documents do, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios._model import CONFLICT, CREATED, OK, REFUSED, REPLAYED, Act, Command, Document, Expected, Model, View

if TYPE_CHECKING:
    from collections.abc import Sequence

BODY = {"type": "strength", "observation": "One.", "observation_date": "1999-03-02"}
WHOLE = {**BODY, "impact": None, "recommended_action": None, "attribute_ids": []}
CREATE = Command(Act.CREATE, "first", BODY)
UPDATE = Command(Act.UPDATE, "first", {"impact": "Two."})
READ, ARCHIVE, RESTORE = (Command(act, "first") for act in (Act.READ, Act.ARCHIVE, Act.RESTORE))
VIEW = View("1999-03-01", "1999-03-03")


def played(commands: Sequence[Command]) -> Expected:
    """Tell what the last of some commands must be answered."""
    model = Model()
    return [model.expect(command) for command in commands][-1]


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([CREATE], Expected(CREATED, document=Document(WHOLE))),
        ([CREATE, READ], Expected(OK, document=Document(WHOLE))),
        ([CREATE, UPDATE], Expected(OK, document=Document({**WHOLE, "impact": "Two."}))),
        ([CREATE, ARCHIVE], Expected(OK, document=Document(WHOLE, archived=True))),
        ([CREATE, RESTORE], Expected(CONFLICT, "conflict")),
        ([CREATE, ARCHIVE, ARCHIVE], Expected(CONFLICT, "conflict")),
        ([CREATE, ARCHIVE, UPDATE], Expected(REFUSED)),
        ([CREATE, ARCHIVE, UPDATE, READ], Expected(OK, document=Document(WHOLE, archived=True))),
        ([CREATE, ARCHIVE, RESTORE], Expected(OK, document=Document(WHOLE))),
        ([CREATE, UPDATE, Command(Act.REPLAY, "first")], Expected(REPLAYED)),
        ([CREATE, Command(Act.REUSE, "first", {"observation": "Two."})], Expected(CONFLICT, "conflict")),
        (
            [CREATE, UPDATE, Command(Act.REPLAY, "first"), READ],
            Expected(OK, document=Document({**WHOLE, "impact": "Two."})),
        ),
    ],
    ids=lambda value: "-".join(one.act.name.lower() for one in value) if isinstance(value, list) else "",
)
def test_a_sequence_is_answered(commands: Sequence[Command], expected: Expected) -> None:
    """As the documents say, command by command."""
    assert expected == played(commands)


@pytest.mark.parametrize(
    ("view", "archived", "shown"),
    [
        (VIEW, False, True),
        (VIEW, True, False),
        (View("1999-03-01", "1999-03-03", archived="true"), True, True),
        (View("1999-03-01", "1999-03-03", archived="true"), False, False),
        (View("1999-03-01", "1999-03-03", archived="all"), True, True),
        (View("1999-03-02", "1999-03-02"), False, True),
        (View("1999-03-03", "1999-03-03"), False, False),
        (View("1999-03-01", "1999-03-03", type="strength"), False, True),
        (View("1999-03-01", "1999-03-03", type="opportunity"), False, False),
        (View("1999-03-01", "1999-03-03", attribute_id="attr_1"), False, False),
    ],
)
def test_a_list_shows(view: View, archived: bool, shown: bool) -> None:  # noqa: FBT001  # expected
    """What its filters leave, archived ones only where they are asked for."""
    commands = [CREATE, *([ARCHIVE] if archived else []), Command(Act.LIST, view=view)]
    assert played(commands).names == (frozenset({"first"}) if shown else frozenset())


def test_a_list_is_asked_for_with_what_it_is_narrowed_by() -> None:
    """What is left out is no parameter."""
    assert View("1999-03-01", "1999-03-03", sort="created_at", limit=1).query("emp_1") == [
        ("filter[employee_id]", "emp_1"),
        ("filter[observation_date][gte]", "1999-03-01"),
        ("filter[observation_date][lte]", "1999-03-03"),
        ("sort", "created_at"),
        ("limit", "1"),
    ]


@pytest.mark.parametrize(
    ("sort", "values", "in_order"),
    [
        (None, ["1999-03-03", "1999-03-02", "1999-03-02"], True),
        (None, ["1999-03-02", "1999-03-03"], False),
        ("observation_date", ["1999-03-02", "1999-03-03"], True),
        ("created_at", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z"], True),
        ("-created_at", ["2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00Z"], True),
        ("created_at", ["2026-01-01T00:00:00Z", "2026-01-01T01:30:00+01:00"], True),
    ],
)
def test_an_order_is_one_of_days_or_moments(sort: str | None, values: list[str], in_order: bool) -> None:  # noqa: FBT001
    """However precisely a moment is written, and with whatever offset; newest days first where none is asked for."""
    name = (sort or "observation_date").lstrip("-")
    view = View("1999-03-01", "1999-03-03", sort=sort)
    assert view.in_order([{name: value} for value in values]) is in_order


def test_an_expectation_is_said_in_words() -> None:
    """As a person would."""
    assert [Expected(REFUSED).words, Expected(REPLAYED).words, Expected(CONFLICT, "conflict").words] == [
        "4xx",
        "200 or 201",
        "409 conflict",
    ]
