"""Where nothing is worth keeping, a run is lent what was there: it is changed, acted on, and a little of it deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.openapi.document.published import Published
from conformance.openapi.fuzzing.bounds import BOUNDS, Bounds
from conformance.openapi.fuzzing.drawing import NO_END
from conformance.openapi.fuzzing.lending import Lending
from conformance.reference import HONEST
from conformance.target.identifiers import is_made_up
from conformance.target.settings import Settings
from tests.openapi.fuzzing.conftest import RESPONSES, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from conformance.openapi.fuzzing.findings import Fuzzed
    from conformance.reference import Handler, Request, Response
    from conformance.target.target import Target
    from conformance.wire.exchange import Exchange
    from tests.openapi.fuzzing.conftest import Fuzzing

DEEP = Bounds(requests=3000, seconds=240, rounds=NO_END)
OPEN = Settings(base_url="http://x.test/v1", disposable=True, fuzz="deep")
CLOSED = replace(OPEN, disposable=False)
NOTICES = b'{"data": [{"id": "ntf_1", "title": "A"}, {"id": "ntf_2", "title": "B"}]}'
CHANGE, ACTION, BULK = "/notifications/{id}", "/notifications/{id}/read", "/notifications/read-all"
DECISION = "/notifications/{id}/decline"
SPEC = Published(
    {
        "openapi": "3.0.3",
        "paths": {
            "/notifications": {"post": {"responses": RESPONSES}},
            CHANGE: {method: {"responses": RESPONSES} for method in ("get", "patch", "put", "delete")},
            ACTION: {"post": {"responses": RESPONSES}},
            DECISION: {"post": {"responses": RESPONSES}},
            BULK: {"post": {"responses": RESPONSES}},
            "/preferences": {"patch": {"responses": RESPONSES}},
            "/session": {"patch": {"responses": RESPONSES}},
            "/session/revoke": {"post": {"responses": RESPONSES}},
            "/api-keys/{id}": {"patch": {"responses": RESPONSES}},
            "/notifications/{id}/remind": {"post": {"responses": RESPONSES}},
            "/notifications/{id}/reset-password": {"post": {"responses": RESPONSES}},
            "/notifications/{id}/notes/{note_id}": {"patch": {"responses": RESPONSES}},
            "/notifications/bulk-delete": {"post": {"responses": RESPONSES}},
            "/departments": {"put": {"responses": RESPONSES}},
            "/departments/{id}": {"patch": {"responses": RESPONSES}},
        },
    },
    answer(),
)


def lending(settings: Settings = OPEN, is_ours: Callable[[str], bool] = lambda _: False) -> Lending:
    """Give what lends, after two notifications and a person's preferences were seen."""
    found = Lending(settings, is_ours)
    found.learn("/notifications", answer(body=NOTICES))
    found.learn("/preferences", answer(body=b'{"data": {"theme": "dark"}}'))
    return found


def lent(settings: Settings) -> Collection[str]:
    """Name the operations that may be done to what was there."""
    return {one.label for one in SPEC.operations if lending(settings).lends(one)}


def test_what_is_no_way_in_is_lent_for_changes_and_actions() -> None:
    """Not for creates, nor to be deleted or replaced as a whole; nobody is called on.

    Neither are the session and keys, without which nothing more could be asked.
    """
    actions = {f"POST {ACTION}", f"POST {DECISION}", f"POST {BULK}"}
    assert lent(OPEN) == actions | {f"PATCH {CHANGE}", f"PUT {CHANGE}", "PATCH /preferences", "PATCH /departments/{id}"}


@pytest.mark.parametrize(
    "change", [{"disposable": False}, {"fuzz": "quick"}, {"read_only": True}, {"disposable": False, "leave_data": True}]
)
def test_nothing_is_lent_otherwise(change: dict[str, Any]) -> None:
    """Leave to leave data is no leave to change what was there."""
    assert lent(replace(OPEN, **change)) == set()


@pytest.mark.parametrize(("label", "item"), [(f"PATCH {CHANGE}", "ntf_1"), (f"POST {ACTION}", "ntf_2")])
def test_what_is_acted_on_is_not_what_is_changed(label: str, item: str) -> None:
    """After an action nothing may be changed any more."""
    operation = next(one for one in SPEC.operations if one.label == label)
    assert lending().item(operation) == item


