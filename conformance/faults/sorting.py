"""Lies about the order of lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.model import lies, lies_at_the_door
from conformance.faults.pagination import collection, rewrite
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response


def _sorts(turn: Callable[[str, str | None], str | None]) -> Behaviour:
    """Sort a collection by what `turn` makes of its name and the sort that is asked for."""

    async def door(request: Request, honest: Handler) -> Response:
        name = collection(request)
        if not name:
            return await honest(request)
        return await honest(request.with_query("sort", turn(name, request.param("sort"))))

    return replace(HONEST, door=door)


def _swapped(**sorts: str) -> Behaviour:
    """Sort by other fields than asked for: names with - as __."""
    swaps = {asked.replace("__", "-"): given for asked, given in sorts.items()}
    return _sorts(lambda _, sort: swaps.get(sort or "", sort))


@lies("SRT-01")
def sort_by_date_descends() -> Behaviour:
    """sort=observation_date comes newest first."""
    return _swapped(observation_date="-observation_date")


@lies("SRT-01")
def sort_by_creation_goes_by_date() -> Behaviour:
    """sort=created_at orders by observation_date."""
    return _swapped(created_at="observation_date")


@lies("SRT-01")
def sort_by_first_name_goes_by_last_name() -> Behaviour:
    """sort=first_name orders by last_name."""
    return _swapped(first_name="last_name")


@lies("SRT-01")
def sort_by_last_name_is_ignored() -> Behaviour:
    """sort=last_name changes nothing."""
    return _sorts(lambda _, sort: None if sort == "last_name" else sort)


@lies_at_the_door("SRT-01")
async def each_page_is_sorted_by_itself(request: Request, honest: Handler) -> Response:
    """sort=observation_date orders the items of a page, but pages follow each other newest first."""
    if request.param("sort") != "observation_date":
        return await honest(request)
    falling = request.with_query("sort", "-observation_date")
    return await rewrite(falling, honest, lambda page: page | {"data": page["data"][::-1]})


@lies("SRT-02")
def minus_is_ignored() -> Behaviour:
    """sort=-field ascends."""
    return _sorts(lambda _, sort: sort and sort.removeprefix("-"))


@lies("SRT-02")
def minus_is_ignored_on_first_names() -> Behaviour:
    """Only sort=-first_name ascends."""
    return _swapped(__first_name="first_name")


@lies("SRT-02")
def newest_created_goes_by_update() -> Behaviour:
    """sort=-created_at on observations has what was updated last first."""

    async def door(request: Request, honest: Handler) -> Response:
        if collection(request) != "observations" or request.param("sort") != "-created_at":
            return await honest(request)
        return await rewrite(
            request,
            honest,
            lambda page: page | {"data": sorted(page["data"], key=lambda one: str(one["updated_at"]), reverse=True)},
        )

    return replace(HONEST, door=door)


@lies("SRT-03")
def observations_come_newest_created_first() -> Behaviour:
    """Without sort observations are ordered by created_at."""
    return _sorts(lambda name, sort: sort or ("-created_at" if name == "observations" else None))


@lies("SRT-03")
def observations_come_oldest_first() -> Behaviour:
    """Without sort observations have the oldest date first."""
    return _sorts(lambda name, sort: sort or ("observation_date" if name == "observations" else None))


def _sorts_beside(start: str, turn: Callable[[str | None], str | None]) -> Behaviour:
    """Sort observations by what `turn` makes of the sort, where the query has something that begins so."""

    async def door(request: Request, honest: Handler) -> Response:
        beside = any(f"{name}={value}".startswith(start) for name, value in request.query)
        if collection(request) != "observations" or not beside:
            return await honest(request)
        return await honest(request.with_query("sort", turn(request.param("sort"))))

    return replace(HONEST, door=door)


@lies("SRT-01")
def sort_is_ignored_among_archived_ones() -> Behaviour:
    """Beside filter[archived]=true a sort in ascending order changes nothing."""
    return _sorts_beside("filter[archived]=true", lambda sort: sort if sort and sort.startswith("-") else None)


@lies("SRT-01")
def sort_by_date_descends_beside_attribute() -> Behaviour:
    """sort=observation_date comes newest first beside filter[attribute_id]."""
    return _sorts_beside("filter[attribute_id]", lambda sort: f"-{sort}" if sort == "observation_date" else sort)


@lies("SRT-02")
def sort_by_newest_is_ignored_among_archived_ones() -> Behaviour:
    """Beside filter[archived]=true sort=-created_at changes nothing."""
    return _sorts_beside("filter[archived]=true", lambda sort: None if sort == "-created_at" else sort)


@lies("SRT-02")
def minus_is_ignored_beside_manager() -> Behaviour:
    """sort=-field ascends beside filter[manager_id]."""
    return _sorts_beside("filter[manager_id]", lambda sort: sort and sort.removeprefix("-"))


@lies("SRT-02")
def minus_is_ignored_on_dates_beside_attribute() -> Behaviour:
    """sort=-observation_date ascends beside filter[attribute_id]."""
    return _sorts_beside(
        "filter[attribute_id]", lambda sort: "observation_date" if sort == "-observation_date" else sort
    )


@lies("SRT-03")
def observations_of_a_type_come_newest_created_first() -> Behaviour:
    """Without sort observations of a type are ordered by created_at."""
    return _sorts_beside("filter[type]", lambda sort: sort or "-created_at")


@lies("SRT-03")
def all_observations_come_oldest_first() -> Behaviour:
    """Without sort observations with filter[archived]=all have the oldest date first."""
    return _sorts_beside("filter[archived]=all", lambda sort: sort or "observation_date")


@lies("SRT-04")
def lists_come_oldest_first() -> Behaviour:
    """Without sort every list but that of observations has the oldest first."""
    return _sorts(lambda name, sort: sort or ("created_at" if name != "observations" else None))


@lies("SRT-04")
def employees_come_by_name() -> Behaviour:
    """Without sort employees are ordered by last_name."""
    return _sorts(lambda name, sort: sort or ("last_name" if name == "employees" else None))


@lies("SRT-05")
def second_sort_field_is_ignored() -> Behaviour:
    """Of several sort fields only the first takes effect."""
    return _sorts(lambda _, sort: sort and sort.split(",")[0])


@lies("SRT-05")
def last_sort_field_takes_precedence() -> Behaviour:
    """Of several sort fields the last takes precedence."""
    return _sorts(lambda _, sort: sort and ",".join(reversed(sort.split(","))))


@lies("SRT-05")
def first_direction_holds_for_all() -> Behaviour:
    """The second sort field has the direction of the first."""
    return _swapped(
        **{"last_name,-first_name": "last_name,first_name", "-last_name,first_name": "-last_name,-first_name"}
    )


def _known(sort: str) -> list[str]:
    return [field for field in sort.split(",") if "no_such" not in field]


@lies("SRT-06")
def unsupported_sort_is_ignored() -> Behaviour:
    """A sort field that isn't supported is ignored."""
    return _sorts(lambda _, sort: sort and (",".join(_known(sort)) or None))


