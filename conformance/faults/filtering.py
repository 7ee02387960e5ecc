"""Lies about filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.querying import asks, drops, names, serves, values
from conformance.faults.rewriting import is_list, refusal
from conformance.reference import HONEST, Behaviour
from conformance.reference.http import Pairs, answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.reference import Handler, Request, Response

    Item = dict[str, Any]

ARCHIVED = "filter[archived]"
MADE_UP = "conformance_made_up"


def _leaks_beside(start: str) -> Behaviour:
    """Let archived ones through where a parameter that begins like this is sent, and filter[archived] is not."""
    leaks = ((ARCHIVED, "all"),)
    return asks(lambda query: query + leaks * (_beside(query, start) and ARCHIVED not in names(query)))


def _beside(query: Pairs, start: str) -> bool:
    return any(name.startswith(start) for name in names(query))


def _tags(query: Pairs) -> list[str]:
    return [value for name, value in query if name == "filter[attribute_id]"]


@lies("FLT-02")
def filter_type_is_ignored() -> Behaviour:
    """filter[type] changes nothing."""
    return drops("filter[type]")


@lies("FLT-02")
def filter_type_knows_strengths_only() -> Behaviour:
    """filter[type]=opportunity is ignored."""
    return asks(lambda query: tuple(pair for pair in query if pair != ("filter[type]", "opportunity")))


@lies("FLT-02")
def filter_type_loses_the_untagged() -> Behaviour:
    """filter[type]=strength leaves out what has no attributes."""
    asked = ("filter[type]", "strength")
    return serves(lambda query, items: [one for one in items if asked not in query or one["attribute_ids"]])


@lies("FLT-03")
def archived_ones_are_listed() -> Behaviour:
    """Without filter[archived] everything is listed."""
    return asks(lambda query: query if ARCHIVED in names(query) else (*query, (ARCHIVED, "all")))


@lies("FLT-03")
def archived_false_means_all() -> Behaviour:
    """filter[archived]=false keeps archived ones."""
    return values(ARCHIVED, lambda value: "all" if value == "false" else value)


@lies("FLT-03")
def archived_leak_beside_manager() -> Behaviour:
    """Archived ones come through where a manager is asked for."""
    return _leaks_beside("filter[manager_id]")


@lies("FLT-03")
def archived_leak_beside_created_at() -> Behaviour:
    """Archived ones come through where created_at is bounded."""
    return _leaks_beside("filter[created_at]")


@lies("FLT-03")
def archived_leak_after_the_first_page() -> Behaviour:
    """Archived ones come in on the pages after the first."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not is_list(request) or not request.param("cursor") or request.param(ARCHIVED) or response.status != 200:
            return response
        page = response.json()
        archived = (await honest(request.with_query("cursor", None).with_query(ARCHIVED, "true"))).json()
        return response.with_json(page | {"data": page["data"] + archived["data"][:1]})

    return replace(HONEST, door=door)


@lies("FLT-04")
def archived_true_means_all() -> Behaviour:
    """filter[archived]=true keeps active ones."""
    return values(ARCHIVED, lambda value: "all" if value == "true" else value)


@lies("FLT-04")
def archived_true_is_forgotten_beside_type() -> Behaviour:
    """filter[archived]=true keeps active ones where a type is asked for."""

    def change(query: Pairs) -> Pairs:
        both = "filter[type]" in names(query) and (ARCHIVED, "true") in query
        return tuple((name, "all" if both and name == ARCHIVED else value) for name, value in query)

    return asks(change)


@lies("FLT-05")
def archived_all_means_false() -> Behaviour:
    """filter[archived]=all keeps active ones only."""
    return values(ARCHIVED, lambda value: "false" if value == "all" else value)


@lies("FLT-05")
def archived_all_means_true() -> Behaviour:
    """filter[archived]=all keeps archived ones only."""
    return values(ARCHIVED, lambda value: "true" if value == "all" else value)


@lies("FLT-06")
def filter_attribute_is_ignored() -> Behaviour:
    """filter[attribute_id] changes nothing."""
    return drops("filter[attribute_id]")


@lies("FLT-06")
def filter_attribute_sees_the_first_only() -> Behaviour:
    """filter[attribute_id] looks at the first attribute of an observation only."""

    def change(query: Pairs, items: list[Item]) -> list[Item]:
        return [one for one in items if not _tags(query) or one["attribute_ids"][0] in _tags(query)]

    return serves(change)


@lies("FLT-07")
def two_attributes_mean_both() -> Behaviour:
    """Two attribute filters keep what has both."""
    return serves(lambda query, items: [one for one in items if {*_tags(query)} <= {*one["attribute_ids"]}])


@lies("FLT-07")
def last_attribute_wins() -> Behaviour:
    """Of two attribute filters the last one counts."""
    return serves(lambda query, items: [one for one in items if {*_tags(query)[-1:]} <= {*one["attribute_ids"]}])


@lies("FLT-07")
def two_attributes_repeat_what_has_both() -> Behaviour:
    """What has both attributes is served twice."""

    def times(tags: Sequence[str], one: Item) -> int:
        return max(1, len({*tags} & {*one["attribute_ids"]}))

    return serves(lambda query, items: [one for one in items for _ in range(times(_tags(query), one))])


@lies("FLT-18")
def employee_wins_over_type() -> Behaviour:
    """filter[type] is ignored beside filter[employee_id]."""
    both = {"filter[type]", "filter[employee_id]"}
    return asks(lambda query: tuple(pair for pair in query if not (pair[0] == "filter[type]" and both <= names(query))))


