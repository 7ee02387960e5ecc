"""What was there before a run, lent to it where nothing at the target is worth keeping.

An item is changed, and moved from state to state; a resource as a whole is changed in part, and moved in bulk. At the
very end a few items are deleted, of each state one. No resource is replaced as a whole, nobody is called on, and
nothing is done by which a run would lock itself out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from conformance.contract.resources import COLLECTIONS, CREATE, RESOURCES, Shape
from conformance.openapi.fuzzing.questions import items_of, state_of, succeeded
from conformance.openapi.fuzzing.relations import DECISIONS, STATES, calls, is_action, words_in
from conformance.target.identifiers import PLAIN
from conformance.target.reading import unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource
    from conformance.target.settings import Settings
    from conformance.wire.exchange import Exchange

CHANGES = frozenset({"PATCH", "PUT"})
UNSTATED = frozenset(one.path for one in RESOURCES if one.shape is Shape.UNSTATED)
ENTRANCES = frozenset(
    {"key", "auth", "sign", "signin", "signout", "signup", "sso", "saml", "scim", "identity", "domain", "me"}
    | {"organization", "organisation", "org", "company", "tenant", "workspace", "member", "role", "permission", "admin"}
    | {"client", "app", "application", "integration", "connection", "subscription", "license", "licence", "billing"}
    | {"plan", "impersonate", "impersonation"}
)
"""What stands in the path of what a run could lock itself out by, as a word of its own."""
_ENTRANCE = re.compile(r"token|session|password|credential|secret|oauth|apikey|log(?:in|out)|account|user")
"""The same, within a word."""
DELETABLE = frozenset(one.path for one in COLLECTIONS) - {CREATE.path}
"""What is surely neither an entrance nor kept for an audit, as observations are."""
ENDS = frozenset(
    {"delete", "remove", "purge", "erase", "reset", "merge", "destroy", "wipe", "anonymize", "anonymise", "forget"}
    | {"trash", "discard", "terminate", "offboard"}
)
STATES_TRIED = 5
"""In so many states of items an operation is tried at most."""
ALIKE = 10
"""So many items of one state at most are used up by one action."""


class Lending:
    """Tells what an operation may change. `served` is what was seen of a resource: its first items, or the whole.

    What the run made (`is_ours` tells) is not lent, even where a list shows it: other requests are asked of it.
    """

    def __init__(self, settings: Settings, is_ours: Callable[[str], bool] = lambda _: False) -> None:
        self._is_open = settings.is_disposable and settings.looks_deep and not settings.read_only
        self.served: dict[str, Sequence[Resource]] = {}
        self._used: set[str] = set()
        self._waiting: set[str] = set()
        self._changed: set[str] = set()
        self._is_ours = is_ours
        self._hinted = frozenset(one for ids in settings.hints.values() for one in ids)
        self._items: dict[str, str] = {}

    @property
    def items(self) -> int:
        """So many items of a list have to be seen: one to change, one for actions, which may put an end to changes."""
        return 2 if self._is_open else 1

    def learn(self, path: str, exchange: Exchange, identifier: str = "id") -> None:
        """Keep what a resource holds: its items, by their `identifier`, or the whole."""
        if exchange.response is not None and succeeded(exchange):
            whole = unwrap(exchange.response.json)
            self.served[path] = items_of(exchange, identifier) or ([whole] if whole else [])

    def first(self, collection: str) -> str:
        """Give the id of an item that was served, "" where there was none."""
        return next((one["id"] for one in self.served.get(collection, ()) if isinstance(one.get("id"), str)), "")

    def lends(self, operation: Operation) -> bool:
        """Tell whether an operation on a resource as a whole, or on an item, may be done to what was there."""
        match operation.path.split("/")[1:]:
            case [name] if "{}" not in name:
                lent = operation.method == "PATCH" or (operation.method == "PUT" and operation.path in UNSTATED)
            case [_, "{}"]:
                lent = operation.method in CHANGES
            case [_, name] if "{}" not in name:
                lent = operation.method == "POST" and bool(STATES & {*words_in(name)})
            case _:
                lent = moves(operation)
        return lent and self.opens(operation.path)

    def opens(self, path: str) -> bool:
        """Tell whether anything may be made or changed at a path, because nothing there is worth keeping."""
        is_entrance = ENTRANCES & {*words_in(path)} or _ENTRANCE.search(path.lower())
        return self._is_open and not is_entrance and not ENDS & {*words_in(path)}

    def item(self, operation: Operation) -> str:
        """Give the id of the item to do it to, "" where none is lent."""
        lent = self._lent(operation, self.served.get(operation.path.partition("/{}")[0], ()))
        if not lent:
            return ""
        item: str = lent[0 if operation.method in CHANGES else -1]["id"]
        self._items[operation.label] = item
        self._use(operation, item)
        return item

    def _use(self, operation: Operation, item: str) -> None:
        """Remember that something is done to an item; one that is changed is changed again and again."""
        self._used.add(item)
        if operation.method in CHANGES:
            self._changed.add(item)

    def _lent(self, operation: Operation, items: Sequence[Resource]) -> list[Resource]:
        """Give the items to which it may be done."""
        return self._plain(items) if self.lends(operation) else []

    def _plain(self, items: Sequence[Resource]) -> list[Resource]:
        """Give the items that are neither the run's own nor named by their owner, if their ids can stand in a path."""
        named = [one for one in items if isinstance(one.get("id"), str) and PLAIN.fullmatch(one["id"])]
        return [one for one in named if not self._is_ours(one["id"]) and one["id"] not in self._hinted]

    def in_other_states(self, operation: Operation, item: str, items: Sequence[Resource]) -> Iterator[Resource]:
        """Give items of a collection that is lent to do it to: one of each state, but for the `item` it was done to.

        In which state that one was, nobody knows any more. Those come first that nothing was done to before; none is
        acted on that others change, for after that they might be refused.
        """
        kept = {item, *self._waiting, *(() if operation.method in CHANGES else self._changed)}
        plain = [one for one in self._lent(operation, items) if one["id"] not in kept]
        states: set[object] = set()
        for one in sorted(plain, key=lambda one: one["id"] in self._used):
            if state_of(one) not in states and len(states) < STATES_TRIED:
                states.add(state_of(one))
                self._use(operation, one["id"])
                yield one

    def alike(self, operation: Operation, item: str, items: Sequence[Resource]) -> list[str]:
        """Give the ids of items in the state in which one was, to which nothing was done: each may be moved once."""
        state = next((state_of(one) for one in items if one["id"] == item), None)
        plain = [one["id"] for one in self._lent(operation, items) if state_of(one) == state]
        found = [one for one in plain if one not in self._used | self._waiting][:ALIKE]
        self._waiting.update(found)
        return found

    def tries(self, operation: Operation) -> bool:
        """Tell whether an operation may be done to what the run made, whatever it is, as long as it calls on nobody."""
        return is_action(operation) and not calls(operation.path) and self.opens(operation.path)

    def gives_up(self, operation: Operation) -> bool:
        """Tell whether an operation deletes an item, and may be done to what was there once all else is asked."""
        collection, _, rest = operation.path.partition("/{}")
        return operation.method == "DELETE" and not rest and collection in DELETABLE and self.opens(operation.path)

    def given_up(self, operation: Operation, items: Sequence[Resource]) -> list[str]:
        """Give the ids of items that may be deleted: of each state one, the last, but never the only one."""
        by_state: dict[object, list[str]] = defaultdict(list)
        for one in self._plain(items) if self.gives_up(operation) else ():
            by_state[state_of(one)].append(one["id"])
        return [ids[-1] for ids in by_state.values() if len(ids) > 1][:STATES_TRIED]

    def value(self, operation: Operation, name: str) -> Any:  # noqa: ANN401  # any JSON value
        """Give what a field of it holds, None where that is not known: it may surely be set to the same again."""
        served = self.served.get(operation.path.partition("/{}")[0], ()) if self.lends(operation) else ()
        item = self._items.get(operation.label)
        lent = served[:1] if "{}" not in operation.path else [one for one in served if one.get("id") == item]
        return lent[0].get(name) if lent and operation.method in CHANGES else None


def moves(operation: Operation) -> bool:
    """Tell whether an operation moves what is lent into another state, which may be its last one."""
    return is_action(operation) and operation.path.rpartition("/")[2] in STATES | DECISIONS
