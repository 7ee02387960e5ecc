"""VER: what may change within a version, and how the end of something is announced (overview › Versioning)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from conformance.contract.resources import SPEC_PATH
from conformance.errors import Missing, Refused
from conformance.judging.expect import asked, expect
from conformance.judging.passive import judged
from conformance.judging.scenario import all_scenarios, judges
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, NotJudged, Undecided, Violation
from conformance.target.documents import as_list, as_object, paths, resolve, spec
from conformance.target.reading import read_page
from scenarios._additions import added_to, examples, served_additions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.judging.scenario import Scenario
    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

DEPRECATION, SUNSET = "Deprecation", "Sunset"
VERSION = re.compile(r"(.*)/v\d+", re.IGNORECASE)
MOST = 10
"""So many deprecated operations are asked at most."""
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAY_NAME = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME = r"\d\d:\d\d:\d\d"
HTTP_DATE = re.compile(
    rf"{_DAY}, \d\d {_MONTH} \d{{4}} {_TIME} GMT"
    rf"|{_DAY_NAME}, \d\d-{_MONTH}-\d\d {_TIME} GMT"
    rf"|{_DAY} {_MONTH} [ \d]\d {_TIME} \d{{4}}"
)
"""RFC 9110 section 5.6.7, in its three forms."""
STRUCTURED_DATE = re.compile(r"@-?\d{1,15}(?: *;.*)?")
"""RFC 9745, and RFC 9651 section 3.3.7: epoch seconds, with parameters or without."""
DRAFTS = frozenset({"true", "?1"})
"""What drafts of RFC 9745 had in the place of a date."""


@judges("VER-01")
async def test_a_deprecated_operation_says_so(target: Target) -> str:
    """Every GET that the published spec marks as deprecated answers with a Deprecation header."""
    document = await spec(target)
    if not document.get("paths"):
        raise NotJudged(f"{SPEC_PATH} tells of no paths, so of nothing deprecated", hint=f"Publish {SPEC_PATH}.")
    found = list(_deprecated(document))
    if not found:
        raise NotApplicable("the published spec marks no operation as deprecated")
    gets = [path for method, path in found if method == "get"][:MOST]
    answers = await asyncio.gather(*(_ask(target, document, path) for path in gets))
    served = [exchange for exchange in answers if exchange is not None and exchange.status == 200]
    silent = [asked(exchange) for exchange in served if not exchange.header(DEPRECATION)]
    expect(
        not silent,
        f"{', '.join(silent)}: deprecated in the published spec, and no word of it in the answer",
        expected=f"a {DEPRECATION} header",
        observed=[list(map(list, one.response.headers)) for one in served if one.response and asked(one) in silent],
    )
    if not served:
        raise NotJudged(
            f"none of {len(found)} deprecated operations is a GET that the key is served",
            hint="Give PB_API_KEY the scopes to read them.",
        )
    return f"{len(served)} of {len(found)} deprecated operations were asked, and all say so"


def _deprecated(document: Resource) -> Iterator[tuple[str, str]]:
    """Give method and path of each operation that is marked as deprecated."""
    for path, item in paths(document).items():
        for method, operation in resolve(document, item).items():
            if as_object(operation).get("deprecated") is True:
                yield method, path


async def _ask(target: Target, document: Resource, path: str) -> Exchange | None:
    """GET a path of the spec, with an id from its collection and what the query has to have; None where that fails."""
    try:
        whole = await _with_id(target, path)
        return await target.get(whole, _required(document, path))
    except (Missing, Refused):
        return None


async def _with_id(target: Target, path: str) -> str:
    collection, parameter, rest = path.partition("/{}")
    if not parameter:
        return path
    ids = read_page(await target.once(f"opening of {collection}", lambda: target.get(collection))).ids
    if "{}" in rest or not ids:
        raise Missing(f"something to put into {path}", hint=f"Put an item into {collection}.")
    return f"{collection}/{quote(str(ids[0]), safe='', errors='surrogatepass')}{rest}"


def _required(document: Resource, path: str) -> list[tuple[str, str]]:
    """Give a query with each parameter that is required, as the spec shows it; raise `Missing` where it shows none."""
    item = resolve(document, paths(document).get(path))
    declared = [*as_list(item.get("parameters")), *as_list(as_object(item.get("get")).get("parameters"))]
    query = []
    for parameter in (resolve(document, one) for one in declared):
        if parameter.get("in") == "query" and parameter.get("required") is True:
            schema = resolve(document, parameter.get("schema"))
            shown = [
                parameter.get("example"),
                schema.get("example"),
                schema.get("default"),
                *as_list(schema.get("enum")),
            ]
            value = next((one for one in shown if isinstance(one, str | int)), None)
            if value is None:
                wanted = f"a value for {parameter.get('name')} of {path}"
                raise Missing(wanted, hint="Let the spec show an example or a default of it.")
            query.append((str(parameter.get("name")), str(value)))
    return query


@judges("VER-02")
def test_deprecation_and_sunset_are_well_formed(exchanges: Sequence[Exchange]) -> int:
    """Deprecation is a date of RFC 9745 or a form of its drafts, Sunset an HTTP-date (RFC 8594)."""
    told = [
        (exchange, name, value)
        for exchange in exchanges
        for name in (DEPRECATION, SUNSET)
        if (value := exchange.header(name)) is not None
    ]
    if not told:
        raise NotApplicable("no answer of the run has a Deprecation or Sunset header")
    wrong = [(exchange, name, value) for exchange, name, value in told if not _is_well_formed(name, value)]
    if wrong:
        first, name, value = wrong[0]
        raise Violation(
            f"{len(wrong)} of {len(told)} such headers are malformed, first {name}: {value} on {asked(first)}",
            expected="@ and epoch seconds, true or an HTTP-date" if name == DEPRECATION else "an HTTP-date",
            observed=value,
            exchanges=[exchange.number for exchange, _, _ in wrong],
        )
    return len(told)


def _is_well_formed(name: str, value: str) -> bool:
    if HTTP_DATE.fullmatch(value):
        return True
    return name == DEPRECATION and (value.lower() in DRAFTS or STRUCTURED_DATE.fullmatch(value) is not None)


@judges("VER-03")
async def test_what_a_path_without_the_version_gets(target: Target) -> Noted:
    """The documents tell clients never to leave the version out, and not what happens if they do."""
    base = VERSION.fullmatch(urlsplit(target.client.base_url).path)
    if base is None:
        raise NotApplicable("the base URL does not end in a version segment")
    exchange = await target.get("/observations", beside=base[1])
    status = exchange.status or 0
    if 200 <= status < 300:
        return Noted(f"A path without the version segment is served with {status}.", {"status": status})
    fate = "redirected" if 300 <= status < 400 else "refused"
    return Noted(f"A path without the version segment is {fate} with {status}.", {"status": status})


@judges("VER-04")
def test_no_judge_minds_additions(exchanges: Sequence[Exchange]) -> str:
    """Whoever judges exchanges judges them alike when undocumented members and headers are added to each."""
    held = require_open_minds(passive_judges(), exchanges)
    own = served_additions(exchanges)
    told = (
        f"{len(own)} additions of the target's own ({', '.join(own[:5])})" if own else "no addition of the target's own"
    )
    return f"{held} passive checks hold also with undocumented members and headers in every answer; {told}"


def passive_judges() -> Sequence[Scenario]:
    """Give all passive scenarios but VER-04's own, and those that hold a target to a spec of its own."""
    return [one for one in all_scenarios() if one.passive and one.rule.id != "VER-04" and one.rule.family != "SPC"]


