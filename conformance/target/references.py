"""What the `*_id` fields of a body can name: things of the target that the key can read, found by the field's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.resources import COLLECTIONS
from conformance.errors import Missing, Refused
from conformance.target.discovery import attribute_ids, employee_ids, reports
from conformance.target.documents import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.target.reading import Resource
    from conformance.target.target import Target

SUBJECTS = frozenset({"employee", "subject", "person", "report", "reviewee", "member", "participant"})
"""Who something is about."""
LEADERS = frozenset({"manager", "lead", "leader", "supervisor"})
"""Who leads others."""
OTHERS = frozenset(
    {"author", "reviewer", "owner", "assignee", "requester", "giver", "creator", "user", "recipient", "observer"}
)
"""Who else takes part: somebody else, for nobody reviews themselves."""
_SUFFIX = ("_ids", "_id")


def is_reference(name: str) -> bool:
    """Tell whether a field of this name holds ids of other things."""
    return name.endswith(_SUFFIX)


def is_person(name: str) -> bool:
    """Tell whether a field of this name holds ids of people."""
    word = name.removesuffix("_ids").removesuffix("_id")
    return is_reference(name) and word.rpartition("_")[2] in SUBJECTS | LEADERS | OTHERS


async def an_id(target: Target, document: Resource, name: str, nth: int = 0) -> str:
    """Return the `nth` id that a field of this name can hold; raise `Missing` where none can be found."""
    word = name.removesuffix("_ids").removesuffix("_id")
    last = word.rpartition("_")[2]
    known = await _known(target, document, word, last, at_least=nth + 1)
    if len(known) <= nth:
        raise Missing(f"something that {name} can name", hint=f"Let the key read what {name} refers to.")
    return known[nth]


async def _known(target: Target, document: Resource, *words: str, at_least: int) -> Sequence[str]:
    word, last = words
    if last in SUBJECTS | LEADERS | OTHERS:
        return await _people(target, last)
    if last == "attribute":
        return await attribute_ids(target, at_least)
    if last == "observation":
        return [await _our_observation(target, nth) for nth in range(at_least)]
    path = _collection_of(document, word)
    return await target.once(f"ids of {path}", lambda: _ids(target, path)) if path else ()


async def _our_observation(target: Target, nth: int) -> str:
    return (await target.once(f"observation {nth} to refer to", target.make)).id


async def _people(target: Target, role: str) -> Sequence[str]:
    """Return people for a role, the most fitting first: a manager, one of theirs, and everybody else."""
    people, tree = await employee_ids(target), await reports(target)
    hinted = target.settings.hints.get("manager_ids", ())
    manager = next((one for one in (*hinted, *people) if one in tree), people[min(1, len(people) - 1)])
    theirs = tree.get(manager, ())
    subject = next((one for one in people if one in theirs), people[0])
    rest = [one for one in people if one not in {manager, subject}]
    if role in LEADERS:
        return tuple(dict.fromkeys((manager, *rest, subject)))
    return tuple(dict.fromkeys((*rest, manager, subject) if role in OTHERS else (subject, *rest, manager)))


def _collection_of(document: Resource, word: str) -> str | None:
    """Return the path of the collection whose singular is `word`, or ends with it, or that `word` ends with."""
    known = [one.path for one in COLLECTIONS] + [path for path in paths(document) if path.count("/") == 1]
    exact = [path for path in known if singular(path) == word]
    close = [path for path in known if singular(path).endswith(f"_{word}") or word.endswith(f"_{singular(path)}")]
    return next(iter((*exact, *close)), None)


def singular(path: str) -> str:
    """Return what one item of a collection is called in a field's name: team_summary of /team-summaries."""
    name = path.strip("/").replace("-", "_")
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


async def _ids(target: Target, path: str) -> Sequence[str]:
    try:
        items = (await target.page(path, {"limit": "100"})).items
    except Refused:
        return ()
    return tuple(item["id"] for item in items if isinstance(item.get("id"), str))
