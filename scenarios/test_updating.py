"""OBU: updating observations by PATCH (observations › Update an observation, Restrictions, Field reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.observation import CLEARABLE, FIELD, READ_ONLY
from conformance.errors import Missing
from conformance.judging.expect import (
    asked,
    error_of,
    expect,
    expect_refusal,
    expect_resource,
    expect_same,
    require_accepted,
    shown,
)
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Blocked, NotApplicable, Noted, Violation
from conformance.target.discovery import known_attributes
from conformance.target.instants import instant, precision
from conformance.target.reading import read_resource
from scenarios._creates import comparable, expect_each_refused, of_day
from scenarios._listings import expect_listed_alike, fresh_listing, look
from scenarios._settable import FORGED, expect_own_values
from scenarios._updates import (
    ANOTHER_EMPLOYEE,
    ANOTHER_TYPE,
    CLEARINGS,
    MIXES,
    NEW,
    SILENT,
    TOGETHER,
    UNKNOWN,
    UPDATES,
    archival,
    clearing_of,
    fresh,
    move,
    moves,
    patched,
    refusals,
    silent_updates,
    update_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from scenarios._updates import Change

MOVED = {"updated_at"}
"""The field that an update moves by itself (OBU-02 and OBU-13 judge it)."""
FIXED = ("employee_id", "type")


@judges("OBU-01", over=UPDATES)
async def test_an_update_changes_the_fields_sent_and_no_other(target: Target, fields: str) -> str:
    """200 with the resource; what was sent is taken over, the rest is as before, in the answer and in a read."""
    change = await update_of(target, fields)
    _expect_changed(change)
    return f"{', '.join(change.sent)} changed, {len(FIELD) - len(change.sent) - len(MOVED)} other fields kept"


@judges("OBU-01")
async def test_an_update_shows_in_lists(target: Target) -> str:
    """The list of its day, and of its new attribute too, comes to serve an updated observation as it now reads."""
    after = (await update_of(target, TOGETHER)).taken
    day = of_day(str(after.get("observation_date")))
    new = [("filter[attribute_id]", one) for one in (after.get("attribute_ids") or ())[-1:]]
    listing = await look(target, after, {"in the list": day} | ({"by its new attribute": [*new, *day]} if new else {}))
    if listing.lost and not (await fresh_listing(target)).lost:
        raise Violation(f"an updated observation is not found {', '.join(listing.lost)}", expected=str(after["id"]))
    return expect_listed_alike(listing)


def _expect_changed(change: Change) -> None:
    wanted = comparable({**change.before, **change.sent})
    for exchange in (change.answer, change.read):
        expect_same(comparable(expect_resource(exchange, 200)), wanted, ignoring=MOVED)


@judges("OBU-02", over=(*UPDATES, *CLEARINGS))
async def test_an_update_keeps_created_at_and_never_moves_updated_at_back(target: Target, fields: str) -> str:
    """created_at is the same moment as before; updated_at is the same or a later one."""
    change = await _change_of(target, fields)
    require_accepted(change.answer, 200)
    for resource in (read_resource(change.answer), change.after):
        created = resource.get("created_at")
        expect(
            created == change.before.get("created_at") or instant(created) == _moment(change.before, "created_at"),
            "an update changed created_at",
            expected=str(change.before.get("created_at")),
            observed=created,
        )
        expect(
            _moment(resource, "updated_at") - _moment(change.before, "updated_at") > -_step(change.before, resource),
            "an update moved updated_at back",
            expected=f"{change.before.get('updated_at')} or later",
            observed=resource.get("updated_at"),
        )
    return "created_at kept, updated_at not moved back"


async def _change_of(target: Target, name: str) -> Change:
    cleared = CLEARINGS.get(name)
    return await (clearing_of(target, cleared) if cleared else update_of(target, name))


def _moment(resource: Resource, name: str) -> Any:  # noqa: ANN401  # a datetime; what is none blocks the check
    moment = instant(resource.get(name))
    if moment is None:
        raise Blocked(f"{name} is no date-time (OBS-04)")
    return moment


def _step(*resources: Resource) -> Any:  # noqa: ANN401  # a timedelta
    return max(precision(str(resource.get("updated_at"))) for resource in resources)


@judges("OBU-13", over=(*UPDATES, *CLEARINGS))
async def test_an_update_moves_updated_at_forward(target: Target, fields: str) -> str:
    """Once its served precision can show it, updated_at is later after the update than before."""
    change = await _change_of(target, fields)
    after = change.taken
    expect(
        _moment(after, "updated_at") > _moment(change.before, "updated_at"),
        f"an update of {fields} left updated_at as it was",
        expected=f"later than {change.before.get('updated_at')}",
        observed=after.get("updated_at"),
    )
    return "updated_at is later after the update"


@judges("OBU-03", over=CLEARABLE)
async def test_null_clears_an_optional_text(target: Target, field: str) -> str:
    """A text that was there is null after an update with null, in the answer and in a read."""
    _expect_changed(await clearing_of(target, field))
    return f"null cleared {field}, the other fields kept"


@judges("OBU-03")
async def test_null_clears_a_text_beside_a_new_one(target: Target) -> str:
    """Null clears a text where another one is changed by the same update."""
    return _expect_cleared(await _before_archival(target), "impact")


@judges("OBU-04")
async def test_an_empty_list_clears_the_attributes_beside_a_new_text(target: Target) -> str:
    """An empty list clears attribute_ids where a text is changed by the same update."""
    if not await known_attributes(target, 1):
        raise Missing("an attribute of ours", hint="Name some as attribute_ids in [tool.conformance].")
    return _expect_cleared(await _before_archival(target), "attribute_ids")


async def _before_archival(target: Target) -> Change:
    return (await archival(target)).before


def _expect_cleared(change: Change, field: str) -> str:
    if not change.before.get(field):
        raise Blocked(f"the create before it stored no {field}")
    for exchange in (change.answer, change.read):
        expect_same(expect_resource(exchange, 200), {field: change.sent[field]})
    return f"{field} cleared beside {', '.join(change.sent.keys() - {field})}"


@judges("OBU-04")
async def test_an_empty_list_clears_the_attributes(target: Target) -> str:
    """attribute_ids that were there are gone after an update with an empty list, in the answer and in a read."""
    _expect_changed(await clearing_of(target, "attribute_ids"))
    return "an empty list cleared attribute_ids, the other fields kept"


async def _expect_it_stays(target: Target, field: str) -> str:
    return _expect_unmoved(await move(target, field), field)


def _expect_unmoved(change: Change, field: str) -> str:
    status = change.answer.status or 0
    expect(
        status == 200 or 400 <= status < 500,
        f"a change of {field} got {status}",
        expected="a refusal with a 4xx, or 200 without a change",
        observed=shown(change.answer),
    )
    served = [expect_resource(change.read, 200)] + ([read_resource(change.answer)] if status == 200 else [])
    for resource in served:
        expect_same(resource, {field: change.before.get(field)})
    return f"a change of {field} got {status}, and it stayed"


@judges("OBU-05")
async def test_an_update_cannot_change_employee_id(target: Target) -> str:
    """Another employee is refused or ignored, alone and beside all that may be changed; employee_id reads as before."""
    alone, beside = await _expect_it_stays(target, "employee_id"), (await moves(target)).beside
    return f"{alone}; beside all else {_expect_unmoved(beside, 'employee_id')}" if beside else alone


@judges("OBU-06")
async def test_an_update_cannot_change_type(target: Target) -> str:
    """The other type is refused or ignored, alone and beside all that may be changed; type reads as before."""
    beside = _expect_unmoved((await refusals(target)).mixes[ANOTHER_TYPE], "type")
    return f"{await _expect_it_stays(target, 'type')}; beside all else {beside}"


@judges("OBU-14", over=FIXED)
async def test_a_change_of_what_is_fixed_is_refused_rather_than_ignored(target: Target, field: str) -> str:
    """The update gets a 4xx, alone and beside all that may be changed, where one of another field was accepted."""
    change = await move(target, field)
    beside = (await moves(target)).beside if field == "employee_id" else (await refusals(target)).mixes[ANOTHER_TYPE]
    _expect_4xx(change.answer, f"a change of {field}")
    if beside is not None:
        _expect_4xx(beside.answer, f"a change of {field} beside all that may be changed")
    return f"a change of {field} got {change.answer.status}, one of observation 200"


def _expect_4xx(exchange: Exchange, what: str) -> None:
    expect(
        400 <= (exchange.status or 0) < 500, f"{what} got {exchange.status}", expected="a 4xx", observed=shown(exchange)
    )


@judges("OBU-07")
async def test_an_archived_observation_cannot_be_updated(target: Target) -> str:
    """Each field that was updatable before gets a 4xx, and the observation reads as it was archived, also restored."""
    life = await archival(target)
    for field, exchange in life.updates.items():
        _expect_4xx(exchange, f"an update of {field} of an archived observation")
    expect_same(comparable(expect_resource(life.read, 200)), comparable(life.archived))
    if life.read_again.status == 200:
        moved = {*MOVED, "archived_at", "impact"}  # the update that was accepted by then is of impact
        expect_same(comparable(read_resource(life.read_again)), comparable(life.archived), ignoring=moved)
    return f"accepted before, updates of {len(life.updates)} fields were refused once archived and changed nothing"


@judges("OBU-08")
async def test_a_restored_observation_can_be_updated_again(target: Target) -> str:
    """The update that was refused while archived gets 200 after restore, and takes effect."""
    life = await archival(target)
    require_accepted(life.restored, 200)
    for exchange in (life.again, life.read_again):
        expect_same(expect_resource(exchange, 200), {"impact": NEW["impact"], "archived_at": None})
    return "refused while archived, the update took effect after restore"


@judges("OBU-15")
async def test_with_which_status_an_archived_observation_refuses_updates(target: Target) -> Noted:
    """The error table has no line for it: status and code are recorded."""
    exchange = (await archival(target)).updates["impact"]
    value = {"status": exchange.status, "code": error_of(exchange).get("code")}
    told = f"{value['status']} {value['code'] or ''}".rstrip()
    return Noted(f"An update of an archived observation gets {told}.", value)


@judges("OBU-09")
async def test_an_update_cannot_empty_the_observation(target: Target) -> str:
    """Null and an empty text get 400 validation_error and leave the text; another text was accepted before."""
    before = (await update_of(target, "several fields")).taken
    bodies: dict[str, dict[str, Any]] = {
        "None": {"recommended_action": "Beside null.", "observation": None},
        "''": {"observation": ""},
    }
    changes = {value: await patched(target, before, body) for value, body in bodies.items()}
    expect_each_refused({value: change.answer for value, change in changes.items()})
    for change in changes.values():
        expect_same(expect_resource(change.read, 200), {"observation": before.get("observation")})
    return "null and an empty text got 400, the text stayed"


@judges("OBU-10")
async def test_an_update_of_an_unknown_id_is_not_found(target: Target) -> str:
    """A body that a known observation takes gets 404 not_found on an id that was never issued."""
    accepted = (await update_of(target, "impact")).answer
    require_accepted(accepted, 200)
    exchange = await target.patch(f"/observations/{target.chance.unknown_id('obs')}", json={"impact": NEW["impact"]})
    expect_refusal(exchange, 404, "not_found")
    return "an unknown id got 404 not_found, a known one 200"


@judges("OBU-10")
async def test_an_update_with_an_unknown_attribute_is_unprocessable(target: Target) -> str:
    """An attribute id that was never issued gets 422 unprocessable, alone, beside a known one, and beside a text."""
    evidence = await refusals(target)
    changes = [*evidence.unknown_attributes, evidence.mixes[UNKNOWN]]
    for change in changes:
        expect_refusal(change.answer, 422, "unprocessable")
    return f"{len(changes)} updates with an unknown attribute got 422, one without it 200"


@judges("OBU-11", over=(*MIXES, ANOTHER_TYPE, ANOTHER_EMPLOYEE))
async def test_a_refused_update_changes_nothing(target: Target, beside: str) -> str:
    """A valid field beside one that is refused is not stored: every field reads as before."""
    change = (await moves(target)).beside if beside == ANOTHER_EMPLOYEE else (await refusals(target)).mixes[beside]
    if change is None:
        raise Missing("a second employee", hint="Name two as employee_ids in [tool.conformance].")
    status = change.answer.status or 0
    if status == 200 and beside in {ANOTHER_TYPE, ANOTHER_EMPLOYEE}:
        raise NotApplicable(f"a change to {beside} is ignored, not refused (OBU-14)")
    if not 400 <= status < 500:
        raise Blocked(f"{asked(change.answer)} with {beside} got {status}, so there is no refusal to judge")
    read, before = comparable(expect_resource(change.read, 200)), comparable(change.before)
    others = {field for name, mixed in MIXES.items() if name != beside for field in mixed.valid} - set(change.sent)
    expect_same(*({field: one[field] for field in one.keys() - others} for one in (read, before)))
    return f"{', '.join(change.sent)} together got {status}, and every field reads as before"


@judges("OBU-16")
async def test_read_only_fields_cannot_be_set_by_an_update(target: Target) -> str:
    """Sent together (and apart, where that is refused) they are refused with 400 or ignored."""
    before = await fresh(target)
    require_accepted(await target.patch(f"/observations/{before['id']}", json={"impact": NEW["impact"]}), 200)
    change = await _forge(target, before, FORGED)
    if change.answer.status != 200:
        changes = [await _forge(target, before, {field: FORGED[field]}) for field in READ_ONLY]
        ignored = sum(change.answer.status == 200 for change in changes)
        return f"{len(READ_ONLY) - ignored} read-only fields refused with 400, {ignored} ignored"
    return f"{len(READ_ONLY)} read-only fields ignored"


async def _forge(target: Target, before: Resource, forged: Mapping[str, Any]) -> Change:
    # beside a real change: an update that changes nothing may well skip all that would store the forged values
    change = await patched(target, before, {"impact": f"Beside {', '.join(forged)}.", **forged})
    if change.answer.status == 200:
        expect_own_values(expect_resource(change.answer, 200), "update")
    else:
        expect_refusal(change.answer, 400, "validation_error")
    read = expect_resource(change.read, 200)
    expect_own_values(read, "update")
    expect_same(read, {name: before.get(name) for name in ("id", "created_at", "archived_at")})
    return change


@judges("OBU-12", over=SILENT)
async def test_what_updates_get_on_which_the_documents_are_silent(target: Target, body: str) -> Noted:
    """One update of each kind: refused, or accepted with or without an effect (updated_at aside)."""
    change = (await silent_updates(target))[body]
    subject = f"An update with {body}"
    if change.answer.status != 200:
        code = error_of(change.answer).get("code")
        told = f"{change.answer.status} {code or ''}".rstrip()
        return Noted(f"{subject} is refused with {told}.", {"status": change.answer.status, "code": code})
    kept, after = comparable(change.before), comparable(change.after)
    changed = sorted(name for name in after.keys() - MOVED if after[name] != kept.get(name))
    effect = f"changes {' and '.join(changed)}" if changed else "changes nothing"
    return Noted(f"{subject} is accepted and {effect}.", {"status": 200, "changed": changed})
