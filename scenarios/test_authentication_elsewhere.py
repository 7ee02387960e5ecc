"""AUT: scopes hold on the other collections, too (overview › What the API is for, A minimal first request)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import Missing
from conformance.judging.expect import asked, expect_refusal
from conformance.judging.scenario import Phase, during, judges
from conformance.judging.verdicts import NotApplicable, NotJudged
from conformance.openapi.fuzzing.relations import STATES, calls
from conformance.target.bodies import Builder
from conformance.target.documents import as_list, as_object, demands, json_content, merged, paths, resolve, spec
from conformance.target.made.removal import BY_ARCHIVING, ways
from conformance.target.reading import read_resource
from conformance.wire.roles import READ_ONLY
from scenarios._elsewhere import COLLECTIONS, accepted_create, create, declared_create, scopes_of_create
from scenarios._keys import (
    DENIED,
    VALID,
    Attempt,
    KnownKey,
    expect_denied,
    known_key,
    require_lack,
    require_same_organization,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.made.removal import Way
    from conformance.target.reading import Resource
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange

INVALID = frozenset({400, 422})
"""What was validated, and so was authorized first or will never tell."""
WRITES = ("PATCH", "PUT", "POST", "DELETE")
"""Overview › REST principles; PUT is no documented method, but where a spec has it, it writes, too."""
OF_READERS = frozenset(
    {"read", "unread", "mark-read", "mark-as-read", "mark-unread", "acknowledge", "dismiss", "snooze"}
)
"""Actions by which a reader may but note for himself what he has read."""
_ACTION = re.compile(r"(?:/[^/{}]+)?")
"""What stands below an item's path, if anything does: one segment that is no parameter."""


@during(Phase.MAKING)
@judges("AUT-12", over=COLLECTIONS)
async def test_creates_elsewhere_with_a_read_only_key_are_denied(target: Target, path: str) -> str:
    """A create that the first key is allowed gets 403 permission_denied with a key that lacks its scope."""
    scope = (await scopes_of_create(target, path))[0]
    key = await _reader(target, scope)
    try:
        accepted = await accepted_create(target, path)
    except (NotJudged, Missing) as reason:
        return await _denied_before_validation(target, path, key, reason)
    denied = await create(target, path, accepted.body, role=READ_ONLY)
    if denied.status in {409, *INVALID}:
        raise NotJudged(
            f"POST {path} was refused with {denied.status}, which may come before the scope is looked at",
            hint=f"Let the key in {key.variable} see what PB_API_KEY sees, so that the body is valid to both.",
        )
    return expect_denied(key, scope, Attempt(accepted.exchange, {"the same create": denied}))


async def _reader(target: Target, scope: str) -> KnownKey:
    """Give the read-only key, as one that surely lacks a scope."""
    key = await known_key(target, READ_ONLY)
    if key.session.status not in {200, 403}:
        raise NotJudged(f"the key in {key.variable} gets {key.session.status} on /session", hint=VALID)
    require_lack(key, scope)
    await require_same_organization(target, key)
    return key


async def _denied_before_validation(target: Target, path: str, key: KnownKey, reason: Exception) -> str:
    """Judge by a create that makes nothing: where an empty body is invalid with one key and denied with the other."""
    document, declared = await spec(target), await declared_create(target, path)
    schema = merged(document, json_content(document, declared).get("schema"))
    if not as_list(schema.get("required")):
        raise reason
    allowed, denied = await create(target, path, {}), await create(target, path, {}, role=READ_ONLY)
    if allowed.status not in INVALID or denied.status in INVALID:
        raise reason
    if (denied.status or 0) < 300:
        return expect_denied(key, (await scopes_of_create(target, path))[0], Attempt(allowed, {"a create": denied}))
    expect_refusal(denied, *DENIED)
    return f"POST {path} without what is required gets {allowed.status}, and 403 with a read-only key"


