"""What lies beneath the values of a request: octets, the line of the query, headers, the key, the end of the path.

Of octets, lines and ends no spec says anything, so nothing is expected of the answers but what holds of any; and of
those to what a server's HTTP layer may well refuse in its own words, before an API is asked (a stray percent sign, a
NUL in a path), only that they are no server error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conformance.contract.headers import IDEMPOTENCY_KEY, TEST_KEY_PREFIX
from conformance.openapi.document.operations import json_schema_of
from conformance.openapi.document.parameters import query_parameters
from conformance.openapi.fuzzing.questions import NOBODY, SAME_TYPES, TYPE, WHOLE, Difference, Slot
from conformance.openapi.fuzzing.twins import is_create
from conformance.target.references import is_reference
from conformance.wire.roles import NO_SCOPE, READ_ONLY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.fuzzing.questions import Twin
    from conformance.target.reading import Resource

    Differences = Iterator[Sequence[Difference]]

OCTETS = (
    "{",
    "{}",
    "[]",
    "",
    "null",
    '"text"',
    "0",
    "true",
    " ",
    "}",
    "[",
    "nul",
    "{'a': 1}",
    '{"a": 1',
    '{"a" 1}',
    "--",
    "[" * 400 + "]" * 400,
    '{"a":' * 400 + "1" + "}" * 400,
)
"""Bodies that are no JSON, or no object, or an empty or a very deep one; the likeliest to break an API first."""
MEMBERS = (
    *(
        '"\xff"',
        '"\xc0\xaf"',
        '"\xed\xa0\x80"',
        '"\xe2\x82"',
        '"\xf5\x80\x80\x80"',
        '"\x01"',
        '"\n"',
        '"\\x"',
        '"\\ud800"',
    ),
    *("NaN", "-Infinity", "1e400", "-1e400", "01", "1.", ".5", "+1", "0x1", "-", "1e", "-0", "1E+2"),
    *("True", "undefined", "[1,]", '{"a":1,}', "//", "[" * 400, '{"a":' * 400, '1,"conformance":2'),
)
"""Values of a member, as they are written: no UTF-8, no JSON, or JSON that readers differ on."""
TYPES = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "json")
TYPES_OF_JSON = ("application/json;", "application/json; charset=utf-16", "application/json; a=b;c")
BAD_REQUEST, UNSUPPORTED = 400, 415
LINES = (
    *("cursor=%C3%A9", "limit=1&limit=2", "cursor=%FF", "filter%5B%5D=1"),
    *("filter", "filter=", "filter%5Ba%5D%5Bb%5D%5Bc%5D=1", "filter%5Ba=1", "filter%5D=1"),
    *("filter%5B__proto__%5D=1", "filter%5Bconstructor%5D%5Bprototype%5D=1", "=1", "&&", "unknown=1", "%FF=1"),
    *("limit", "limit=", "limit%5B%5D=1", "limit%5Bgt%5D=1", "limit=%D9%A5"),
    *(
        "sort",
        "sort=",
        "sort=-",
        "sort=--created_at",
        "sort%5B%5D=id",
        "sort=%FF",
        "expand=",
        "expand%5B%5D=a",
        "expand=..",
    ),
    *("cursor=", "cursor=%00", "cursor=a&cursor=b"),
    *("q=%FF%FE", "q=%C0%AF", "q=%ED%A0%80", f"unknown={'x' * 3000}"),
)
"""What is added to a query, the likeliest to break something first: no UTF-8, nested, left open, or twice."""
ROUGH_ENDS = ("%00", "%", "%FF", "%2F", "%zz", "%C0%AF", "%ED%A0%80", "%2F..%2F", "%5C", "%2", "a%00b")
ROUGH_LINES = ("%", "limit=%", "cursor=%zz", "filter%5=1", "q=%2", "sort=%&limit=1")
ROUGH_HEADERS = (
    *(("Accept", one) for one in ("application/xml", "text/html", "text/csv", "image/*", "a", "*", ";q=", "")),
    *(("Range", one) for one in ("bytes=0-1", "bytes=-0", "bytes=9-1", "items=0-4", "x")),
    *(("If-None-Match", one) for one in ("*", "x", 'W/"x"')),
    *(("If-Modified-Since", one) for one in ("x", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")),
)
"""What seldom gets through to an API (`Draft.is_rough`): of its answers only a server error counts."""
ACCEPTED = ("*/*", "application/*", "application/json;q=0.1")
"""What takes JSON, in other words."""
SUFFIXES = ("[]", "[nope]", "[gt][lt]", "[__proto__]")
ENDS = ("/", "//", ".json", ";a=b", "%20", "%E2%80%AE")
REQUEST_IDS = ("<b>${a}%s", "x" * 1000, "\u00e9\u4e2d\U0001f600", "a b", '"quoted"', "a,b;c=d")
OTHER_SCHEME = "Basic Y29uZm9ybWFuY2U6Y29uZm9ybWFuY2U="
"""Credentials of another scheme (RFC 7617), which are nobody's."""
UNKNOWN_KEY = f"Bearer {TEST_KEY_PREFIX}N0suchKey7wasEverIssuedN0such"
KEY = Slot("header", IDEMPOTENCY_KEY.name)
KEYS = ("\u00e9", "x" * 220, "x" * 1000, '"quoted', "a,b;c=d", "%00%0a", "${a}")
"""What stands before an Idempotency-Key's own digits."""


