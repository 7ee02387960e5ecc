"""What fuzzing asks: a plain request that was accepted, and one or more differences from it.

Twin ── + Difference ... ──> Question

A refusal so stands beside an accepted twin that differs in that one thing, and what is found is as small as it can be.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

from conformance.target.documents import as_list, as_object
from conformance.wire.outgoing import ABSENT
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.openapi.document.operations import Operation
    from conformance.target.reading import Resource
    from conformance.wire.exchange import JSON, Exchange

WHOLE = ""
"""The name of the slot that is the whole body."""
NOBODY = "nobody"
"""Whose key is none."""
_UNREAD = re.compile(r"%(?:00|2f|5c)", re.IGNORECASE)
"""Octets of a path that what stands before an API may refuse: a NUL, an encoded slash."""
_STRAY = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)
_HALVES = re.compile("[\ud800-\udfff]")
"""Half a pair of surrogates, which UTF-8 can't write."""
_NEGOTIATED = frozenset({"range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "te"})
"""Fields by which a server may answer otherwise (RFC 9110), of which the documents say nothing."""
_WEB = re.compile(r"(?:https?|ftp|wss?):/*(?:[^/?#\s]*@)?([^/?#\s]*)", re.IGNORECASE)
_MAIL = re.compile(r"@([^\s@,;<>]*)")
_NOBODYS = re.compile(r"(?:.*\.)?(?:invalid|example|test|example\.(?:com|org|net))(?::\d+)?", re.IGNORECASE)
"""Hosts that are nobody's (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a request: `where` is query, path, header or body; the whole body has the name WHOLE.

    What is beneath those: `octets` are a body as it is sent (in Latin-1), `line` is added to the query as it stands,
    `end` to the path, `method` and `key` stand in for the operation's method and the role of the key. `page` is reached
    by turning so many pages by their cursors.
    """

    where: str
    name: str

    def __str__(self) -> str:
        return f"{self.where} {self.name}".strip()


TYPE = Slot("header", "Content-Type")
"""Where the type of a body is declared."""
CURSOR = Slot("query", "cursor")
"""Where a list takes what its page before gave."""
PAGES = Slot("page", WHOLE)
"""So many pages are turned."""
SAME_TYPES = ("Application/JSON", 'application/json; charset="utf-8"', "application/json;charset=UTF-8")
"""Other spellings of the type as which JSON is sent (RFC 9110 section 8.3.1)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Another value in one place: texts in a query, a text in a path or header, any JSON in a body, or ABSENT."""

    slot: Slot
    value: Any

    @property
    def mark(self) -> str:
        """A text that only the same difference has."""
        value = "(absent)" if self.value is ABSENT else json.dumps(self.value, sort_keys=True)
        return f"{self.slot}={value}"

    @property
    def shown(self) -> Any:  # noqa: ANN401  # any JSON value
        """Its value as a report shows it: a long text by its beginning and its length."""
        if self.value is ABSENT:
            return "(left out)"
        value = self.value[0] if self.slot.where == "query" and len(self.value) == 1 else self.value
        written = value if isinstance(value, str) else json.dumps(value)
        return value if len(written) <= 80 else f"{written[:40]}... ({len(written)} characters)"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Twin:
    """The plainest request of an operation that can be made: `query` are the texts by name.

    `exchange` is how it was answered, None before; `judged` tells whether differences from it may be sent at all.
    """

    operation: Operation
    path: str
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: JSON = ABSENT
    exchange: Exchange | None = None

    @property
    def accepted(self) -> bool:
        """Whether it was answered with a 2xx."""
        return self.exchange is not None and succeeded(self.exchange)

    def changed(self, differences: Sequence[Difference]) -> Draft:
        """Return the request that differs so."""
        made = Draft(self.operation.method, self.path, dict(self.query), {}, self.body)
        for difference in differences:
            made = _APPLY[difference.slot.where](made, difference, self)
        return made


@dataclass(frozen=True, slots=True)
class Draft:
    """A request in the words of `Target.send`."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: JSON = ABSENT
    octets: bytes | None = None
    line: str = ""
    role: str | None = KEY

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query as names and values."""
        return [(name, text) for name, texts in self.query.items() for text in texts]

    @property
    def makes(self) -> bool:
        """Whether it may make something."""
        return self.method == "POST" and self.path.count("/") == 1

    @property
    def is_rough(self) -> bool:
        """Whether a server, or what stands before it, may answer it in words of its own: only its breaking counts."""
        names = {name.lower() for name in self.headers}
        accept = next((value for name, value in self.headers.items() if name.lower() == "accept"), "*/*")
        no_json = "json" not in accept and "*/*" not in accept and "application/*" not in accept
        query = "".join(text for pair in self.pairs for text in pair)
        is_text = _is_text(self.path) and _is_text(self.line) and not _HALVES.search(query)
        return bool(_UNREAD.search(self.path) or names & _NEGOTIATED) or no_json or not is_text

    @property
    def is_harmless(self) -> bool:
        """Whether it names no address that is somebody's: a subscription or an invitation would reach them."""
        octets = (self.octets or b"").decode("latin-1")
        return all(map(_reaches_nobody, (octets, *_texts(self.body))))


@dataclass(frozen=True, slots=True)
class Question:
    """A request to be made: what of an operation's twin is changed, and which phase drew it."""

    operation: Operation
    phase: str
    differences: tuple[Difference, ...]

    @property
    def mark(self) -> str:
        """A text that only the same question has."""
        return " ".join([self.operation.label, *(one.mark for one in self.differences)])

    @property
    def is_keyless(self) -> bool:
        """Whether it is asked without a key, for which no plain request need be accepted."""
        return any(one.slot.where == "key" and one.value == NOBODY for one in self.differences)

    @property
    def turns(self) -> int:
        """How many pages are turned."""
        return next((one.value for one in self.differences if one.slot == PAGES and isinstance(one.value, int)), 0)

    def with_only(self, *differences: Difference) -> Question:
        """Return the question that has only these differences."""
        return replace(self, differences=differences)


def succeeded(exchange: Exchange) -> bool:
    """Tell whether the answer is a 2xx."""
    return 200 <= (exchange.status or 0) < 300  # noqa: PLR2004  # RFC 9110: 2xx is success


def cursor_of(exchange: Exchange | None) -> str:
    """Return what the page after a list is asked by, "" where there is none."""
    response = exchange.response if exchange is not None and succeeded(exchange) else None
    page = response.json if response is not None and response.is_json else None
    cursor = page.get("next_cursor") if isinstance(page, dict) else None
    return cursor if isinstance(cursor, str) else ""


def items_of(exchange: Exchange, identifier: str = "id") -> Sequence[Resource]:
    """Return the items of a list that was served, each with an id: the member that the path of an item is named after.

    So `identifier` is employee_id where /preferences/{employee_id} is read; without such a member it is their id.
    """
    response = exchange.response
    page = as_object(response.json) if response is not None and response.is_json else {}
    items = [one for one in as_list(page.get("data")) if isinstance(one, dict)]
    named = [one | {"id": one[identifier]} if isinstance(one.get(identifier), str) else one for one in items]
    return [one for one in named if isinstance(one.get("id"), str)]


def state_of(item: Resource) -> tuple[object, ...]:
    """Give what tells in which state an item is: a status, and which of its moments have come."""
    moments = frozenset(name for name, value in item.items() if name.endswith("_at") and value is None)
    return (str(item.get("status", item.get("state"))), moments)


# applying --------------------------------------------------------------------------------------------------


def _in_query(request: Draft, difference: Difference, _: Twin) -> Draft:
    query = {name: texts for name, texts in request.query.items() if name != difference.slot.name}
    if difference.value is not ABSENT:
        query[difference.slot.name] = difference.value
    return replace(request, query=query)


def _in_header(request: Draft, difference: Difference, _: Twin) -> Draft:
    return replace(request, headers={**request.headers, difference.slot.name: difference.value})


def _in_path(request: Draft, difference: Difference, twin: Twin) -> Draft:
    """Put another value in the place of a parameter of the template, which the twin's path has filled."""
    template = twin.operation.template.split("/")
    filled = request.path.split("/")
    offset = len(template) - len(filled)  # a template may begin with the version
    place = template.index(f"{{{difference.slot.name}}}") - offset
    filled[place] = quote(difference.value, safe="", errors="surrogatepass")
    return replace(request, path="/".join(filled))


def _in_body(request: Draft, difference: Difference, _: Twin) -> Draft:
    if difference.slot.name == WHOLE:
        return replace(request, body=difference.value)
    body = request.body if isinstance(request.body, dict) else {}
    if difference.value is ABSENT:
        return replace(request, body={name: one for name, one in body.items() if name != difference.slot.name})
    return replace(request, body={**body, difference.slot.name: difference.value})


def _in_octets(request: Draft, difference: Difference, _: Twin) -> Draft:
    headers = {"Content-Type": "application/json", **request.headers}
    return replace(request, body=ABSENT, octets=difference.value.encode("latin-1"), headers=headers)


def _in_line(request: Draft, difference: Difference, _: Twin) -> Draft:
    return replace(request, line=difference.value)


def _at_end(request: Draft, difference: Difference, _: Twin) -> Draft:
    return replace(request, path=request.path + difference.value)


def _in_method(request: Draft, difference: Difference, _: Twin) -> Draft:
    return replace(request, method=difference.value)


def _in_key(request: Draft, difference: Difference, _: Twin) -> Draft:
    return replace(request, role=None if difference.value == NOBODY else difference.value)


def _at_page(request: Draft, _: Difference, __: Twin) -> Draft:
    """Leave it as it is: pages are turned by more requests."""
    return request


_APPLY = {
    "query": _in_query,
    "header": _in_header,
    "path": _in_path,
    "body": _in_body,
    "octets": _in_octets,
    "line": _in_line,
    "end": _at_end,
    "method": _in_method,
    "key": _in_key,
    "page": _at_page,
}
PLACES = frozenset(_APPLY)
"""All that `Slot.where` can be."""


# roughness -------------------------------------------------------------------------------------------------


def _is_text(part: str) -> bool:
    """Tell whether a part of a URL is written as RFC 3986 has it, and stands for characters."""
    try:
        unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _STRAY.search(part) is None


# harm ------------------------------------------------------------------------------------------------------


def _texts(value: JSON) -> Iterator[str]:
    """Give all texts in a JSON value."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one


def _reaches_nobody(text: str) -> bool:
    hosts = [*_WEB.findall(text), *_MAIL.findall(text)]
    return all(_NOBODYS.fullmatch(host) or not host for host in hosts)
