"""How much of what a spec promises a run has seen: operations, served or not, statuses, parameters, values, bounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.openapi.answers.held import declared_status
from conformance.openapi.document.operations import OTHERS, is_spec_itself, json_schema_of, subject_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.routes import Routes
from conformance.openapi.document.shapes import parts_of_schema
from conformance.openapi.document.weights import Unreadable
from conformance.target.documents import as_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

OPERATIONS = 1_000
"""So many operations are looked at."""
PROMISES = 20_000
"""So many inputs, values and bounds are looked at; a spec that names more is no spec for people."""
TOO_MANY = f"the spec names more than {PROMISES} inputs and values"
PARTS = ("operations", "served", "statuses", "parameters", "values", "bounds")
SUCCESS = 2
"""RFC 9110: the class of statuses that say that a request was served."""
_MEASURES = {
    "minimum": "number",
    "maximum": "number",
    "minLength": "length",
    "maxLength": "length",
    "minItems": "items",
    "maxItems": "items",
}


@dataclass
class _Input:
    """Something that a client can send: what the spec allows for it, and how often it was sent what.

    `is_list` splits a text at its commas, as a parameter that is an array writes it.
    """

    values: tuple[Any, ...]
    bounds: Mapping[str, float]
    is_list: bool
    times: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def promises(self) -> int:
        """How much the spec says of it."""
        return 1 + len(self.values) + len(self.bounds)

    def take(self, value: object) -> None:
        """Note one value that was sent."""
        self.times += 1
        items = value.split(",") if self.is_list and isinstance(value, str) else as_list(value) or [value]
        self.sent.update(_spelled(item) for item in items)
        for measure, size in _sizes(value):
            self.sizes[measure].append(size)

    def as_json(self) -> dict[str, Any]:
        """Give what was seen as plain values: times, times of each value, and times at and beyond each bound."""
        values = {_spelled(value): self.sent[_spelled(value)] for value in self.values}
        bounds = {name: {"value": bound, **self._at(name, bound)} for name, bound in self.bounds.items()}
        told: dict[str, Any] = {"sent": self.times}
        return told | ({"values": values} if values else {}) | ({"bounds": bounds} if bounds else {})

    def _at(self, name: str, bound: float) -> dict[str, int]:
        sizes = self.sizes[_MEASURES[name]]
        beyond = (size > bound if name.startswith("max") else size < bound for size in sizes)
        return {"at": sizes.count(bound), "beyond": sum(beyond)}


def coverage(spec: Published, exchanges: Iterable[Exchange]) -> dict[str, Any]:
    """Count what was seen of each operation, and sum it up; plain values, fit for JSON."""
    operations = [one for one in spec.operations if not is_spec_itself(one)][:OPERATIONS]
    routes = Routes(operations)
    by_operation: dict[Operation, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        operation = routes.find(exchange.method, exchange.path)
        if operation is not None:
            by_operation[operation].append(exchange)
    told, left = [], PROMISES
    for operation in operations:
        inputs, trouble = _inputs(operation) if left > 0 else ({}, TOO_MANY)
        left -= sum(one.promises for one in inputs.values())
        if left < 0:
            inputs, trouble = {}, TOO_MANY
        told.append(_operation(operation, inputs, by_operation[operation]) | ({"unread": trouble} if trouble else {}))
    return {
        "summary": {part: _summed(part, told) for part in PARTS},
        "never_seen": {part: list(_never_seen(part, told)) for part in PARTS},
        "operations": told,
    }


def _operation(operation: Operation, inputs: Mapping[str, _Input], exchanges: Sequence[Exchange]) -> dict[str, Any]:
    statuses = [one.status for one in exchanges if one.status is not None]
    declared = Counter(declared_status(operation, one) for one in statuses if operation.response(one) is not None)
    undeclared = Counter(str(one) for one in statuses if operation.response(one) is None)
    for exchange in exchanges:
        _take(exchange, inputs)
    return {
        "operation": operation.label,
        "documented": subject_of(operation) != OTHERS,
        "answers": len(statuses),
        "served": sum(status // 100 == SUCCESS for status in statuses),
        "statuses": {status: declared[status] for status in operation.responses},
        "undeclared": dict(undeclared),
        "inputs": {name: one.as_json() for name, one in inputs.items()},
    }


def _inputs(operation: Operation) -> tuple[Mapping[str, _Input], str]:
    """Return the inputs of an operation; none, and why, where its schemas can't be worked with."""
    try:
        query = {name: _input(schema) for name, schema in query_parameters(operation).items() if _is_sent(schema)}
        return query | {f"body.{name}": _input(schema) for name, schema in _members(operation)}, ""
    except Unreadable as reason:
        return {}, str(reason)


