"""OBS: what an observation is, wherever it is served (observations › Field reference, Get an observation)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import FIELD, ID_PATTERN, STRICT_ID_PATTERN, Field
from conformance.judging.expect import error_of, expect, expect_refusal, expect_resource, expect_same, shown
from conformance.judging.hints import BUSY, LAGS
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotJudged, Violation
from conformance.target.discovery import employees, looks_deactivated, observations
from conformance.target.identifiers import CROCKFORD, never_issued
from conformance.target.instants import instant, precision
from conformance.target.reading import read_resource
from scenarios._creates import comparable, create, full_body, listed, of_day, quiet_day, whole
from scenarios._instants import is_date
from scenarios._limits import TEXTS
from scenarios._served import judge_each, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(?P<offset>Z|[+-]\d\d(:?\d\d)?)?", re.ASCII | re.IGNORECASE
)
UTC = re.compile(r"Z|[+-]00(:?00)?", re.IGNORECASE)
TIMESTAMPS = ("created_at", "updated_at", "archived_at")
MALFORMED = {
    "a word": "not-an-id",
    "a truncated id": "obs_01HXX",
    "an id that is too long": f"{never_issued('obs')}0",
    "an id of another kind": never_issued("emp"),
}
RESPELLED: Mapping[str, Callable[[str], str]] = {
    "the known id in lower case": str.lower,
    "the known id without its prefix": lambda known: known.removeprefix("obs_"),
}
LONG = 1900
"""A length of text that no list has reason to shorten, within the limits of every text field."""
FOREIGN = 3
"""How many observations that were there before are read by id, too."""


@judges("OBS-01")
def test_an_observation_has_all_documented_fields(exchange: Exchange) -> bool:
    """Wherever it stands, each of the 11 fields is there; expand may replace two of them."""
    return judge_each(
        exchange,
        lambda observation: [f"{name} is missing" for name in missing(exchange, observation)],
        expected="all 11 documented fields",
    )


@judges("OBS-02")
def test_an_observations_id_is_obs_and_26_letters_and_digits(exchange: Exchange) -> bool:
    """The whole id is obs_ and 26 upper-case letters and digits."""
    return judge_each(exchange, _wrong_id, expected="obs_ and 26 upper-case letters and digits")


def _wrong_id(observation: Resource) -> list[str] | None:
    value = observation.get("id")
    if not isinstance(value, str):
        return None  # OBS-01 and OBS-03 say so
    return [] if ID_PATTERN.fullmatch(value) else [f"id is {value!r}"]


@judges("OBS-03")
def test_an_observations_fields_have_their_documented_types(exchange: Exchange) -> bool:
    """Every field that is there has its JSON type, is null only where it may be, and keeps its enum."""
    return judge_each(
        exchange,
        lambda observation: [
            f"{name} is {_short(value)}"
            for name, value in observation.items()
            if name in FIELD and not _fits(FIELD[name], value)
        ],
        expected="the documented type, nullability and enum of each field",
    )


def _fits(field: Field, value: object) -> bool:
    if value is None:
        return field.nullable
    if field.type == "array":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and (not field.enum or value in field.enum)


@judges("OBS-04")
def test_an_observations_dates_are_iso_8601(exchange: Exchange) -> bool:
    """observation_date is a day of the calendar, the timestamps are date-times of it."""
    return judge_each(exchange, _wrong_dates, expected="YYYY-MM-DD, and ISO 8601 date-times")


def _wrong_dates(observation: Resource) -> list[str]:
    day = observation.get("observation_date")
    wrong = ["observation_date"] if isinstance(day, str) and not is_date(day) else []
    wrong += [
        name for name in TIMESTAMPS if isinstance(observation.get(name), str) and not _is_date_time(observation[name])
    ]
    return [f"{name} is {_short(observation[name])}" for name in wrong]


def _is_date_time(text: str) -> bool:
    """Tell whether a text is one; seconds may be left out, and be 60 in a leap second."""
    match = DATE_TIME.fullmatch(text)
    if match is None or not is_date(text[:10]):
        return False
    hour, minute = int(text[11:13]), int(text[14:16])
    return hour < 24 and minute < 60 and not re.match(r":(6[1-9]|[7-9])", text[16:])


@judges("OBS-05")
def test_an_observation_is_served_within_the_limits(exchange: Exchange) -> bool:
    """Texts and lists keep the bounds that hold for writing them."""
    return judge_each(exchange, _beyond_limits, expected="the limits of the field reference")


def _beyond_limits(observation: Resource) -> list[str]:
    texts = {name: observation[name] for name in TEXTS if isinstance(observation.get(name), str)}
    wrong = [
        f"{name} has {len(text)} characters"
        for name, text in texts.items()
        if not (FIELD[name].min_length or 0) <= len(text) <= (FIELD[name].max_length or 0)
    ]
    ids = observation.get("attribute_ids")
    ids = ids if isinstance(ids, list) else []
    wrong += [f"attribute_ids has {len(ids)} entries"] if len(ids) > (FIELD["attribute_ids"].max_items or 0) else []
    return wrong + (["attribute_ids names one twice"] if len(set(map(str, ids))) < len(ids) else [])


@judges("OBS-06")
def test_an_observation_is_not_updated_before_it_is_created(exchange: Exchange) -> bool:
    """created_at is not after updated_at, to the coarser precision of the two."""
    return judge_each(exchange, _updated_too_early, expected="created_at at or before updated_at")


def _updated_too_early(observation: Resource) -> list[str] | None:
    texts = observation.get("created_at"), observation.get("updated_at")
    created, updated = map(instant, texts)
    if created is None or updated is None:
        return None  # OBS-04 says so
    step = max(precision(str(text)) for text in texts)
    return [f"created_at {texts[0]} is after updated_at {texts[1]}"] if created - updated >= step else []


@judges("OBS-11")
def test_an_observations_id_holds_a_strict_ulid(exchange: Exchange) -> bool:
    """What follows obs_ is Crockford's base 32 within 128 bits; ids of another form are left to OBS-02."""
    return judge_each(exchange, _no_ulid, expected="obs_ and a ULID")