def beneath(twin: Twin, digits: str) -> Differences:
    """Give what to change beneath the values of an accepted request; `digits` are like no others."""
    if twin.operation.method == "GET":
        yield from _of_read(twin)
    bodies = _octets(twin.body) if isinstance(twin.body, dict) else _no_bodies(twin.operation)
    yield from ([Difference(Slot("octets", WHOLE), octets)] for octets in bodies)
    if isinstance(twin.body, dict) and twin.operation.response(BAD_REQUEST) is not None:
        yield from ([Difference(Slot("header", "X-Request-ID"), one)] for one in REQUEST_IDS)
    if is_create(twin.operation):
        yield from ([Difference(KEY, f"{one}{digits}{place}")] for place, one in enumerate(KEYS))


def same_types(twin: Twin) -> Differences:
    """Declare the body of a plain request in other spellings of the same type."""
    if isinstance(twin.body, dict):
        yield from ([Difference(TYPE, one)] for one in SAME_TYPES)


def refusals(twin: Twin, unknown: str) -> Differences:
    """Ask for refusals of each kind: of ids that nothing has, no JSON or another type, a cursor, a used key."""
    yield from ([one] for one in _of_path(twin.operation, unknown))
    if ("query", "cursor") in twin.operation.parameters:
        yield [Difference(Slot("line", WHOLE), "cursor=e30")]
    if isinstance(twin.body, dict):
        yield from ([Difference(Slot("octets", WHOLE), octets)] for octets in ("{", "{}", "null", "[]", ""))
        for one in (unknown, *_itself(twin)):
            yield from ([Difference(Slot("body", name), _as_wanted(name, one))] for name in _references(twin))
        yield from ([Difference(TYPE, one)] for one in _types(twin.operation))
        yield from _replayed(twin)


def _replayed(twin: Twin) -> Differences:
    """Ask with the key of the plain request again, for the same and for something else."""
    used = twin.exchange.request.header(KEY.name) if twin.exchange is not None else None
    if is_create(twin.operation) and used:
        yield [Difference(KEY, used)]
        others = [name for name, value in twin.body.items() if isinstance(value, str) and not is_reference(name)]
        yield from ([Difference(KEY, used), Difference(Slot("body", one), "Another.")] for one in others[:1])


def with_other_keys(operation: Operation, roles: Collection[str]) -> Differences:
    """Ask without a key, with an unknown one, and with those that may do less.

    A create is asked with half a body: should it be let in, it fails.
    """
    half = [Difference(Slot("octets", WHOLE), "{")] if operation.method == "POST" else []
    lesser = [NO_SCOPE] if operation.method == "GET" else [NO_SCOPE, READ_ONLY]
    yield from ([Difference(Slot("key", WHOLE), one), *half] for one in (NOBODY, *lesser) if one in {NOBODY, *roles})
    for one in (OTHER_SCHEME, UNKNOWN_KEY):
        yield [Difference(Slot("key", WHOLE), NOBODY), Difference(Slot("header", "Authorization"), one), *half]


