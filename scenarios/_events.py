"""Reading deliveries: of which event and about what. Of their envelope only the data field is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.events import EVENTS
from conformance.target.documents import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.target.listening.listener import Delivery

NAMES = tuple(event.type for event in EVENTS)
CREATED, UPDATED, ARCHIVED, RESTORED = NAMES
_TELLING = 20
"""So many characters stand in no text by chance."""
_SHOWN = 3
_LONGEST = 1500


def events_of(delivery: Delivery) -> Sequence[str]:
    """Give the documented events that a delivery names, on the outermost level where it names any.

    That is a member of the body, else a header, else a member deeper in the body, but not in its data.
    """
    body = as_object(delivery.json)
    envelope = {name: value for name, value in body.items() if name != "data"}
    for level in (envelope.values(), [value for _, value in delivery.headers], _deeper(envelope)):
        found = {value for value in level if isinstance(value, str)}
        if named := [name for name in NAMES if name in found]:
            return named
    return ()


def _deeper(value: object) -> Iterator[Any]:
    """Give what stands in objects in objects; lists are left out, for they name several of something."""
    waiting = [value]
    while waiting:
        members = list(as_object(waiting.pop()).values())
        yield from members
        waiting += members


def is_about(delivery: Delivery, texts: Iterable[str]) -> bool:
    """Tell whether one of `texts` (an id, or a text like no other) stands in a delivery's body.

    A short one, as an id may be, has to be the whole of a value.
    """
    body = delivery.body.decode(errors="replace")
    if any(text in body for text in texts if len(text) >= _TELLING):
        return True
    short = {text for text in texts if len(text) < _TELLING}
    return bool(short) and any(value in short for value in _values(delivery.json) if isinstance(value, str))


def _values(value: object) -> Iterator[Any]:
    """Give all that stands in objects and lists, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [*as_object(one).values(), *as_list(one)]


def telling(deliveries: Iterable[Delivery], event: str, texts: Sequence[str]) -> Sequence[Delivery]:
    """Give the deliveries of an event about something."""
    return tuple(one for one in deliveries if event in events_of(one) and is_about(one, texts))


def shown(deliveries: Sequence[Delivery]) -> list[Any]:
    """Show deliveries in a report: the first few, with their event and how their body begins."""
    return [
        {"event": ", ".join(events_of(one)) or "(none)", "body": one.body.decode(errors="replace")[:_LONGEST]}
        for one in deliveries[:_SHOWN]
    ]