def _no_ulid(observation: Resource) -> list[str] | None:
    value = observation.get("id")
    if not isinstance(value, str) or not ID_PATTERN.fullmatch(value):
        return None
    return [] if STRICT_ID_PATTERN.fullmatch(value) else [f"id is {value!r}"]


@judges("OBS-12")
def test_an_observations_timestamps_are_in_utc(exchange: Exchange) -> bool:
    """Each date-time carries an offset, Z or zero."""
    return judge_each(exchange, _not_utc, expected="an offset, and that of UTC")


def _not_utc(observation: Resource) -> list[str] | None:
    texts = {name: observation[name] for name in TIMESTAMPS if isinstance(observation.get(name), str)}
    read = {name: DATE_TIME.fullmatch(text) for name, text in texts.items()}
    found = {name: match["offset"] or "" for name, match in read.items() if match is not None}
    if not found:
        return None
    return [f"{name} is {texts[name]!r}" for name, offset in found.items() if not UTC.fullmatch(offset)]


@judges("OBS-07")
async def test_a_read_gives_the_observation_as_it_was_created(target: Target) -> str:
    """Every field that the create answered, long texts too, has the same value in a read and in a list."""
    texts = {name: (f"{name} at some length; " * 100)[:LONG] for name in TEXTS}
    body = await full_body(target, observation_date=quiet_day(target), **texts)
    created = await create(target, body)
    read = expect_resource(await target.get(f"/observations/{created.id}"))
    expect_same(comparable(read), comparable(created.resource))
    item = await target.eventually(lambda: listed(target, of_day(body["observation_date"]), created.id))
    if item is None:
        raise NotJudged(
            "the list of its day does not show the created observation (OBC-02)",
            hint=LAGS,
        )
    expect_same(comparable(read), comparable(item))
    return f"created, listed and read alike in {len(comparable(read))} fields"


