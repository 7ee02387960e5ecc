"""What a spec relates to the items of a collection: operations that take an item's id, by `links` or by their names.

create ──id──> the path of an operation on the item      GET /webhooks/{id}, POST /observations/{id}/archive
──id──> a query parameter of a list               filter[employee_id]
──id──> a field of another create                 employee_id
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.pointers import is_inside, target_of
from conformance.openapi.document.shapes import parts_of_schema
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.fuzzing.questions import Slot
from conformance.target.documents import as_object
from conformance.target.references import SUBJECTS, is_reference, singular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published

PATH = Slot("path", "")
"""Where an operation on an item takes its id, whatever the parameter's name."""
PEOPLE = "/employees"
STATES = frozenset(
    {
        "archive",
        "restore",
        "unarchive",
        "close",
        "reopen",
        "open",
        "complete",
        "cancel",
        "publish",
        "unpublish",
        "pause",
    }
    | {"resume", "enable", "disable", "activate", "deactivate", "submit", "approve", "reject", "read", "unread"}
    | {"resolve", "dismiss", "snooze", "acknowledge", "start"}
    | {"rotate", "rotate-secret", "pin", "unpin", "mute", "unmute", "mark-read", "mark-as-read", "mark-unread"}
)
"""Actions that do no more than change the item: another one might call on somebody who is not there."""
DECISIONS = frozenset(
    {"accept", "decline", "confirm", "withdraw", "skip", "stop", "defer", "postpone", "finalize", "finalise"}
    | {"lock", "unlock", "flag", "unflag", "hide", "unhide"}
)
"""Actions that may bind somebody, or be final: they are for what is not worth keeping."""
CALLS = frozenset(
    {"notify", "notification", "remind", "reminder", "nudge", "invite", "invitation", "request", "call", "ping", "test"}
    | {"send", "resend", "deliver", "redeliver", "redelivery", "delivery", "retry", "replay", "share", "forward"}
    | {"email", "mail", "sendmail", "sms", "message", "chat", "slack", "comment", "reply", "mention", "contact"}
    | {"escalate", "export", "sync", "import", "webhook", "trigger", "payment", "calendar", "schedule", "meeting"}
    | {"announce", "announcement", "broadcast", "dispatch", "distribute", "alert", "push", "feedback", "delegate"}
    | {"assign", "assignment", "assignee", "collaborator", "member", "guest", "invitee", "participant", "attendee"}
    | {"recipient", "follower", "watcher", "subscriber", "reviewer", "approver"}
)
"""What stands, as a word of its own, in the name of an action that calls on somebody, or on another system."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ID = re.compile(r"\$response\.body#(/data)?/id")


@dataclass(frozen=True, slots=True)
class Taker:
    """An operation that takes an item's id, and where: its path (PATH), a parameter, or a field of its body."""

    operation: Operation
    slot: Slot = PATH


@dataclass(frozen=True, slots=True)
class Kin:
    """What takes the ids of a collection's items, in the order of the spec."""

    collection: str
    create: Operation
    takers: tuple[Taker, ...]

    @property
    def own(self) -> list[Operation]:
        """The operations on an item itself."""
        return [one.operation for one in self.takers if one.slot == PATH]

    def of(self, method: str) -> Operation | None:
        """Return the operation of a method on an item as a whole."""
        whole = f"{self.collection}/{{}}"
        return next((one for one in self.own if (one.method, one.path) == (method, whole)), None)

    @property
    def moves(self) -> list[Operation]:
        """The operations that move an item into another state by a path below its own, as /archive does."""
        return [one for one in self.own if is_move(one)]


def is_move(operation: Operation) -> bool:
    """Tell whether an operation does no more than move an item into another state."""
    return is_action(operation) and operation.path.rpartition("/")[2] in STATES


def is_action(operation: Operation) -> bool:
    """Tell whether an operation does something to an item, by a path below its own."""
    above, _, name = operation.path.rpartition("/")
    return operation.method == "POST" and "{" not in name and above.endswith("/{}") and above.count("/") == 2  # noqa: PLR2004


def calls(path: str) -> bool:
    """Tell whether what is done to an item at a path might call on somebody who is not there."""
    return bool(CALLS & {*words_in(path.rpartition("/")[2])})


def words_in(path: str) -> Iterator[str]:
    """Give the words of a path, those that count in the singular, too."""
    for word in map(str.lower, _WORD.findall(path)):
        yield from {word, word.removesuffix("s"), word.removesuffix("ies") + "y"}


def kin_of(spec: Published, collection: str) -> Kin | None:
    """Return what a spec relates to the items of a collection; None where it describes no create."""
    create = spec.find("POST", collection)
    if create is None:
        return None
    found = [*_linked(spec, create), *(one for each in spec.operations for one in _readably_named(each, collection))]
    return Kin(collection, create, tuple(dict.fromkeys(found)))


# by name -----------------------------------------------------------------------------------------------------


def _readably_named(operation: Operation, collection: str) -> list[Taker]:
    try:
        return [*_named(operation, collection)]
    except Unreadable:
        return []


def _named(operation: Operation, collection: str) -> Iterator[Taker]:
    if operation.path.count("{}") == 1 and operation.path.startswith(f"{collection}/{{}}"):
        yield Taker(operation)
    if "{}" not in operation.path:
        slots = _filters(operation) if operation.method == "GET" else _fields(operation)
        yield from (Taker(operation, one) for one in slots if _takes(one.name, collection))


def _filters(operation: Operation) -> list[Slot]:
    return [Slot("query", one) for one in query_parameters(operation)]


def _fields(operation: Operation) -> list[Slot]:
    """Return the fields of a body that hold one id."""
    place = json_schema_of(operation.request_body) if operation.method == "POST" else None
    parts = parts_of_schema(place) if place is not None else ()
    names = (str(one) for part in parts for one in as_object(part.value.get("properties")))
    return [Slot("body", one) for one in dict.fromkeys(names) if one.endswith("_id")]


def _takes(name: str, collection: str) -> bool:
    """Tell whether a field, or a filter on it, is called like a reference to an item of a collection."""
    words = [one for one in re.findall(r"[a-z0-9_]+", name, re.IGNORECASE) if is_reference(one)]
    stems = {one.removesuffix("_ids").removesuffix("_id") for one in words}
    people = SUBJECTS if collection == PEOPLE else frozenset()
    return bool(stems & {singular(collection), *people})


# by links ----------------------------------------------------------------------------------------------------


def _linked(spec: Published, create: Operation) -> Iterator[Taker]:
    for success in create.successes:
        links = success.at("links")
        for name in links.value:
            yield from _of_link(spec, links.at(name))


def _of_link(spec: Published, link: Place) -> Iterator[Taker]:
    operation = _target_of(spec, link)
    if operation is None:
        return
    for name, expression in as_object(link.value.get("parameters")).items():
        where, dot, bare = name.partition(".")
        if not isinstance(expression, str) or not _ID.fullmatch(expression):
            continue
        if operation.path.count("{}") == 1 and f"{{{bare if dot else name}}}" in operation.template:
            yield Taker(operation)
        elif "{}" not in operation.path and operation.method == "GET":
            yield Taker(operation, Slot("query", bare if where == "query" and dot else name))


def _target_of(spec: Published, link: Place) -> Operation | None:
    wanted, reference = link.value.get("operationId"), str(link.value.get("operationRef", ""))
    if isinstance(wanted, str):
        return next((one for one in spec.operations if one.own.get("operationId") == wanted), None)
    place = target_of(reference) if is_inside(reference) else None
    return next((one for one in spec.operations if one.place == place), None)
