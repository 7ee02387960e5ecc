"""The facts of the contract, each held against the documents by hand."""

from __future__ import annotations

import pytest

from conformance.contract import errors, headers, observation, queries, resources
from conformance.contract.resources import Shape


def test_there_are_14_resources() -> None:
    """The paths are those of the resource list, the OpenAPI document apart."""
    assert [resource.path for resource in resources.RESOURCES] == [
        "/employees",
        "/observations",
        "/conversations",
        "/summaries",
        "/team-summaries",
        "/employee-objectives",
        "/manager-objectives",
        "/assignments",
        "/review-items",
        "/notifications",
        "/preferences",
        "/search",
        "/webhooks",
        "/session",
    ]


def test_what_the_documents_leave_open_is_said() -> None:
    """Whether preferences and search are collections is not taken for granted."""
    unstated = [resource.name for resource in resources.RESOURCES if resource.shape is Shape.UNSTATED]
    assert unstated == ["preferences", "search"]


def test_there_are_six_operations_on_observations() -> None:
    """Each has its documented method, path and success."""
    assert [(operation.label, operation.status) for operation in resources.OPERATIONS] == [
        ("GET /observations", 200),
        ("GET /observations/{id}", 200),
        ("POST /observations", 201),
        ("PATCH /observations/{id}", 200),
        ("POST /observations/{id}/archive", 200),
        ("POST /observations/{id}/restore", 200),
    ]


def test_a_resource_is_found_by_name() -> None:
    """A resource is looked up by its path without the slash."""
    assert resources.resource("assignments").title == "Feedback assignments"


def test_an_observation_has_11_fields() -> None:
    """They are those of the field reference, in its order."""
    assert tuple(observation.FIELD) == (
        "id",
        "employee_id",
        "type",
        "observation",
        "impact",
        "recommended_action",
        "attribute_ids",
        "observation_date",
        "created_at",
        "updated_at",
        "archived_at",
    )


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (observation.REQUIRED, ("employee_id", "type", "observation")),
        (observation.READ_ONLY, ("id", "created_at", "updated_at", "archived_at")),
        (observation.PATCHABLE, ("observation", "impact", "recommended_action", "attribute_ids")),
        (observation.CLEARABLE, ("impact", "recommended_action")),
    ],
    ids=["required", "read_only", "patchable", "clearable"],
)
def test_fields_fall_into_groups(group: tuple[str, ...], names: tuple[str, ...]) -> None:
    """What a client must, can't and may send is as documented."""
    assert group == names


@pytest.mark.parametrize(
    ("name", "bounds"),
    [("observation", (1, 4000)), ("impact", (0, 2000)), ("recommended_action", (0, 2000))],
)
def test_texts_have_their_bounds(name: str, bounds: tuple[int, int]) -> None:
    """The lengths of the three texts, both ends included."""
    field = observation.FIELD[name]
    assert (field.min_length, field.max_length) == bounds


def test_nullable_fields() -> None:
    """Three fields may be null."""
    nullable = [field.name for field in observation.FIELDS if field.nullable]
    assert nullable == ["impact", "recommended_action", "archived_at"]


def test_the_documents_own_id_is_an_id() -> None:
    """The example of the documents has the form of OBS-02, though it is no strict ULID."""
    example = "obs_01HXX9YK7Z8N2P3Q4R5S6T7U8V"
    assert observation.ID_PATTERN.fullmatch(example) is not None
    assert observation.STRICT_ID_PATTERN.fullmatch(example) is None


@pytest.mark.parametrize(
    ("ulid", "strict"),
    [
        ("01HXX9YK7Z8N2P3Q4R5S6T7V8V", True),
        ("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", True),
        ("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", False),
        ("01HXX9YK7Z8N2P3Q4R5S6T7I8V", False),
    ],
)
def test_strict_ulids(ulid: str, strict: object) -> None:
    """A strict ULID keeps to Crockford's alphabet and to 128 bits."""
    assert (observation.STRICT_ID_PATTERN.fullmatch(f"obs_{ulid}") is not None) is strict


def test_the_observation_list_has_its_parameters() -> None:
    """They are those of the list's own table, in its order."""
    assert queries.LIST_PARAMETERS == (
        "limit",
        "cursor",
        "sort",
        "filter[employee_id]",
        "filter[manager_id]",
        "filter[type]",
        "filter[archived]",
        "filter[attribute_id]",
        "filter[observation_date][gte]",
        "filter[observation_date][lte]",
        "filter[created_at][gte]",
        "filter[created_at][lte]",
        "expand",
    )


def test_bounds_of_a_date_are_told_from_general_operators() -> None:
    """Each operator of the overview is either the list's own or a general one."""
    dated = [known for known in queries.FILTERS["observations"] if known.operators]
    assert [sorted(known.operators + known.general) for known in dated] == [sorted(queries.OPERATORS)] * 2


def test_filtered_types_are_the_types() -> None:
    """The filter takes the values that the field has."""
    by_field = {known.field: known for known in queries.FILTERS["observations"]}
    assert by_field["type"].values == observation.TYPES


def test_pages_hold_50_and_at_most_100() -> None:
    """The default and the largest limit."""
    assert (queries.LIMIT_DEFAULT, queries.LIMIT_MAX) == (50, 100)


def test_expand_replaces_an_id_field() -> None:
    """Each path on an observation stands for a field that it has."""
    assert {expand.id_field for expand in queries.EXPANDS["observations"]} - set(observation.FIELD) == set()


def test_statuses_and_codes_are_one_to_one() -> None:
    """Each status of the table has one code, and each code one status."""
    assert {status: errors.ERROR_STATUSES[code] for status, code in errors.ERROR_CODES.items()} == {
        status: status for status in (400, 401, 403, 404, 409, 422, 429)
    }


def test_headers_are_named_once() -> None:
    """Only the request id travels in both directions."""
    request = {header.name for header in headers.REQUEST_HEADERS}
    assert request & {header.name for header in headers.RESPONSE_HEADERS} == {"X-Request-ID"}