@judges("OBS-07")
async def test_a_read_gives_the_observation_as_it_was_listed(target: Target) -> str:
    """Observations that were there before read as they were listed; those that changed meanwhile are left out."""
    items = [item for item in await observations(target) if isinstance(item.get("id"), str)]
    if not items:
        raise NotJudged("there was no observation before the run", hint="Let the organization have some.")
    gone = {person["id"] for person in await employees(target) if looks_deactivated(person)}
    items.sort(key=lambda item: item.get("employee_id") in gone)  # whom a read may look for in vain
    read = await asyncio.gather(*(_unchanged(target, item) for item in items[-FOREIGN:]))
    alike = sum(read)
    if not alike:
        raise NotJudged(
            "all observations that were looked at changed meanwhile",
            hint=BUSY,
        )
    return f"{alike} observations listed and read alike"


async def _unchanged(target: Target, item: Resource) -> bool:
    """Compare a listed item with its read; tell False where it was changed in between."""
    read = expect_resource(await target.get(f"/observations/{item['id']}"))
    if comparable(read) | comparable(item) != comparable(read) and await target.eventually(
        lambda: _moved(target, item)
    ):
        return False
    expect_same(comparable(read), comparable(item))
    return True


async def _moved(target: Target, item: Resource) -> bool:
    """Tell whether the list, once it has settled, no longer serves the item as before."""
    now = await listed(target, of_day(str(item.get("observation_date"))), str(item["id"]))
    return now is None or comparable(now) != comparable(item)


@judges("OBS-08")
async def test_an_unknown_id_is_not_found(target: Target) -> str:
    """Ids that were never issued, one of them a single character off a known one, get 404 not_found."""
    known = await _readable(target)
    unknown = [target.chance.unknown_id("obs"), *_neighbour(known)]
    for exchange in await asyncio.gather(*(target.get(f"/observations/{one}") for one in unknown)):
        expect_refusal(exchange, 404, "not_found")
    return f"{len(unknown)} unknown ids got 404 not_found, a known one 200"


async def _readable(target: Target) -> str:
    """Give the id of an observation that can be read; block where it can't."""
    created = await whole(target)
    if read_resource(await _read(target, created.id)).get("id") != created.id:
        raise Blocked("a known id does not give its observation, so a refusal proves nothing")
    return created.id


async def _read(target: Target, observation_id: str) -> Exchange:
    return await target.once("a read", lambda: target.get(f"/observations/{observation_id}"))


def _neighbour(known: str) -> list[str]:
    """Change one character within the random part of an id, far from where counters count."""
    if not ID_PATTERN.fullmatch(known):
        return []
    place = 18
    other = CROCKFORD[(CROCKFORD.find(known[place]) + 16) % 32]
    return [known[:place] + other + known[place + 1 :]]


@judges("OBS-09")
async def test_an_archived_observation_is_read_by_its_id(target: Target) -> str:
    """After archive a read gives 200 and the same observation with archived_at set."""
    made = await target.make_archived()
    read = expect_resource(await target.get(f"/observations/{made.id}"), 200)
    expect(
        read.get("id") == made.id and instant(read.get("archived_at")) is not None,
        f"the archived observation reads with archived_at {read.get('archived_at')!r}",
        expected="the same id, archived_at set",
        observed=read,
    )
    return "archived and read by id, archived_at set"


@judges("OBS-10", over=(*MALFORMED, *RESPELLED))
async def test_a_malformed_id_is_not_found(target: Target, form: str) -> str:
    """An id of another form gets 404 not_found; 400 validation_error is allowed and recorded."""
    known = await _readable(target)
    asked = RESPELLED[form](known) if form in RESPELLED else MALFORMED[form]
    if form in RESPELLED and not ID_PATTERN.fullmatch(known):
        raise Blocked(f"{known!r} is no id of the documented form (OBS-02)")
    exchange = await target.get(f"/observations/{asked}")
    got = exchange.status, error_of(exchange).get("code")
    if got not in {(404, "not_found"), (400, "validation_error")}:
        raise Violation(
            f"{form} got {got[0]} {got[1] or ''}".rstrip(), expected="404 not_found", observed=shown(exchange)
        )
    return f"{form} got {got[0]} {got[1]}, a known id 200"


def _short(value: Any) -> str:  # noqa: ANN401  # any JSON value
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
