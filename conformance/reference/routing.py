"""From a request's method and path to an operation of the spec."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance.reference.errors import Refusal
from conformance.reference.spec import Operation, specification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.http import Request

VERSION = "v1"


@dataclass(frozen=True)
class Match:
    """What a path leads to: an operation, or which methods would have led to one."""

    operation: Operation | None
    id: str = ""
    allowed: tuple[str, ...] = ()
    options: bool = False

    def refusal(self) -> Refusal:
        """Give why the request leads nowhere: no such path, or another method (RFC 9110, 15.5.6)."""
        if not self.allowed:
            return Refusal("not_found", "there is no such path")
        allow = ", ".join(self.allowed)
        return Refusal("method_not_allowed", f"this path takes {allow}", headers=(("Allow", allow),))


@cache
def paths() -> Mapping[tuple[str, ...], Mapping[str, Operation]]:
    """Give the operations by method, by the segments of their path."""
    found: dict[tuple[str, ...], dict[str, Operation]] = {}
    for operation in specification().operations:
        found.setdefault(operation.segments, {})[operation.method] = operation
    return found


def route(request: Request) -> Match:
    """Find the operation that a request asks for."""
    segments = tuple(request.path.split("/"))
    if segments[:2] != ("", VERSION):
        return Match(None)
    by_method, identifier = _find(segments[2:])
    allowed: tuple[str, ...] = ("GET", "HEAD") if "GET" in by_method else ()
    allowed = (*allowed, *(method for method in by_method if method != "GET"))
    allowed = (*allowed, "OPTIONS") if allowed else ()
    if request.method == "OPTIONS" and by_method:
        return Match(next(iter(by_method.values())), identifier, allowed, options=True)
    method = "GET" if request.method == "HEAD" else request.method
    return Match(by_method.get(method), identifier, allowed)


def _find(segments: tuple[str, ...]) -> tuple[Mapping[str, Operation], str]:
    exact = paths().get(segments)
    if exact:
        return exact, ""
    if len(segments) > 1 and segments[1]:
        general = (segments[0], "{id}", *segments[2:])
        return paths().get(general, {}), segments[1]
    return {}, ""