@lies("SRT-06")
def unsupported_sort_with_minus_is_ignored() -> Behaviour:
    """A sort field that isn't supported is ignored where it has a minus."""
    return _sorts(lambda _, sort: None if sort and sort.startswith("-") and not _known(sort) else sort)


@lies("SRT-06")
def unsupported_sort_is_ignored_in_one_place() -> Behaviour:
    """A sort field that isn't supported is ignored by review items."""
    return _sorts(lambda name, sort: None if name == "review-items" and sort and not _known(sort) else sort)


@lies("SRT-06")
def unsupported_sort_of_a_known_field_is_ignored() -> Behaviour:
    """A sort field that isn't supported is ignored where an observation has a field of that name."""
    return _sorts(lambda _, sort: None if sort and sort.lstrip("-") in {"impact", "type"} else sort)


@lies_at_the_door("SRT-06")
async def unsupported_sort_is_unprocessable(request: Request, honest: Handler) -> Response:
    """A sort field that isn't supported gets 422."""
    response = await honest(request)
    return replace(response, status=422) if request.param("sort") and response.status == 400 else response


@lies("SRT-07")
def only_the_first_sort_field_is_checked() -> Behaviour:
    """A sort field that isn't supported is ignored behind one that is."""
    return _sorts(lambda _, sort: ",".join(_known(sort)) if sort and _known(sort)[:1] == sort.split(",")[:1] else sort)


@lies("SRT-07")
def only_the_last_sort_field_is_checked() -> Behaviour:
    """A sort field that isn't supported is ignored before one that is."""
    return _sorts(
        lambda _, sort: ",".join(_known(sort)) if sort and _known(sort)[-1:] == sort.split(",")[-1:] else sort
    )
