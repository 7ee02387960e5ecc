"""Places in a document, as JSON pointers (RFC 6901) name them, with references followed within the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from conformance.target.reading import Resource

CHAIN = 8
"""References to references are followed so far."""
NOWHERE = object()


def pointer(*tokens: str | int) -> str:
    """Write a JSON pointer: "/paths/~1employees/get"."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def tokens_of(reference: str) -> list[str]:
    """Read a reference within a document ("#/components/schemas/A", percent-encoded) or a plain pointer as tokens."""
    plain = unquote(reference[1:]) if reference.startswith("#") else reference
    return [part.replace("~1", "/").replace("~0", "~") for part in plain.split("/")[1:]]


def target_of(reference: str) -> str:
    """Return the pointer that a reference within a document means."""
    return pointer(*tokens_of(reference))


def reference_to(*tokens: str | int) -> str:
    """Write a reference within a document."""
    return f"#{quote(pointer(*tokens), safe='/~')}"


def is_inside(reference: str) -> bool:
    """Tell whether a reference points within its own document."""
    return reference == "#" or reference.startswith("#/")


def look_up(document: object, reference: str) -> Any:  # noqa: ANN401  # any JSON value
    """Return what a reference within the document points to; NOWHERE where there is nothing."""
    found: Any = document
    for token in tokens_of(reference):
        if isinstance(found, dict) and token in found:
            found = found[token]
        elif isinstance(found, list) and token.isdecimal() and int(token) < len(found):
            found = found[int(token)]
        else:
            return NOWHERE
    return found


@dataclass(frozen=True, eq=False)
class Place:
    """An object in a document and the pointer to it; `value` is {} where there is none."""

    document: Resource = field(repr=False)
    value: Resource = field(repr=False)
    pointer: str

    def at(self, token: str) -> Place:
        """Step into a member of the object and follow what it refers to; an empty place where there is nothing."""
        return self.raw(token).followed()

    def raw(self, token: str) -> Place:
        """Step into a member of the object, as it is written."""
        value = self.value.get(token)
        return Place(self.document, value if isinstance(value, dict) else {}, f"{self.pointer}{pointer(token)}")

    def item(self, name: str, index: int) -> Place:
        """Step into an item of an array of the object, as it is written."""
        values = self.value.get(name)
        value = values[index] if isinstance(values, list) and index < len(values) else None
        return Place(self.document, value if isinstance(value, dict) else {}, f"{self.pointer}{pointer(name, index)}")

    @property
    def reference(self) -> str | None:
        """What it refers to, None where it is no reference."""
        reference = self.value.get("$ref")
        return reference if isinstance(reference, str) else None

    def followed(self) -> Place:
        """Follow references to what is none; an empty place where they lead nowhere, outside or in a circle."""
        place = self
        for _ in range(CHAIN):
            reference = place.reference
            if reference is None:
                return place
            value = look_up(self.document, reference) if is_inside(reference) else None
            place = Place(self.document, value if isinstance(value, dict) else {}, target_of(reference))
        return place if place.reference is None else Place(self.document, {}, self.pointer)
