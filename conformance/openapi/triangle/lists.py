"""The triangle of lists: their query parameters, and how many items a page holds."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.contract.queries import EXPANDS, FILTERS, LIMIT_DEFAULT, LIMIT_MAX, LIST_PARAMETERS, SORTS
from conformance.contract.resources import COLLECTIONS, LIST
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.document.weights import Unreadable
from conformance.openapi.triangle.lights import BAD_REQUEST, NOT_SAID, NOT_SEEN, SUCCESS, UNREAD, Row, Seen, differing
from conformance.target.documents import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

_NAMES = {one.path: LIST_PARAMETERS if one.path == LIST.path else tuple(LIST_PARAMETERS[:2]) for one in COLLECTIONS}
"""The documented parameters of each list: every one has limit and cursor (overview, Pagination)."""


def parameter_rows(spec: Published | None, seen: Seen) -> Iterator[Row]:
    """Compare the parameters of each list."""
    for path, names in _NAMES.items():
        declared = _declared(spec, path)
        for name in names:
            yield _parameter(f"GET {path}", name, declared, seen)


def _declared(spec: Published | None, path: str) -> Mapping[str, Place] | None:
    """Return the declared parameters of a list; None where nothing can be read of it, as where it is not described."""
    operation = spec.find("GET", path) if spec is not None else None
    try:
        return query_parameters(operation) if operation is not None else None
    except Unreadable:
        return None


def _parameter(endpoint: str, name: str, declared: Mapping[str, Place] | None, seen: Seen) -> Row:
    asked = [one for one in seen.by_endpoint[endpoint] if name in dict(one.request.query)]
    accepted = sum(one.status in SUCCESS for one in asked)
    refused = sum(one.status == BAD_REQUEST for one in asked)
    missing = declared is not None and name not in declared
    unknown = not accepted and any(one.status == BAD_REQUEST and _is_plain(name, one) for one in asked)
    return Row(
        "parameter",
        f"{endpoint} {name}",
        "a parameter",
        UNREAD if declared is None else "not declared" if missing else "declared",
        f"accepted {accepted} times, refused {refused} times" if asked else NOT_SEEN,
        differing(spec=missing, observed=unknown, between=unknown and declared is not None and not missing),
    )


def _is_plain(name: str, exchange: Exchange) -> bool:
    """Tell whether a parameter was asked alone, with a value that the documents give: a refusal is of the parameter.

    No documented value is known of an id or a cursor.
    """
    if [sent for sent, _ in exchange.request.query] != [name] or name not in _VALUES:
        return False
    return re.fullmatch(_VALUES[name], dict(exchange.request.query)[name]) is not None


_DATE = r"20\d\d-(0\d|1[0-2])-([01]\d|2[0-8])"
_OF_KIND = {"date": _DATE, "date-time": rf"{_DATE}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{{3}})?Z"}
_VALUES = {
    "limit": "[1-9][0-9]?|100",
    "sort": f"-?({'|'.join(SORTS['observations'])})",
    "expand": "|".join(one.path for one in EXPANDS["observations"]),
    **{
        name: "|".join(one.values) or _OF_KIND[one.kind]
        for one in FILTERS["observations"]
        if one.values or one.kind in _OF_KIND
        for name in one.parameters
    },
}


def limit_rows(spec: Published | None, seen: Seen) -> Iterator[Row]:
    """Compare the default and the maximum of limit of each list with what pages held."""
    for path in _NAMES:
        declared = _declared(spec, path)
        told = merged(spec.document, declared["limit"].value) if spec and declared and "limit" in declared else {}
        row = partial(_size, readable=declared is not None)
        answers = [one for one in seen.by_endpoint[f"GET {path}"] if one.status in SUCCESS]
        plain = [one for one in answers if not {"limit", "cursor"} & dict(one.request.query).keys()]
        most = [one for one in answers if ("limit", str(LIMIT_MAX)) in one.request.query]
        yield row((f"GET {path} default of limit", LIMIT_DEFAULT), told.get("default"), plain, plain)
        yield row((f"GET {path} maximum of limit", LIMIT_MAX), told.get("maximum"), answers, most)


def _size(
    about: tuple[str, int], declared: object, pages: Sequence[Exchange], full: Sequence[Exchange], *, readable: bool
) -> Row:
    """Compare a size; of the `full` pages none may hold fewer items while there are more."""
    subject, documented = about
    largest = max(map(_items, pages), default=None)
    short = [held for one in full if (held := _items(one)) < documented and _has_next(one)]
    told = f"{min(short)} items where there were more" if short else f"at most {largest} items on a page"
    wrong = bool(short) or (largest or 0) > documented
    stated = declared if isinstance(declared, int) and not isinstance(declared, bool) else None
    return Row(
        "bound",
        subject,
        str(documented),
        UNREAD if not readable else NOT_SAID if stated is None else str(stated),
        NOT_SEEN if largest is None else told,
        differing(
            spec=readable and stated != documented,
            observed=wrong,
            between=stated is not None and ((largest or 0) > stated or any(held < stated for held in short)),
        ),
    )


def _page(exchange: Exchange) -> Mapping[str, object]:
    value = exchange.json if exchange.response is not None and exchange.response.is_json else None
    return value if isinstance(value, dict) else {}


def _items(exchange: Exchange) -> int:
    data = _page(exchange).get("data")
    return len(data) if isinstance(data, list) else 0


def _has_next(exchange: Exchange) -> bool:
    return isinstance(_page(exchange).get("next_cursor"), str)