def half_bodies(operation: Operation) -> Differences:
    """Give bodies of which no server can make anything, in what is no JSON, too."""
    for octets in ("{", "[", "nul", ""):
        yield [Difference(Slot("octets", WHOLE), octets)]
    for media in _types(operation):
        yield [Difference(Slot("octets", WHOLE), "{"), Difference(TYPE, media)]


def no_bodies(operation: Operation) -> Differences:
    """Give a body to what takes none, empty as it may be."""
    if operation.method == "POST":
        yield [Difference(Slot("octets", WHOLE), "{}")]


def _of_read(twin: Twin) -> Differences:
    """Ask oddly; what a server may well take for a bad request, only where the spec says that there are any."""
    yield [Difference(Slot("method", WHOLE), "HEAD")]
    yield from ([Difference(Slot("header", "Accept"), one)] for one in ACCEPTED)
    yield from ([Difference(Slot("end", WHOLE), end)] for end in (*ROUGH_ENDS, *ENDS))
    yield from ([Difference(Slot("header", name), one)] for name, one in ROUGH_HEADERS)
    if twin.operation.response(BAD_REQUEST) is None:
        return
    yield from ([Difference(Slot("line", WHOLE), line)] for line in (*LINES, *ROUGH_LINES))
    yield from ([Difference(Slot("header", "X-Request-ID"), one)] for one in REQUEST_IDS)
    filters = [one for one in query_parameters(twin.operation) if one.startswith("filter[")]
    yield from ([Difference(Slot("query", f"{name}{suffix}"), ("1",))] for name in filters for suffix in SUFFIXES)


def _of_path(operation: Operation, unknown: str) -> Iterator[Difference]:
    """Ask for an item that is not there."""
    names = operation.path_names
    if len(names) == 1 and operation.method in {"GET", "PATCH", "DELETE"}:
        yield Difference(Slot("path", names[0]), unknown)


def _octets(body: Resource) -> Iterator[str]:
    """Give bodies as they are sent: each octet as the character of its number."""
    whole = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("latin-1")
    yield from OCTETS
    yield from (whole[:-1], f"{whole},", whole * 2, f"[{whole}]", f"\xef\xbb\xbf{whole}", f" \r\n\t{whole}\n")
    yield whole.encode("utf-16").decode("latin-1")
    more = f"{whole[:-1]}, " if body else "{"
    yield from (f'{more}"conformance": {member}}}' for member in MEMBERS)
    for name, value in body.items():
        if isinstance(value, str):
            others = json.dumps({other: one for other, one in body.items() if other != name})
            more = f"{others[:-1]}, " if len(body) > 1 else "{"
            yield from (f'{more}"{name}": {member}}}' for member in MEMBERS[:4])
            return


def _types(operation: Operation) -> tuple[str, ...]:
    """Return the media types to declare: such as are no JSON only where the spec says what they get."""
    return (*TYPES_OF_JSON, *(TYPES if operation.response(UNSUPPORTED) is not None else ()))


def _no_bodies(operation: Operation) -> Sequence[str]:
    """Give bodies for an action that takes none: whether it looks at them is its own affair."""
    return OCTETS if operation.method == "POST" else ()


def _references(twin: Twin) -> list[str]:
    place = json_schema_of(twin.operation.request_body)
    declared = place.followed().at("properties").value if place is not None else {}
    return [name for name in dict.fromkeys((*twin.body, *declared)) if is_reference(name)]


def _itself(twin: Twin) -> list[str]:
    """Return the id of what is changed: nobody is his own manager."""
    return [unquote(twin.path.split("/")[2])] if twin.operation.path_names and twin.path.count("/") == 2 else []  # noqa: PLR2004


def _as_wanted(name: str, one: str) -> str | list[str]:
    return [one] if name.endswith("_ids") else one
