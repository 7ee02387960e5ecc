"""Collections: filters, order, and pages by keyset, so that a walk neither repeats nor skips (overview, Pagination)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, FromClause, and_, false, or_, select

from conformance.reference.cursors import Position, Value, fingerprint
from conformance.reference.errors import Problem, invalid
from conformance.reference.spec import specification
from conformance.reference.storage import Row, is_instant
from conformance.reference.validation import coerce, parameter_validator, problems_of, read_instant

if TYPE_CHECKING:
    from conformance.reference.call import Call

Condition = ColumnElement[bool]
# No column holds as much, so that comparisons come out as with what was sent.
LARGEST = 2**62
SpecialFilter = Callable[["Call", Any], Condition | None]


@dataclass(frozen=True)
class Term:
    """One column of an order, and its direction."""

    column: Column[Any] | ColumnElement[Any]
    descending: bool


@dataclass(frozen=True)
class Page:
    """The rows of a page, and the cursor of the next, if there is one."""

    rows: Sequence[Row]
    next_cursor: str | None


def page_size(text: str | None) -> int:
    """Decide how many items a page has; the honest reference refuses what its spec does not allow."""
    parameter = next(o for o in specification().operations if o.id == "listObservations").parameters["limit"]
    if text is None:
        return int(parameter.schema["default"])
    value = coerce(parameter.schema, text)
    problems = problems_of(parameter_validator(parameter), value, "limit")
    if problems or not isinstance(value, int):
        raise invalid(*problems)
    return value


def keyset(terms: Sequence[Term], values: Sequence[Value]) -> Condition:
    """Select what comes after these values in the order of these terms, each in its own direction."""
    alternatives = []
    for place, (term, value) in enumerate(zip(terms, values, strict=True)):
        equal = [before.column == passed for before, passed in zip(terms[:place], values[:place], strict=True)]
        beyond = term.column < value if term.descending else term.column > value
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def tie_break(terms: Sequence[Term], identifier: ColumnElement[Any]) -> tuple[Term, ...]:
    """Make an order total: what ties on every term goes by identifier, in the direction of the last term."""
    return (*terms, Term(identifier, terms[-1].descending))


def compare(operator: str, column: ColumnElement[Any], value: Any) -> Condition:  # noqa: ANN401 - as its column
    """Compare a column with a filter's value (overview, Filtering)."""
    operators: Mapping[str, Callable[[], Condition]] = {
        "eq": lambda: column == value,
        "gt": lambda: column > value,
        "gte": lambda: column >= value,
        "lt": lambda: column < value,
        "lte": lambda: column <= value,
        "in": lambda: column.in_(value),
    }
    return operators[operator]()


def order(call: Call, source: FromClause) -> tuple[Term, ...]:
    """Give the order that a request asks for, or its collection's own."""
    names: list[str] = call.parameters["sort"]
    terms = [Term(source.c[name.removeprefix("-")], name.startswith("-")) for name in names]
    return call.behaviour.tie_break(terms, source.c.id)


def conditions(call: Call, source: FromClause, special: Mapping[str, SpecialFilter]) -> list[Condition]:
    """Give the filters that a request asks for: all of them hold together."""
    found: list[Condition | None] = []
    for name, parameter in call.operation.parameters.items():
        if not parameter.filter or name not in call.parameters:
            continue
        field, operator = parameter.filter
        value = call.parameters[name]
        if field in special:
            found.append(special[field](call, value))
        else:
            found.append(call.behaviour.compare(operator, source.c[field], comparable(parameter.schema, value)))
    return [condition for condition in found if condition is not None]


def comparable(schema: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - as the spec types it
    """Give a filter's value as its column keeps it: date-times as microseconds, integers in 64 bits."""
    if schema["type"] == "array":
        return [comparable(schema["items"], item) for item in value]
    if schema["type"] == "integer":
        return max(-LARGEST, min(LARGEST, value))
    return read_instant(value) if is_instant(schema) else value


def page(call: Call, source: FromClause, filters: Sequence[Condition]) -> Page:
    """Fetch one page of what the filters select."""
    size: int = call.parameters["limit"]
    terms = order(call, source)
    query = fingerprint(call.request.path, call.organization_id, sorted(asked(call).items()))
    after = started(call, terms, query)
    statement = (
        select(source)
        .where(*filters, *after)
        .order_by(*(term.column.desc() if term.descending else term.column.asc() for term in terms))
        .limit(size + 1)
    )
    rows = call.connection.execute(statement).mappings().all()
    if len(rows) <= size:
        return Page(rows, None)
    last = tuple(rows[size - 1][term.column.name] for term in terms)
    return Page(rows[:size], call.behaviour.seal(Position(query, last), call.secret))


def asked(call: Call) -> dict[str, str]:
    """Give the parameters that decide which items a walk visits and in which order."""
    return {
        name: repr(value)
        for name, value in call.parameters.items()
        if name == "q" or name.startswith(("filter", "sort"))
    }


def started(call: Call, terms: Sequence[Term], query: str) -> list[Condition]:
    """Give where a walk goes on; a refusal for a cursor that this API has not issued for this query."""
    cursor = call.parameters.get("cursor")
    if cursor is None:
        return []
    try:
        position = call.behaviour.unseal(cursor, call.secret)
    except ValueError:
        position = Position("", ())
    if position.query != query:
        raise invalid(Problem("cursor", "invalid_cursor", "was not issued for this query"))
    return [call.behaviour.keyset(terms, position.key)]


NOTHING: Condition = false()
