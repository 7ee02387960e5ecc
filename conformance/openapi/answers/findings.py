"""Where an answer differs from what a spec says of it: place by place of the spec, however many answers show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.openapi.document.pointers import look_up, pointer

if TYPE_CHECKING:
    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource
    from conformance.wire.exchange import Exchange

SHORT = 200


@dataclass(frozen=True, slots=True)
class Deviation:
    """One answer at one place: `place` in the spec (a JSON pointer), and what is wrong in a sentence.

    `path` leads to the value in the body; `header` names the header and `pattern` the pattern that it is about, if any.
    """

    place: str
    text: str
    path: tuple[str | int, ...] = ()
    header: str = ""
    pattern: tuple[str, str] | None = None
    about: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same as another answer's: the place, and where that is several things, which."""
        return self.place, self.about


@dataclass(eq=False)
class Finding:
    """A deviation of an operation's answers of one declared status, with the exchanges that show it, in their order."""

    operation: Operation
    status: str
    deviation: Deviation
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def id(self) -> str:
        """What stays the same from run to run: "GET /employees 200 /components/schemas/Employee/properties/level"."""
        return " ".join(filter(None, (self.operation.label, self.status, *self.deviation.key)))

    def __str__(self) -> str:
        many = f" ({len(self.exchanges)} times)" if len(self.exchanges) > 1 else ""
        return f"{self.operation.label} {self.status}: {self.deviation.text}, by #{self.deviation.place}{many}"


def of_error(document: Resource, error: Any, *, header: str = "") -> Deviation:  # noqa: ANN401  # jsonschema_rs's own
    """Put into words what a validator has against a value."""
    inner = telling(error)
    where = pointer(*inner.instance_path)
    kind = error.kind.name
    told = short(inner.message)
    return Deviation(
        place=place_of(document, error.schema_path),
        text=f"{header or where or 'the body'}: {told}",
        path=tuple(error.instance_path),
        header=header,
        pattern=(error.kind.pattern, error.instance) if kind == "pattern" else None,
        about=told if kind in {"required", "additionalProperties"} else "",
    )


def telling(error: Any) -> Any:  # noqa: ANN401  # jsonschema_rs exports no type for its errors' contexts
    """Find the error deepest in the value that made this one, where alternatives were tried."""
    inner = [telling(one) for branch in getattr(error.kind, "context", ()) for one in branch]
    deeper = [one for one in inner if len(one.instance_path) >= len(error.instance_path)]
    return max(deeper, key=lambda one: len(one.instance_path), default=error)


def short(text: str) -> str:
    """Cut a long message in its middle."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 80]} ... {text[-75:]}"


def place_of(document: Resource, path: list[str | int]) -> str:
    """Return the pointer into the document for a validator's schema path, past what rewriting put between."""
    _, place, *rest = map(str, path)
    node: Any = look_up(document, place)
    for token in rest:
        inside = isinstance(node, dict) and token in node
        if inside or (isinstance(node, list) and token.isdecimal() and int(token) < len(node)):
            node = node[token] if inside else node[int(token)]
            place += pointer(token)
    return place