def _take(exchange: Exchange, inputs: Mapping[str, _Input]) -> None:
    sent = exchange.request.json
    body = sent.items() if isinstance(sent, dict) else ()
    for name, value in (*exchange.request.query, *((f"body.{name}", value) for name, value in body)):
        if name in inputs:
            inputs[name].take(value)


def _is_sent(schema: Place) -> bool:
    """Tell whether a parameter goes out under its own name, which one of several of a deepObject's does not."""
    return not any(part.at("properties").value for part in parts_of_schema(schema))


def _members(operation: Operation) -> Iterator[tuple[str, Place]]:
    schema = json_schema_of(operation.request_body)
    for part in parts_of_schema(schema) if schema is not None else ():
        properties = part.at("properties")
        yield from ((name, properties.raw(name)) for name in properties.value)


def _input(schema: Place) -> _Input:
    """Read what a schema names: values, of itself or its items, and bounds."""
    parts = list(parts_of_schema(schema))
    inner = [item for part in parts for item in parts_of_schema(part.at("items"))]
    values = [value for part in (*parts, *inner) for value in as_list(part.value.get("enum"))]
    nullable = [None] if any(part.value.get("nullable") is True for part in parts) else []
    bounds = {name: part.value[name] for part in parts for name in _MEASURES if _is_number(part.value.get(name))}
    return _Input(
        values=tuple(dict.fromkeys(map(_hashable, [*values, *nullable]))),
        bounds={name: bound for name, bound in bounds.items() if not (name.startswith("min") and bound == 0)},
        is_list=any(part.value.get("type") == "array" for part in parts),
    )


def _hashable(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else repr(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _spelled(value: object) -> str:
    """Spell a value as a query has it, and null as JSON has it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _sizes(value: object) -> Iterator[tuple[str, float]]:
    """Give the sizes that bounds are about: a number (also as text, as a query has it), a length, a count of items."""
    if isinstance(value, str):
        yield "length", len(value)
        if value.lstrip("-").isdecimal() and len(value) < 12:  # noqa: PLR2004  # longer than any bound worth counting
            yield "number", int(value)
    elif isinstance(value, list):
        yield "items", len(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield "number", value


def _summed(part: str, operations: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Sum up how many of a kind of promise there are, and how many of them were seen."""
    seen = [times > 0 for one in operations for _, times in _promises(part, one)]
    return {"of": len(seen), "seen": sum(seen)}


def _never_seen(part: str, operations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Name what was never seen, of the documented operations first."""
    for one in sorted(operations, key=lambda one: not one["documented"]):
        yield from (f"{one['operation']} {what}".strip() for what, times in _promises(part, one) if not times)


def _promises(part: str, operation: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Give what one operation promises of a part, each in words and with how often it was seen."""
    inputs: Mapping[str, Mapping[str, Any]] = operation["inputs"]
    match part:
        case "operations":
            yield "", operation["answers"]
        case "served":
            yield "", operation["served"]
        case "statuses":
            yield from operation["statuses"].items()
        case "parameters":
            yield from ((name, one["sent"]) for name, one in inputs.items())
        case "values":
            for name, one in inputs.items():
                yield from ((f"{name}={value}", times) for value, times in one.get("values", {}).items())
        case "bounds":
            for name, one in inputs.items():
                for bound, told in one.get("bounds", {}).items():
                    yield from ((f"{name} {where} {bound} {told['value']}", told[where]) for where in ("at", "beyond"))