@during(Phase.FUZZING)  # when nobody removes what was made in a collection any more
@judges("AUT-12", over=COLLECTIONS)
async def test_items_elsewhere_are_closed_to_a_read_only_key(target: Target, path: str) -> str:
    """What the first key made is denied to a key that lacks the scope: to change, to act on, and to remove."""
    document, declared = await spec(target), await declared_create(target, path)
    scope = (await scopes_of_create(target, path))[0]
    key = await _reader(target, scope)
    writes = _closed_to(key, _writes(document, path, scope), scope)
    await accepted_create(target, path)  # of which another rule counts how often it is there, so one of our own follows
    body = await Builder(target, document).body(json_content(document, declared))
    made = await create(target, path, body)
    if made.status not in {200, 201}:
        raise NotJudged(f"a second create by POST {path} got {made.status}", hint="Let the organization have several.")
    item = f"{path}/{read_resource(made)['id']}"
    tried = [(one, await _attempt(target, document, item, one, body)) for one in writes]
    removal = next(iter(ways(document, path)), None)
    heard = [(one, answer) for one, answer in tried if answer is not None and (one.is_by(removal) or _tells(answer))]
    twin = made if removal is None else await _removed(target, item, removal, [answer for _, answer in heard])
    if not heard:
        hint = "Let /openapi.json describe what these writes take, so that nothing but the scope is wrong with them."
        raise NotJudged(f"writes to {item} were refused for other reasons than the scope", hint=hint)
    by_scope: dict[str, dict[str, Exchange]] = defaultdict(dict)
    for one, answer in heard:
        by_scope[one.lacked(key)][one.label] = answer
    return "; ".join(expect_denied(key, lacked, Attempt(twin, answers)) for lacked, answers in by_scope.items())


def _closed_to(key: KnownKey, writes: Sequence[_Write], scope: str) -> Sequence[_Write]:
    """Return the writes of which a key surely lacks a scope; undecided where there are none."""
    if not writes:
        raise NotApplicable("the published spec declares no write to an item of this collection")
    closed = [one for one in writes if one.lacked(key)]
    if not closed:
        lacking = f"Set {key.variable} to a key that surely lacks {scope}."
        raise NotJudged(f"nothing tells that the key in {key.variable} may not write there", hint=lacking)
    return closed


@dataclass(frozen=True, slots=True)
class _Write:
    """A write to an item that the spec declares: its method, its action ("" or as "/archive"), and its scopes.

    Those of one of the `demands` are enough for it.
    """

    method: str
    action: str
    demands: tuple[tuple[str, ...], ...]
    declared: Resource

    @property
    def label(self) -> str:
        """What is tried, for a sentence."""
        return f"{self.method} {{id}}{self.action}"

    def lacked(self, key: KnownKey) -> str:
        """Name a scope that it takes and the key lacks, "" where nothing tells that it lacks one."""
        lacked = [next((scope for scope in scopes if key.lacks(scope)), "") for scopes in self.demands]
        return lacked[0] if all(lacked) else ""

    def is_by(self, way: Way | None) -> bool:
        """Tell whether it is the way by which items of the collection are removed."""
        return way is not None and (self.method, self.action) == (way.method, way.action)


def _writes(document: Resource, path: str, scope: str) -> list[_Write]:
    """Return the writes to an item, a removal last; `scope` is that of those of which the spec names none.

    Of such, an action might be open to who may read, unless it surely moves the item.
    """
    found = []
    for template, item in paths(document).items():
        inside, action = template[: len(path) + 3], template[len(path) + 3 :]
        if inside != f"{path}/{{}}" or not _ACTION.fullmatch(action) or calls(action):
            continue
        moves = action.strip("/") in STATES - OF_READERS
        for method in WRITES:
            declared = as_object(resolve(document, item).get(method.lower()))
            named = tuple(filter(None, demands(document, declared)))
            if declared and (named or moves or not action):
                found.append(_Write(method, action, named or ((scope,),), declared))
    return sorted(found, key=lambda one: (one.method == "DELETE", one.action == BY_ARCHIVING.action, one.action))


async def _attempt(target: Target, document: Resource, item: str, write: _Write, made: Resource) -> Exchange | None:
    """Try a write with the read-only key, by what changes as little as can be; None where no body can be built."""
    media = json_content(document, write.declared)
    if not media:
        return await target.send(write.method, f"{item}{write.action}", role=READ_ONLY)
    if write.action:
        try:
            body = await Builder(target, document).body(media)
        except Missing:
            return None
    else:
        settable = as_object(merged(document, media.get("schema")).get("properties"))
        name = next((name for name in settable if name in made), None)
        body = {} if name is None else {name: made[name]}
    return await target.send(write.method, f"{item}{write.action}", json=body, role=READ_ONLY)


def _tells(answer: Exchange) -> bool:
    """Tell whether an answer was given because of the scope, or in spite of it."""
    return (answer.status or 0) < 300 or answer.status == DENIED[0]


async def _removed(target: Target, item: str, way: Way, tried: Sequence[Exchange]) -> Exchange:
    """Remove an item with the first key; undecided where that is refused and nobody else has done it before."""
    twin = await target.send(way.method, f"{item}{way.action}")
    if 200 <= (twin.status or 0) < 300:
        target.journal.removed(item.rpartition("/")[2])
    elif all((one.status or 0) >= 300 for one in tried):
        raise NotJudged(f"{asked(twin)} got {twin.status} with the first key, too", hint="Let PB_API_KEY remove it.")
    return twin
