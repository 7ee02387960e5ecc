"""OBC: creating observations (observations › Create an observation, Validation rules, Field reference)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.observation import READ_ONLY, REQUIRED, WRITABLE
from conformance.judging.expect import (
    expect,
    expect_field_named,
    expect_refusal,
    expect_resource,
    expect_same,
    require_accepted,
    shown,
)
from conformance.judging.hints import LAGS
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Noted, NotJudged, Violation
from conformance.target.discovery import no_attribute, nobody
from conformance.target.identifiers import never_issued
from conformance.target.reading import read_page, read_resource
from scenarios._creates import (
    about_somebody_deactivated,
    comparable,
    create,
    expect_each_refused,
    full_body,
    of_day,
    quiet_day,
    shortest,
    twin,
    twins,
    valid,
    whole,
)
from scenarios._listings import expect_listed_alike, fresh_listing
from scenarios._settable import FORGED, expect_own_values
from scenarios._silences import SILENCES, probe
from scenarios._texts import FIELDS as TEXT_FIELDS
from scenarios._texts import NOTHINGS, TEXTS, escaped, in_each_field, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

NO_TYPES = ("strengths", "", "Strength")
ESCAPED = "escaped in JSON"
"""All of the texts again, sent as JSON's own escapes (RFC 8259 section 7)."""
A_ZERO = "a zero"
"""And other texts that a careless server takes for none."""


@judges("OBC-01")
async def test_a_valid_create_answers_201_and_holds_what_was_sent(target: Target) -> str:
    """A create of every writable field, and one of the required fields alone, come back with the values sent."""
    for created in (await whole(target), await shortest(target)):
        resource = expect_resource(created.exchange, 201)
        expect(
            isinstance(resource.get("id"), str) and resource["id"],
            "the create's answer has no id",
            expected="the new resource",
            observed=shown(created.exchange),
        )
        expect_same(comparable(resource), comparable(created.sent))
    return f"{len(WRITABLE)} and {len(REQUIRED)} fields came back as sent, with 201"


@judges("OBC-01")
async def test_a_create_with_a_date_and_nothing_else_to_add_holds_it(target: Target) -> str:
    """The day that was sent is held without an impact, a recommended action and attributes, too."""
    exchange = await twin(target, impact=..., recommended_action=..., attribute_ids=...)
    day = (await valid(target))["observation_date"]
    expect_same(expect_resource(exchange, 201), {"observation_date": day})
    return "a date beside the required fields alone came back"


@judges("OBC-02")
async def test_a_created_observation_is_found_by_id_and_in_its_lists(target: Target) -> str:
    """Within the settling time it is read by id and stands in every list that matches it."""
    listing = await fresh_listing(target)
    made = listing.resource
    read = await target.eventually(lambda: _is_read(target, made))
    lost = [*([] if read else ["by its id with what the create answered"]), *listing.lost]
    expect(
        not lost,
        f"the created observation is not found {', '.join(lost)}",
        expected=f"{made['id']} there within {target.settings.settle:g} s",
        observed=made,
    )
    return f"found by id and in {len(listing.items)} lists within {listing.seconds:.1f} s"


async def _is_read(target: Target, made: Resource) -> bool:
    """Tell whether it is read by id, with what the create answered in it."""
    exchange = await target.get(f"/observations/{made['id']}")
    try:
        expect_same(comparable(expect_resource(exchange)), comparable(made), ignoring={"created_at", "updated_at"})
    except Violation:
        return False
    return True


@judges("OBS-07")
async def test_each_list_gives_the_observation_as_it_was_created(target: Target) -> str:
    """The lists of its day, its employee, its type and its attribute hold all that the create answered."""
    return expect_listed_alike(await fresh_listing(target))


@judges("OBC-03")
async def test_a_create_of_the_required_fields_alone_fills_in_the_rest(target: Target) -> str:
    """What is left out is null, null, an empty array and a date."""
    resource = expect_resource((await shortest(target)).exchange, 201)
    expect_same(resource, {"impact": None, "recommended_action": None, "attribute_ids": []})
    expect(
        isinstance(resource.get("observation_date"), str) and resource["observation_date"],
        f"observation_date left out is {resource.get('observation_date')!r}",
        expected="a date",
        observed=resource.get("observation_date"),
    )
    return "four optional fields left out came back null, null, empty and dated"


