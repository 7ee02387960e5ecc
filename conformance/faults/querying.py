"""How lies about lists are told at the door: the query is rewritten, or the items of the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.faults.rewriting import is_list
from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference import Handler, Request, Response
    from conformance.reference.http import Pairs

    Item = dict[str, Any]


def asks(change: Callable[[Pairs], Pairs]) -> Behaviour:
    """List observations by another query than the one sent."""

    async def door(request: Request, honest: Handler) -> Response:
        return await honest(replace(request, query=change(request.query)) if is_list(request) else request)

    return replace(HONEST, door=door)


def renames(name: str, other: str) -> Behaviour:
    """Take a parameter for another one."""
    return asks(lambda query: tuple((other if one == name else one, value) for one, value in query))


def drops(name: str) -> Behaviour:
    """Overlook a parameter."""
    return asks(lambda query: tuple(pair for pair in query if pair[0] != name))


def drops_beside(name: str, *others: str) -> Behaviour:
    """Overlook a parameter where all of others are sent, too."""
    return asks(lambda query: tuple(pair for pair in query if pair[0] != name or not {*others} <= names(query)))


def values(name: str, change: Callable[[str], str]) -> Behaviour:
    """Take a parameter's value for another one."""
    return asks(lambda query: tuple((one, change(value) if one == name else value) for one, value in query))


def names(query: Pairs) -> set[str]:
    """Give the names of the parameters."""
    return {name for name, _ in query}


def serves(change: Callable[[Pairs, list[Item]], list[Item]]) -> Behaviour:
    """Change the items of a page of observations."""

    async def door(request: Request, honest: Handler) -> Response:
        response = await honest(request)
        if not is_list(request) or response.status != 200:
            return response
        page = response.json()
        return response.with_json(page | {"data": change(request.query, page["data"])})

    return replace(HONEST, door=door)