class NarrowMinded(AssertionError):  # noqa: N818  # named for what a judge turned out to be
    """A judge of this suite fails on what a target may add: no target is to blame for that."""


def require_open_minds(scenarios: Sequence[Scenario], exchanges: Sequence[Exchange]) -> int:
    """Judge exchanges as they were and with additions; return how many judges found nothing in either.

    Raises `NarrowMinded` for a judge that finds something in the latter alone, or no longer all there is to judge.
    """
    plain = examples(exchanges)
    added = [added_to(exchange) for exchange in plain]
    before = {scenario: _told(scenario, plain) for scenario in scenarios}
    held = {scenario: told for scenario, told in before.items() if told and not isinstance(told, Violation)}
    for scenario, told in held.items():
        after = _told(scenario, added)
        if after != told:
            raise NarrowMinded(f"{scenario.rule.id} minds an addition: {told} without, {after!r} with it")
    if not held:
        raise Blocked("no passive check holds without additions, so none can be seen to hold with them")
    return len(held)


def _told(scenario: Scenario, exchanges: Sequence[Exchange]) -> int | str | Violation:
    """Return what a passive scenario says of exchanges; nothing (0) where they give it nothing to judge."""
    try:
        return judged(scenario, exchanges, [])
    except Violation as breach:
        return breach
    except Undecided:
        return 0