@judges("OBC-05", over=REQUIRED)
async def test_a_create_without_a_required_field_names_it(target: Target, field: str) -> str:
    """The accepted body without the field gets 400 validation_error, whose details name the field."""
    exchange = await twin(target, **{field: ...})
    expect_refusal(exchange, 400, "validation_error")
    expect_field_named(exchange, field)
    return f"400 validation_error names {field}; with it, 201"


@judges("OBC-06")
async def test_a_type_outside_the_enum_is_invalid(target: Target) -> str:
    """Another form of the word, no word and another case get 400 validation_error."""
    expect_each_refused(await twins(target, "type", NO_TYPES))
    return f"{len(NO_TYPES)} other types refused, the twin accepted"


@judges("OBC-07")
async def test_read_only_fields_cannot_be_set_by_a_create(target: Target) -> str:
    """Sent together (and apart, where that is refused) they are refused with 400, or take the server's values."""
    exchange = await twin(target, **FORGED)
    if exchange.status in {200, 201}:
        await _expect_own_values(target, exchange)
        return f"{len(READ_ONLY)} read-only fields ignored"
    expect_refusal(exchange, 400, "validation_error")
    ignored = 0
    for field in READ_ONLY:
        apart = await twin(target, **{field: FORGED[field]})
        if apart.status in {200, 201}:
            await _expect_own_values(target, apart)
            ignored += 1
        else:
            expect_refusal(apart, 400, "validation_error")
    return f"{len(READ_ONLY) - ignored} read-only fields refused with 400, {ignored} ignored"


async def _expect_own_values(target: Target, exchange: Exchange) -> None:
    resource = expect_resource(exchange, 200, 201)
    expect_own_values(resource, "create")
    expect_own_values(expect_resource(await target.get(f"/observations/{read_resource(exchange)['id']}")), "create")


@dataclass(frozen=True, slots=True)
class _Dangling:
    """Creates that refer to what does not exist, and the list of their day once the valid twin stands in it."""

    employee: Exchange
    attribute: Exchange
    beside: Exchange | None
    left_behind: Sequence[Resource] | None


async def _dangling(target: Target) -> _Dangling:
    return await target.once("creates with dangling references", lambda: _refer_to_nothing(target))


async def _refer_to_nothing(target: Target) -> _Dangling:
    sent = await full_body(target, observation_date=quiet_day(target))
    known = sent["attribute_ids"][:1]
    stranger, nothing = await nobody(target), await no_attribute(target)
    bodies = [sent | {"employee_id": stranger}, sent | {"attribute_ids": [nothing]}]
    bodies += [sent | {"attribute_ids": [*known, nothing]}] if known else []
    refused = await asyncio.gather(*map(target.create, bodies))
    accepted = await create(target, sent)
    require_accepted(accepted.exchange, 201)
    query = [*of_day(sent["observation_date"]), ("filter[archived]", "all"), ("sort", "-created_at")]
    seen = await target.eventually(lambda: _seen_with(target, query, accepted.id))
    left_behind = [item for item in seen if item.get("observation") == sent["observation"]] if seen else None
    return _Dangling(refused[0], refused[1], refused[2] if known else None, left_behind)


async def _seen_with(target: Target, query: Sequence[tuple[str, str]], observation_id: str) -> list[Resource]:
    """Give the first page of a list and nothing before it shows our latest, so that what came earlier shows, too."""
    items = read_page(await target.get("/observations", query)).items
    return list(items) if any(item.get("id") == observation_id for item in items) else []


@judges("OBC-08")
async def test_an_unknown_employee_is_unprocessable(target: Target) -> str:
    """The accepted body with an employee_id that was never issued gets 422 unprocessable."""
    expect_refusal((await _dangling(target)).employee, 422, "unprocessable")
    return "an unknown employee got 422 unprocessable, a known one 201"


@judges("OBC-08")
async def test_a_create_refused_for_its_employee_creates_nothing(target: Target) -> str:
    """In the list of its day stands the accepted twin alone."""
    evidence = await _dangling(target)
    expect_refusal(evidence.employee, 422, "unprocessable")
    if evidence.left_behind is None:
        raise NotJudged(
            "the list of its day does not show the accepted twin (OBC-02)",
            hint=LAGS,
        )
    expect(
        len(evidence.left_behind) == 1,
        f"{len(evidence.left_behind) - 1} refused creates are in the list",
        expected="the accepted twin alone",
        observed=evidence.left_behind,
    )
    return "of the refused creates and their accepted twin the list shows the twin alone"


