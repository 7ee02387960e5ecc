"""RES: where resources are, and what is nowhere (overview › REST principles, Resource list)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.contract.observation import WRITABLE
from conformance.contract.resources import ARCHIVE, GET, RESOURCES, Shape
from conformance.contract.resources import resource as resource_of
from conformance.judging.expect import (
    asked,
    expect,
    expect_refusal,
    expect_resource,
    expect_same,
    expect_status,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import NotApplicable, Noted, NotJudged, Violation
from conformance.target.discovery import plainly
from conformance.target.documents import as_list, as_object, operation, resolve, spec
from conformance.target.reading import read_resource, unwrap
from scenarios._answers import require_writable
from scenarios._collections import COLLECTIONS, OBSERVATIONS, SEARCH
from scenarios._others import judges_each
from scenarios._resources import BARE, IN_DATA, SESSION, UNDECIDED, an_item, require_there, shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

READABLE = tuple(path for path in COLLECTIONS if path != SEARCH)
"""What search finds are items of other collections."""
SINGLE = (*READABLE, SESSION)
NOWHERE = ("/no-such-resource", "/no-such-resource/1", f"{SESSION}/no-such-thing")
PUT, DELETE, GET_ARCHIVE = "PUT", "DELETE", "GET archive"
MISUSES = (PUT, GET_ARCHIVE, DELETE)
"""What is most likely to be done all the same comes last."""


@judges("RES-01", over=[one.path for one in RESOURCES])
async def test_a_resource_answers_get_at_its_path(target: Target, resource: str) -> str:
    """GET of the path gets 200 with JSON, or 400 where the resource wants to know what to look for."""
    exchange = await plainly(target, resource)
    if exchange.status == 403:
        raise NotJudged(f"the key may not read {resource}", hint=f"Give PB_API_KEY the scope to read {resource}.")
    if exchange.status == 400 and await _wants_a_query(target, resource):
        return f"GET {resource} gets 400: it wants a query"
    expect_status(exchange, 200)
    expect(
        exchange.response is not None and exchange.response.is_json,
        f"{asked(exchange)} gives no JSON",
        expected="200 with a JSON body",
        observed=shown(exchange),
    )
    return f"GET {resource} gets 200"


async def _wants_a_query(target: Target, path: str) -> bool:
    """Tell whether a resource can't be read without a query: search surely, others only if neither document decides."""
    if resource_of(path.strip("/")).shape is not Shape.UNSTATED:
        return False
    document = await spec(target)
    declared = as_list(as_object(operation(document, "GET", path)).get("parameters"))
    required = [one for one in (resolve(document, each) for each in declared) if one.get("required") is True]
    return path == SEARCH or any(one.get("in") == "query" for one in required)


@judges("RES-02", over=NOWHERE)
async def test_an_unknown_path_is_not_found(target: Target, path: str) -> str:
    """GET of a path that is nowhere gets 404 not_found with a valid key; a documented path is served."""
    require_accepted(await _served(target))
    expect_refusal(await target.once(f"nothing at {path}", lambda: target.get(path)), 404, "not_found")
    return f"GET {path} gets 404 not_found"


@judges("RES-02")
async def test_a_path_below_an_observation_that_is_nowhere_is_not_found(target: Target) -> str:
    """GET of such a path gets 404 not_found with a valid key; the observation itself is served."""
    try:
        item = await an_item(target, OBSERVATIONS)
    except NotJudged:
        raise NotApplicable("no observation is listed, so there is nothing below one") from None
    require_accepted(item.exchange)
    expect_refusal(await target.get(f"{item.exchange.path}/no-such-thing"), 404, "not_found")
    return "a path below an observation that is nowhere gets 404 not_found"


async def _served(target: Target) -> Exchange:
    session = await plainly(target, SESSION)
    return session if session.status == 200 else await plainly(target, OBSERVATIONS)


@judges_each("RES-03", over=READABLE)
async def test_an_item_is_read_by_its_id(target: Target, path: str) -> str:
    """GET of a collection's path and an id that it lists gives the item of that id."""
    item = await an_item(target, path)
    await require_there(target, path, item)
    told = expect_resource(item.exchange).get("id")
    expect(
        told == item.listed["id"],
        f"{asked(item.exchange)} gives another id",
        expected=item.listed["id"],
        observed=told,
    )
    return f"{asked(item.exchange)} gives the item of that id"


@judges("RES-03")
def test_every_item_that_is_read_carries_the_id_that_was_asked_for(exchanges: Sequence[Exchange]) -> int:
    """Whichever item of a collection a run reads, by an id that the target itself told, it has that id."""
    served = [(one, resource) for one in exchanges if (resource := _item_in(one)) is not None]
    told = {str(one.get("id")) for exchange in exchanges for one in _told(exchange)}
    judged = 0
    for exchange, resource in served:
        wanted = unquote(exchange.path.split("/")[2])
        if wanted not in told or "id" not in resource:
            continue
        judged += 1
        if str(resource["id"]) != wanted:
            message, cited = f"{asked(exchange)} gives the item of another id", [exchange.number]
            raise Violation(message, expected=wanted, observed=resource["id"], exchanges=cited)
    return judged


