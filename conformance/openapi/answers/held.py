"""Every answer of a run held against the spec: by operation and status, media type, headers and schema.

This is the fast half: JSON Schema in bulk, thousands of answers a second. What it finds is claimed only where
openapi-core finds it, too (second_opinion.py).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.openapi.answers.findings import Deviation, Finding, of_error
from conformance.openapi.document.routes import Routes
from conformance.openapi.document.weights import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.openapi.document.operations import Operation
    from conformance.openapi.document.pointers import Place
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange, Response

MOST = 100
"""So many deviations of one answer are looked at."""
OPENERS = 500
DEEPEST = 500
"""A body that nests deeper is not held against a schema that may nest, too: it could take the process with it."""
_PLACEHOLDER = re.compile(r"\[(?:redacted\w*|PB_[A-Z_]+)\]")
_MEDIA_TYPE = "content-type"


@dataclass
class Held:
    """What came of holding answers against a spec.

    `counts` are the answers by operation and declared status, `samples` the first valid one of each; `unreadable`
    says of operations why a schema of theirs can't be worked with.
    """

    findings: dict[tuple[str, str, tuple[str, str]], Finding] = field(default_factory=dict)
    counts: Counter[tuple[Operation, str]] = field(default_factory=Counter)
    samples: dict[tuple[Operation, str], Exchange] = field(default_factory=dict)
    unreadable: dict[Operation, str] = field(default_factory=dict)


class Answers:
    """Holds answers against one spec."""

    def __init__(self, spec: Published) -> None:
        self.spec = spec
        self.routes = Routes(spec.operations)

    def undeclared(self, exchanges: Iterable[Exchange]) -> dict[tuple[Operation, int], list[Exchange]]:
        """Return the answers whose status is not declared for their operation, in no way."""
        found: dict[tuple[Operation, int], list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            operation = self.routes.find(exchange.method, exchange.path)
            if operation is not None and exchange.status and operation.response(exchange.status) is None:
                found[operation, exchange.status].append(exchange)
        return found

    def hold(self, exchanges: Iterable[Exchange]) -> Held:
        """Hold answers against the spec; requests and statuses that it does not describe are left aside."""
        held = Held()
        for exchange in exchanges:
            operation = self.routes.find(exchange.method, exchange.path)
            if operation is not None and exchange.response is not None:
                self._hold(operation, exchange, exchange.response, held)
        return held

    def _hold(self, operation: Operation, exchange: Exchange, response: Response, held: Held) -> None:
        declared = operation.response(response.status)
        if declared is None:
            return
        status = declared_status(operation, response.status)
        held.counts[operation, status] += 1
        deviations = list(self._safely(operation, declared, response, held))
        for deviation in deviations:
            key = (operation.label, status, deviation.key)
            held.findings.setdefault(key, Finding(operation, status, deviation)).exchanges.append(exchange)
        if not deviations:
            held.samples.setdefault((operation, status), exchange)

    def _safely(self, operation: Operation, declared: Place, response: Response, held: Held) -> Iterator[Deviation]:
        try:
            yield from self.deviations(declared, response)
        except Unreadable as unreadable:
            held.unreadable[operation] = unreadable.reason

    def deviations(self, declared: Place, response: Response) -> Iterator[Deviation]:
        """Say where one answer differs from what is declared of it."""
        yield from self._headers(declared, response)
        content = declared.at("content")
        if not content.value:
            return
        named = (response.header(_MEDIA_TYPE) or "").partition(";")[0].strip().lower()
        matching = [name for name in content.value if fnmatchcase(named, name.partition(";")[0].strip().lower())]
        if not matching:
            told = f"the media type {named or '(none)'} is not declared"
            yield Deviation(content.pointer, told, header=_MEDIA_TYPE)
        elif named.endswith("json"):
            best = max(matching, key=lambda name: "*" not in name)
            yield from self._body(content.at(best), response)

    def _body(self, media: Place, response: Response) -> Iterator[Deviation]:
        schema = media.raw("schema")
        if not schema.value:
            return
        if not response.is_json:
            yield Deviation(schema.pointer, "the body is no JSON")
        elif not is_too_deep(response):
            yield from self._values(schema, response.json)

    def _values(self, schema: Place, value: object, *, header: str = "") -> Iterator[Deviation]:
        validator = self.spec.answers.validator(schema)
        if validator.is_valid(value):
            return
        for error in islice(validator.iter_errors(value), MOST):
            if not (isinstance(error.instance, str) and _PLACEHOLDER.search(error.instance)):
                yield of_error(self.spec.document, error, header=header)

    def _headers(self, declared: Place, response: Response) -> Iterator[Deviation]:
        headers = declared.at("headers")
        for name in headers.value:
            header = headers.at(name)
            value = response.header(name)
            if name.lower() == _MEDIA_TYPE or (value is None and header.value.get("required") is not True):
                continue
            if value is None:
                yield Deviation(header.pointer, f"the header {name} is missing", header=name, about=name)
            elif header.value.get("schema"):
                yield from self._values(header.raw("schema"), read_header(header.at("schema"), value), header=name)


def declared_status(operation: Operation, status: int) -> str:
    """Return the key under which a status is declared: itself, its range, or default."""
    return next(one for one in (str(status), f"{status // 100}XX", "default") if one in operation.responses)


def read_header(schema: Place, text: str) -> Any:  # noqa: ANN401  # any JSON value
    """Read a header as its schema wants it; one that can't be read so stays a text, which the schema then refuses."""
    kind = schema.value.get("type")
    if kind == "array":
        return [read_header(schema.at("items"), one.strip()) for one in text.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in {"integer", "number"}:
        return _number(text, whole=kind == "integer")
    return text


def _number(text: str, *, whole: bool) -> object:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text


def is_too_deep(response: Response) -> bool:
    """Tell whether a body nests too deep to be held against a schema."""
    if response.body.count(b"[") + response.body.count(b"{") <= OPENERS:
        return False
    level: list[Any] = [response.json]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
