"""What the expansion scenarios share: one observation and one page read in every documented way, each once a run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import ATTRIBUTE_FIELDS
from conformance.contract.queries import EXPANDS, Expand
from conformance.errors import Missing
from conformance.judging.expect import expect, expect_page, expect_resource, expect_same
from conformance.target.documents import as_list
from conformance.target.planting import planted
from conformance.target.plants import LIST, PLANTS, Planting
from scenarios._answers import has_own_parameters
from scenarios._resources import is_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from conformance.target.reading import Page, Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

EMPLOYEE, ATTRIBUTES = EXPANDS["observations"]
MANAGER, DEPARTMENT = EXPANDS["employees"]
BOTH = "employee,attributes"
PERSON_FIELDS = ("id", "first_name", "last_name", "email", MANAGER.id_field, DEPARTMENT.id_field)
"""What the documents show of an employee. Source: overview, Expanding relationships."""
SPELLINGS = ("employee", "attributes", BOTH, "attributes,employee")
"""The documented paths of an observation: each alone, and both in either order."""


def expands(expand: str | None) -> list[tuple[str, str]]:
    """Give the query that asks for `expand`; none for None."""
    return [("expand", expand)] if expand else []


async def read(target: Target, path: str, expand: str | None = None) -> Exchange:
    """GET one resource once a run, expanded or not."""
    return await target.once(f"read {path} {expand or ''}".strip(), lambda: target.get(path, expands(expand)))


async def item(target: Target, row: Resource, expand: str | None = None) -> Resource:
    """Return an observation; a breach where it can't be read with a documented expansion.

    The pivot is read with its employee first and without expand next, so that neither answer may stand for the other.
    """
    if row["id"] == (await planted(target)).pivot["id"] and expand != EMPLOYEE.path:
        await read(target, f"{LIST}/{row['id']}", EMPLOYEE.path)
        await read(target, f"{LIST}/{row['id']}")
    return expect_resource(await read(target, f"{LIST}/{row['id']}", expand))


async def listed(target: Target, expand: str | None = None) -> tuple[Exchange, dict[str, Resource]]:
    """Return a page of what was planted, by id; raise `Missing` where it shows none of it."""
    planting = await planted(target)
    query = [*around(planting), *expands(expand), ("limit", "100")]
    exchange = await target.once(f"list {expand or ''} around the day", lambda: target.get(LIST, query))
    found = of_ours(planting, expect_page(exchange))
    if not found:
        raise Missing("planted observations on one page", hint=PLANTS)
    return exchange, found


def around(planting: Planting) -> list[tuple[str, str]]:
    """Ask for the days of what was planted, newest first."""
    return [*days(planting), ("sort", "-created_at")]


def days(planting: Planting) -> list[tuple[str, str]]:
    """Ask for the days of what was planted."""
    bounds = zip(("gte", "lte"), _days(planting), strict=True)
    return [(f"filter[observation_date][{name}]", day) for name, day in bounds]


def is_around(planting: Planting, row: Resource) -> bool:
    """Tell whether a row is of these days: what was planted is, what was found may be of any."""
    early, late = _days(planting)
    return early <= str(row.get("observation_date")) <= late


def _days(planting: Planting) -> tuple[str, str]:
    early, late = planting.day - timedelta(days=1), planting.day + timedelta(days=3)
    return early.isoformat(), late.isoformat()


def of_ours(planting: Planting, page: Page) -> dict[str, Resource]:
    """Return the items of a page that are known, by id."""
    return {one["id"]: one for one in page.items if one.get("id") in planting.by_id}


def tagged_row(planting: Planting) -> Resource:
    """Return an active row with two attributes; raise `Missing` where there is none."""
    rows = [planting.pivot, *planting.rows]
    found = next(
        (row for row in rows if row.get("archived_at") is None and len(row.get("attribute_ids", ())) > 1), None
    )
    if found is None:
        raise Missing(
            "an observation tagged with 2 attributes", hint="Name some as attribute_ids in [tool.conformance]."
        )
    return found


def nested(resource: Resource, path: str, where: str) -> Resource:
    """Return the object at `path`; a breach where there is none."""
    value = resource.get(path)
    expect(isinstance(value, dict), f"{where} nests no {path}", expected="an object", observed={path: value})
    return dict(value or {})


def nested_ids(resource: Resource, where: str) -> list[str]:
    """Return the ids of the attributes nested in an observation; a breach where they are no array of objects."""
    value = resource.get(ATTRIBUTES.path)
    whole = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    expect(
        whole, f"{where} nests no array of attributes", expected="an array of objects", observed={"attributes": value}
    )
    return [str(one.get("id")) for one in value or ()]


def expect_employee(resource: Resource, row: Resource, where: str) -> None:
    """Expect the employee whose id stood in employee_id."""
    identifier = nested(resource, EMPLOYEE.path, where).get("id")
    wanted = row["employee_id"]
    expect(identifier == wanted, f"{where} nests another employee", expected=wanted, observed=identifier)


def expect_attributes(resource: Resource, row: Resource, where: str) -> None:
    """Expect the attributes whose ids stood in attribute_ids, each once, in any order."""
    ids, wanted = nested_ids(resource, where), row.get("attribute_ids") or []
    expect(sorted(ids) == sorted(wanted), f"{where} nests other attributes", expected=str(wanted), observed=ids)


def expect_expanded(resource: Resource, row: Resource, ground: tuple[str, str]) -> None:
    """Expect what the paths of `ground` (expand, where) ask for."""
    expand, where = ground
    paths = expand.split(",")
    if EMPLOYEE.path in paths:
        expect_employee(resource, row, where)
    if ATTRIBUTES.path in paths and row.get("attribute_ids"):  # what an empty relation becomes is open (EXP-10)
        expect_attributes(resource, row, where)


def expect_attribute_fields(resource: Resource, where: str) -> None:
    """Expect id, name, category and tone in each nested attribute, as text."""
    nested_ids(resource, where)
    for attribute in resource[ATTRIBUTES.path]:
        lacking = [name for name in ATTRIBUTE_FIELDS if not isinstance(attribute.get(name), str)]
        expect(not lacking, f"an attribute in {where} has no {', '.join(lacking)}", expected="text", observed=attribute)


NAMING = ("name", "category")
"""What an attribute is called, and where it belongs, whatever it is nested in."""


def expect_one_of_each(resources: Iterable[Resource], where: str) -> None:
    """Expect an attribute that is nested several times in one answer to be the same attribute each time."""
    first: dict[str, Resource] = {}
    for attribute in (one for resource in resources for one in resource[ATTRIBUTES.path]):
        known = first.setdefault(str(attribute.get("id")), attribute)
        other = [name for name in NAMING if attribute.get(name) != known.get(name)]
        expect(
            not other,
            f"{where} nests one attribute with another {' and '.join(other)} than before",
            expected=", ".join(f"{name} {known.get(name)!r}" for name in other),
            observed=attribute,
        )


def inlined(exchange: Exchange) -> Iterator[Resource]:
    """Give the observations of an answer in which attributes were asked to be nested, and are."""
    response = exchange.response
    asked = [path for name, value in exchange.request.query if name == "expand" for path in value.split(",")]
    about = exchange.method == "GET" and (exchange.path == LIST or exchange.path.startswith(f"{LIST}/"))
    if not about or ATTRIBUTES.path not in asked or has_own_parameters(exchange):
        return
    if exchange.status != 200 or response is None or not response.is_json:
        return
    value = response.json.get("data", response.json) if isinstance(response.json, dict) else None
    items = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    yield from (one for one in items if any(isinstance(nested, dict) for nested in as_list(one.get(ATTRIBUTES.path))))


def expect_replaced(resource: Resource, plain: Resource, ground: tuple[tuple[Expand, ...], str]) -> None:
    """Expect the id fields gone and every other field as without expand."""
    expanded, where = ground
    gone = {one.id_field for one in expanded}
    kept = sorted(gone & resource.keys())
    expect(
        not kept,
        f"{where} keeps {', '.join(kept)} beside what replaces it",
        observed={name: resource[name] for name in kept},
    )
    expect_same(resource, plain, ignoring=gone)


def expect_full(observed: Resource, employee: Resource, *, only: Collection[str] = ()) -> None:
    """Expect every field of an employee (or `only` these) in what is nested, the documented ones with the same value.

    Fields of the target's own may change from one read to the next (last_seen_at), so they only have to be there;
    those that begin with a sign (_etag, @id) tell of an answer, and need not be there.
    """
    owed = [name for name in employee if name[:1].isalnum() and (not only or name in only)]
    wrong = {
        name: {"expected": employee[name], "observed": observed.get(name, "(absent)")}
        for name in owed
        if name not in observed or (name in PERSON_FIELDS and observed[name] != employee[name])
    }
    expect(
        not wrong, f"the nested employee differs in {', '.join(wrong)}", expected="the full employee", observed=wrong
    )


def expect_alike(one: Resource, other: Resource, path: str) -> None:
    """Expect the same nested at `path` in a list (`one`) as in a read by id, as far as fields are documented."""
    if path == EMPLOYEE.path:
        expect_full(one[path], other[path])
        return
    in_list, alone = (sorted(map(_attribute, resource[path])) for resource in (one, other))
    expect(in_list == alone, f"{path} differ in a list and in a read by id", expected=str(alone), observed=in_list)


def _attribute(nested: Resource) -> list[str]:
    return [str(nested.get(name)) for name in ATTRIBUTE_FIELDS]


def expect_ids_only(resource: Any, paths: tuple[Expand, ...], where: str) -> None:  # noqa: ANN401  # any JSON value
    """Expect ids where relations stand, and nothing nested under their names."""
    for one in paths:
        value = resource.get(one.path)
        inlined = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value))
        expect(not inlined, f"{where} nests {one.path} unasked", expected="ids only", observed={one.path: value})
        ids = resource.get(one.id_field)
        right = (
            isinstance(ids, list) and all(isinstance(part, str) for part in ids) if one.many else isinstance(ids, str)
        )
        # of an employee's fields no document says more than that they are ids: they may be numbers, or not there
        loose = one in EXPANDS["employees"] and (ids is None or is_id(ids))
        expect(right or loose, f"{where} has no {one.id_field}", expected="ids", observed={one.id_field: ids})