def _item_in(exchange: Exchange) -> Resource | None:
    """Give what a read of an item by its id was answered; None of any other exchange."""
    _, collection, *rest = exchange.path.split("/")
    response = exchange.response
    if exchange.method != "GET" or exchange.status != 200 or len(rest) != 1 or f"/{collection}" not in READABLE:
        return None
    return unwrap(response.json) if response is not None and response.is_json else None


def _told(exchange: Exchange) -> Iterator[Resource]:
    """Give the items that a list or a create was answered."""
    response = exchange.response
    if exchange.path not in READABLE or exchange.status not in {200, 201} or response is None or not response.is_json:
        return
    value = as_object(response.json)
    yield from (as_object(one) for one in as_list(value.get("data")) or [unwrap(value)])


@dataclass(frozen=True, slots=True)
class _Misuse:
    """What an undocumented method got, what the observation read before and after, and the documented twin."""

    answers: tuple[Exchange, ...]
    before: Exchange
    after: Exchange
    twin: Exchange


async def _misuses(target: Target) -> Mapping[str, _Misuse]:
    """Ask one observation in all undocumented ways that the spec leaves so, one after the other; then as documented."""
    made = await target.make(impact="As it was made.")
    path = f"{OBSERVATIONS}/{made.id}"
    reads, answers = [await target.get(path)], {}
    for what in MISUSES:
        requests = _puts(read_resource(reads[0])) if what == PUT else [{}]
        method, template = _operation(what)
        declared = operation(await spec(target), method, template) is not None
        answers[what] = tuple(
            [await target.send(method, template.replace("{id}", made.id), **one) for one in requests if not declared]
        )
        reads.append(reads[-1] if declared else await target.get(path))
    updated = await target.patch(path, json={"impact": "Changed in the documented way."})
    twins = {PUT: updated, DELETE: reads[0], GET_ARCHIVE: await target.archive(made.id)}
    states = zip(MISUSES, reads, reads[1:], strict=False)
    return {what: _Misuse(answers[what], before, after, twins[what]) for what, before, after in states}


def _operation(what: str) -> tuple[str, str]:
    """Give method and path of what no document gives an observation."""
    return what.split(maxsplit=1)[0], ARCHIVE.path if what == GET_ARCHIVE else GET.path


def _puts(resource: Resource) -> list[dict[str, Any]]:
    """Give what a PUT may be taken for: an update of what is sent, and a replacement of all that can be written."""
    change = {"impact": "Put in the place of what was there."}
    whole = {name: value for name, value in resource.items() if name in WRITABLE}
    return [{"json": change}, {"json": whole | change}]


@judges("RES-04", over=MISUSES)
async def test_an_undocumented_method_is_refused_and_changes_nothing(target: Target, what: str) -> str:
    """PUT and DELETE of an observation, and GET of its archive action, get a 4xx and leave it as it was."""
    label = " ".join(_operation(what))
    misuse = (await target.once("undocumented methods", lambda: _misuses(target)))[what]
    if not misuse.answers:
        raise NotApplicable(f"the published spec declares {label}: it is an addition, and no mistake")
    for exchange in misuse.answers:
        expect(
            400 <= (exchange.status or 0) < 500,
            f"{label} got {exchange.status}",
            expected="a 4xx: no document gives it this method",
            observed=shown(exchange),
        )
    expect_same(expect_resource(misuse.after), read_resource(misuse.before))
    twin = require_accepted(require_writable(misuse.twin))
    return f"{label} gets {misuse.answers[0].status} and changes nothing, {twin.method} is accepted"


@judges("RES-05", over=SINGLE)
async def test_whether_a_single_resource_comes_in_data(target: Target, path: str) -> Noted:
    """The documents show both shapes of a single resource."""
    found = await shape(target, path)
    return Noted(f"A single resource of {path} comes {found}.", {"shape": found})


@judges("RES-05")
async def test_whether_all_single_resources_come_alike(target: Target) -> Noted:
    """A client has one way to unwrap, if all resources do alike."""
    told = await asyncio.gather(*(shape(target, path) for path in SINGLE), return_exceptions=True)
    broken = [one for one in told if isinstance(one, BaseException) and not isinstance(one, UNDECIDED)]
    if broken:
        raise broken[0]
    found = {path: one for path, one in zip(SINGLE, told, strict=True) if isinstance(one, str)}
    if not found:
        raise NotJudged("no single resource could be read", hint="Give PB_API_KEY more read scopes.")
    groups = {name: [path for path, one in found.items() if one == name] for name in (BARE, IN_DATA)}
    if not all(groups.values()):
        return Noted(f"All single resources come {next(iter(found.values()))}.", {"shapes": found})
    listed = "; ".join(f"{name}: {', '.join(paths)}" for name, paths in groups.items())
    return Noted(f"Single resources come in two shapes ({listed}).", {"shapes": found})