def test_what_the_run_made_is_not_lent() -> None:
    """Even if a list shows it first."""
    operation = next(one for one in SPEC.operations if one.label == f"POST {ACTION}")
    assert lending(is_ours=lambda one: one == "ntf_2").item(operation) == "ntf_1"


@pytest.mark.parametrize(
    ("label", "name", "value"), [(f"PATCH {CHANGE}", "title", "B"), ("PATCH /preferences", "theme", "dark")]
)
def test_a_field_is_set_to_what_it_holds(label: str, name: str, value: str) -> None:
    """Of the item that is lent as of a resource as a whole."""
    operation = next(one for one in SPEC.operations if one.label == label)
    found = lending(is_ours=lambda one: one == "ntf_1")
    assert (found.item(operation) in {"ntf_2", ""}, found.value(operation, name)) == (True, value)


def test_an_operation_is_tried_on_an_item_of_each_state() -> None:
    """What was used before comes last; a state is a status, and which of its moments have come."""
    items = [
        {"id": "ntf_1", "status": "open", "read_at": None},
        {"id": "ntf_2", "status": "open", "read_at": None},
        {"id": "ntf_3", "status": "open", "read_at": "2024-05-01T12:00:00Z"},
        {"id": "ntf_4", "status": "done", "read_at": None},
        {"id": "ntf_5", "status": "done", "read_at": None},
        {"id": "a/b", "status": "lost", "read_at": None},
    ]
    action = next(one for one in SPEC.operations if one.label == f"POST {ACTION}")
    found = lending()
    tried = [[one["id"] for one in found.in_other_states(one, "ntf_1", items)] for one in (action, action)]
    assert tried == [["ntf_2", "ntf_3", "ntf_4"], ["ntf_5", "ntf_2", "ntf_3"]]
    assert [*lending(CLOSED).in_other_states(action, "ntf_1", items)] == []


def test_what_is_changed_is_never_acted_on() -> None:
    """Not even where nothing else is in its state."""
    change, action = (
        next(one for one in SPEC.operations if one.label == label) for label in (f"PATCH {CHANGE}", f"POST {ACTION}")
    )
    found = lending()
    assert (found.item(change), found.item(action)) == ("ntf_1", "ntf_2")
    items = [{"id": f"ntf_{number}", "status": str(number)} for number in range(1, 5)]
    assert [one["id"] for one in found.in_other_states(change, "ntf_1", items[:3])] == ["ntf_3", "ntf_2"]
    assert [one["id"] for one in found.in_other_states(action, "ntf_2", items)] == ["ntf_4"]


def test_what_a_list_refuses_or_names_oddly_is_not_lent() -> None:
    """An error has an id, too; and an encoded slash might not get through."""
    operation = next(one for one in SPEC.operations if one.label == f"PATCH {CHANGE}")
    found = Lending(OPEN)
    found.learn("/notifications", answer(400, b'{"error": {}, "id": "req_1"}'))
    assert (found.item(operation), found.first("/notifications")) == ("", "")
    found.learn("/notifications", answer(body=b'{"data": [{"id": "a/b"}, {"id": 7}, {"id": "c"}]}'))
    assert found.item(operation) == "c"


@pytest.mark.parametrize(
    ("settings", "label", "item"),
    [(OPEN, f"DELETE {CHANGE}", ["ntf_5"]), (OPEN, f"PATCH {CHANGE}", []), (CLOSED, f"DELETE {CHANGE}", [])],
)
def test_of_each_state_one_item_is_given_up(settings: Settings, label: str, item: Sequence[str]) -> None:
    """But never the only one."""
    states = ["open", "done", "open", "lost", "open"]
    items = [{"id": f"ntf_{number}", "status": status} for number, status in enumerate(states, 1)]
    operation = next(one for one in SPEC.operations if one.label == label)
    assert lending(settings).given_up(operation, items) == item


ITEMS_OF = ("webhooks", "assignments", "accessTokens", "apitokens", "serviceAccounts", "oauth-clients", "companies")