@lies("FLT-18")
def last_bound_of_two_wins() -> Behaviour:
    """filter[observation_date][gte] is ignored beside [lte]."""
    lower, upper = "filter[observation_date][gte]", "filter[observation_date][lte]"
    return asks(lambda query: tuple(pair for pair in query if not (pair[0] == lower and upper in names(query))))


@lies("FLT-18")
def archived_true_wins_over_manager() -> Behaviour:
    """filter[manager_id] is ignored beside filter[archived]=true."""

    def change(query: Pairs) -> Pairs:
        return tuple(pair for pair in query if not (pair[0] == "filter[manager_id]" and (ARCHIVED, "true") in query))

    return asks(change)


def _overlooks(name: str, *, beside: str) -> Behaviour:
    """Overlook the filters that begin so where another begins like `beside`."""

    def change(query: Pairs) -> Pairs:
        return tuple(pair for pair in query if not (pair[0].startswith(name) and _beside(query, beside)))

    return asks(change)


@lies("FLT-18")
def attribute_is_ignored_beside_manager() -> Behaviour:
    """filter[attribute_id] is ignored beside filter[manager_id]."""
    return _overlooks("filter[attribute_id]", beside="filter[manager_id]")


@lies("FLT-18")
def attribute_is_ignored_beside_a_day() -> Behaviour:
    """filter[attribute_id] is ignored beside filter[observation_date]."""
    return _overlooks("filter[attribute_id]", beside="filter[observation_date]")


@lies("FLT-18")
def moment_is_ignored_beside_manager() -> Behaviour:
    """filter[created_at] is ignored beside filter[manager_id]."""
    return _overlooks("filter[created_at]", beside="filter[manager_id]")


@lies("FLT-18")
def manager_is_ignored_beside_type() -> Behaviour:
    """filter[manager_id] is ignored beside filter[type]."""
    return _overlooks("filter[manager_id]", beside="filter[type]")


@lies("FLT-18")
def type_is_ignored_beside_the_latest_moment() -> Behaviour:
    """filter[type] is ignored beside filter[created_at][lte]."""
    return _overlooks("filter[type]", beside="filter[created_at][lte]")


def _unsupported(request: Request) -> bool:
    return any(MADE_UP in name for name, _ in request.query)


@lies_at_the_door("FLT-19")
async def unknown_filter_is_refused(request: Request, honest: Handler) -> Response:
    """A filter on an unsupported field gets 400."""
    return refusal("validation_error", "filter") if _unsupported(request) else await honest(request)


@lies_at_the_door("FLT-19")
async def unknown_filter_of_observations_finds_nothing(request: Request, honest: Handler) -> Response:
    """A filter on an unsupported field of observations matches nothing."""
    empty = is_list(request) and _unsupported(request)
    return answer(200, {"data": [], "next_cursor": None, "has_more": False}) if empty else await honest(request)


@lies_at_the_door("FLT-19")
async def unknown_filter_switches_others_off(request: Request, honest: Handler) -> Response:
    """Beside a filter on an unsupported field no other filter of observations is heeded."""
    plain = tuple(pair for pair in request.query if not pair[0].startswith("filter["))
    off = is_list(request) and _unsupported(request)
    return await honest(replace(request, query=plain) if off else request)


@lies_at_the_door("FLT-19")
async def unknown_filter_of_notifications_loses_one(request: Request, honest: Handler) -> Response:
    """A filter on an unsupported field of notifications loses the first of them."""
    response = await honest(request)
    if not (request.path.endswith("/notifications") and _unsupported(request)):
        return response
    page = response.json()
    return response.with_json(page | {"data": page["data"][1:]})


@lies("FLT-21")
def unknown_type_is_ignored() -> Behaviour:
    """filter[type] with an unknown value filters nothing."""
    known = {"strength", "opportunity"}
    return asks(lambda query: tuple(pair for pair in query if pair[0] != "filter[type]" or pair[1] in known))


@lies("FLT-21")
def unknown_archived_means_false() -> Behaviour:
    """filter[archived] with an unknown value counts as false."""
    return values(ARCHIVED, lambda value: value if value in {"true", "all"} else "false")


@lies("FLT-21")
def unknown_archived_is_ignored_beside_type() -> Behaviour:
    """filter[archived] with an unknown value is ignored where a type is asked for."""
    known = {"true", "false", "all"}

    def change(query: Pairs) -> Pairs:
        typed = _beside(query, "filter[type]")
        return tuple(pair for pair in query if not (typed and pair[0] == ARCHIVED and pair[1] not in known))

    return asks(change)


@lies("FLT-22")
def old_opportunities_are_forgotten() -> Behaviour:
    """filter[type]=opportunity loses what was made before 2025."""
    asked = ("filter[type]", "opportunity")
    return serves(lambda query, items: [one for one in items if asked not in query or one["created_at"] > "2025"])


@lies("FLT-22")
def old_archived_ones_are_forgotten() -> Behaviour:
    """filter[archived]=true loses what was archived before 2025."""
    asked = (ARCHIVED, "true")
    return serves(lambda query, items: [one for one in items if asked not in query or one["archived_at"] > "2025"])


@lies_at_the_door("FLT-23")
async def raw_brackets_are_no_filter(request: Request, honest: Handler) -> Response:
    """A filter with raw brackets is not recognized."""
    raw = {part.split("=")[0] for part in request.raw_query.split("&") if "[" in part}
    return await honest(replace(request, query=tuple(pair for pair in request.query if pair[0] not in raw)))


@lies_at_the_door("FLT-23")
async def raw_brackets_are_refused(request: Request, honest: Handler) -> Response:
    """A query with raw brackets gets 400."""
    return refusal("validation_error", "query") if "[" in request.raw_query else await honest(request)