@judges("OBC-09")
async def test_an_unknown_attribute_is_unprocessable(target: Target) -> str:
    """An attribute id that was never issued gets 422 unprocessable, alone and beside a known one."""
    evidence = await _dangling(target)
    asked = [evidence.attribute, *([evidence.beside] if evidence.beside else [])]
    for exchange in asked:
        expect_refusal(exchange, 422, "unprocessable")
    return "an unknown attribute got 422 unprocessable" + (", alone and beside a known one" if evidence.beside else "")


@judges("OBC-11")
async def test_a_deactivated_employee_is_accepted(target: Target) -> str:
    """The accepted body for a deactivated employee gets 201, too."""
    employee, exchange = await about_somebody_deactivated(target)
    expect_same(expect_resource(exchange, 201), {"employee_id": employee})
    return "a create for a deactivated employee got 201"


@judges("OBC-15", over=WRITABLE)
async def test_a_wrong_json_type_is_invalid(target: Target, field: str) -> str:
    """The accepted body with a value of another JSON type in the field gets 400 validation_error."""
    values = _wrong(field, (await valid(target))[field])
    expect_each_refused(await twins(target, field, values))
    return f"{len(values)} values of wrong types refused, the twin accepted"


def _wrong(field: str, right: Any) -> list[Any]:  # noqa: ANN401  # any JSON value
    """Give what is most readily taken for the field; of a text that may be left out, what another does not get."""
    one = right[0] if field == "attribute_ids" and right else never_issued("attr")
    return {
        "attribute_ids": [one, {"0": one}, [one, None], [one, 7]],
        "observation": [42, True, {"value": right}, [right], None],
        "impact": [0, False, [right]],
        "recommended_action": [1.5, {}],
        "observation_date": [1681257600000, False, [right]],
    }.get(field, [42, [right], None])


@judges("OBC-16", over=TEXTS)
async def test_text_comes_back_as_it_was_sent(target: Target, text: str) -> str:
    """Each text field holds exactly what was sent, in the answer and in a later read."""
    texts = await together(target)
    if texts.created.status == 201:
        for exchange in (texts.created, texts.read):
            _expect_each_holds(expect_resource(exchange, 200, 201), TEXTS[text])
        return f"what was sent among others came back in {len(TEXT_FIELDS)} fields, and was read so"
    fields = in_each_field(target, TEXTS[text])
    exchange = await target.create(await valid(target) | fields)
    expect_same(expect_resource(exchange, 201), fields)
    expect_same(expect_resource(await target.get(f"/observations/{read_resource(exchange)['id']}")), fields)
    return f"what was sent came back in {len(fields)} fields, and was read so"


@judges("OBC-16")
async def test_text_comes_back_from_its_beginning_to_its_end(target: Target) -> str:
    """A text field that begins and ends with signs holds them, too."""
    texts = await together(target)
    for exchange in (require_accepted(texts.created, 201), texts.read):
        expect_same(expect_resource(exchange, 200, 201), texts.sent)
    return f"{len(texts.sent)} fields came back from beginning to end as they were sent"


@judges("OBC-16", over=(ESCAPED, A_ZERO))
async def test_text_that_may_be_misread_comes_back_as_it_was_sent(target: Target, text: str) -> str:
    """What was sent as JSON's own escapes comes back, and so do texts of "0" and "null"."""
    texts, fields = await escaped(target), ("observation",) if text == ESCAPED else tuple(NOTHINGS)
    for exchange, status in ((texts.created, 201), (texts.read, 200)):
        expect_same(expect_resource(exchange, status), {field: texts.sent[field] for field in fields})
    return f"{' and '.join(fields)} came back as sent"


def _expect_each_holds(resource: Resource, told: str) -> None:
    for field in TEXT_FIELDS:
        held = resource.get(field)
        expect(
            isinstance(held, str) and told in held,
            f"{field} does not hold a text as it was sent",
            expected=told,
            observed=held,
        )


@judges("OBC-17", over=SILENCES)
async def test_what_a_create_makes_of_content_the_documents_leave_open(target: Target, content: str) -> Noted:
    """The accepted body with such content in one field: refused, or stored in some form."""
    silence = SILENCES[content]
    sent = await silence.value(target)
    exchange = await twin(target, **{silence.field: sent})
    return probe(silence, sent, exchange)