@pytest.mark.parametrize("collection", [*ITEMS_OF, "sso-connections", "observations", "exports", "APIKeys"])
def test_only_what_is_surely_no_entrance_is_given_up(collection: str) -> None:
    """Of the documented collections, but for observations, which are kept for audits."""
    document = {"openapi": "3.0.3", "paths": {f"/{collection}/{{id}}": {"delete": {"responses": RESPONSES}}}}
    (operation,) = Published(document, answer()).operations
    assert lending().gives_up(operation) == (collection in {"webhooks", "assignments"})


@pytest.mark.parametrize("collection", [*ITEMS_OF, "sso-connections", "designs", "meetings"])
def test_nothing_is_changed_by_which_a_run_could_lock_itself_out(collection: str) -> None:
    """However the words of a path are joined."""
    assert lending().opens(f"/{collection}/{{}}") == (collection in {"webhooks", "assignments", "designs", "meetings"})


# against the reference ------------------------------------------------------------------------------------


async def brittle(request: Request, honest: Handler) -> Response:
    """Break on updates of a notification and of preferences that change nothing."""
    updates = request.method == "PATCH" and request.path.startswith(("/v1/notifications/", "/v1/preferences/"))
    response = await honest(request)
    broken = updates and response.status == 200 and request.body == b"{}"
    return replace(response, status=500) if broken else response


def updated(target: Target) -> set[str]:
    """Tell of notifications and preferences whether one was updated that was there."""
    done = [one for one in target.client.recorder.exchanges if one.method == "PATCH" and one.status == 200]
    updates = {one.path.split("/")[1] for one in done if not target.journal.knows(one.path.split("/")[2])}
    return updates & {"notifications", "preferences"}


@pytest.mark.slow
def test_what_breaks_on_a_change_of_what_was_there_is_found(fuzzing: Fuzzing) -> None:
    """Only if it may be changed."""

    def found(*, disposable: bool) -> tuple[set[str], set[str]]:
        fuzzed: Fuzzed
        fuzzed, target, _ = fuzzing(
            DEEP, replace(HONEST, door=brittle), leave_data=False, disposable=disposable, fuzz="deep"
        )
        return {one.operation.path for one in fuzzed.found.values()}, updated(target)

    there = {"notifications", "preferences"}
    assert [found(disposable=False), found(disposable=True)] == [
        (set(), set()),
        ({f"/{one}/{{}}" for one in there}, there),
    ]


def deleted(target: Target) -> list[Exchange]:
    """Give the requests to delete something that was there."""
    found = [one for one in target.client.recorder.exchanges if one.method == "DELETE"]
    items = [(one, one.path.split("/")[2]) for one in found]
    return [one for one, item in items if not (target.journal.knows(item) or is_made_up(item))]


@pytest.mark.slow
def test_a_little_of_what_was_there_is_deleted_last_of_all(fuzzing: Fuzzing) -> None:
    """Each twice, and nothing that comes of it is held against a target that keeps its promises."""
    fuzzed, target, _ = fuzzing(DEEP, leave_data=False, disposable=True, fuzz="deep")
    last = deleted(target)
    statuses = [one.status for one in last]
    assert (fuzzed.found, statuses) == ({}, [200, 404] * (len(last) // 2))
    assert last
    assert last == [*target.client.recorder.exchanges][-len(last) :]


class OnceOnly:
    """A door that breaks where what it saw deleted is deleted again."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    async def __call__(self, request: Request, honest: Handler) -> Response:
        """Answer a request."""
        response = await honest(request)
        broken = request.method == "DELETE" and request.path in self.gone
        self.gone |= {request.path} if request.method == "DELETE" and response.status == 200 else set()
        return replace(response, status=500) if broken else response


@pytest.mark.slow
def test_what_breaks_on_the_end_of_what_was_there_is_found(fuzzing: Fuzzing) -> None:
    """When it is asked again, and nothing else shows it."""
    fuzzed, target, _ = fuzzing(DEEP, replace(HONEST, door=OnceOnly()), disposable=True, fuzz="deep")
    assert "ROB-01 DELETE /webhooks/{id} plain 500" in [str(one) for one in fuzzed.found]
    assert deleted(target)


@pytest.mark.slow
def test_nothing_is_deleted_again_that_did_not_fail(fuzzing: Fuzzing) -> None:
    """A run that looks for what failed leaves the rest alone."""
    _, target, _ = fuzzing(BOUNDS["again"], replace(HONEST, door=OnceOnly()), disposable=True, fuzz="again")
    assert deleted(target) == []
