"""A fresh reference for each test, with a clock that stands still, and a caller that speaks to its core."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reference import HONEST, Behaviour, Reference, Request, Response, StoppedClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Caller:
    """Calls a reference's core with one key; a query may name a parameter several times by a list."""

    reference: Reference
    key: str

    def __call__(self, method: str, path: str, query: dict[str, Any] | None = None, body: object = None) -> Response:
        """Send a request and give the response."""
        request = Request(method, f"/v1{path}", tuple(pairs(query or {})), self.headers)
        return self.send(request if body is None else request.with_json(body))

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Give the headers that the key needs."""
        return (("authorization", f"Bearer {self.key}"),) if self.key else ()

    def send(self, request: Request) -> Response:
        """Send a request as it is."""
        return asyncio.run(self.reference.handle(request))

    def get(self, path: str, /, **query: object) -> Any:  # noqa: ANN401 - a JSON document can be anything
        """Read a path whose answer has to be 200, and give its JSON."""
        response = self("GET", path, query)
        assert response.status == 200, response.body
        return response.json()

    def post(self, path: str, body: object = None, *, key: str | None = None) -> Response:
        """Send a POST, with an idempotency key where one is given."""
        request = Request("POST", f"/v1{path}", (), self.headers)
        request = request if body is None else request.with_json(body)
        return self.send(request if key is None else request.with_header("idempotency-key", key))

    def observe(self, **values: object) -> dict[str, Any]:
        """Create an observation, by default of some employee, and give it."""
        body = {"employee_id": self.employee()["id"], "type": "strength", "observation": "Seen.", **values}
        response = self.post("/observations", body)
        assert response.status == 201, response.body
        return dict(response.json())

    def employee(self) -> dict[str, Any]:
        """Give some employee of the key's organization."""
        return dict(self.get("/employees", limit=1)["data"][0])

    def walk(self, path: str, /, **query: object) -> list[dict[str, Any]]:
        """Follow the cursors of a list to its end."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, object] = {}
        while True:
            page = self.get(path, **query, **cursor)
            items += page["data"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    def using(self, role: str) -> Caller:
        """Give a caller with another of the sandbox's keys."""
        return replace(self, key=getattr(self.reference.keys, role))


def pairs(query: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the pairs of a query."""
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, str(one)


@pytest.fixture
def clock() -> StoppedClock:
    """Give a clock that moves only when told to."""
    return StoppedClock(NOW)


@pytest.fixture
def make(clock: StoppedClock) -> Iterator[Callable[..., Caller]]:
    """Give a maker of references; each is closed at the end."""
    made: list[Reference] = []

    def maker(behaviour: Behaviour = HONEST, **options: Any) -> Caller:  # noqa: ANN401 - whatever a reference takes
        made.append(Reference(behaviour, clock=clock, **options))
        return Caller(made[-1], made[-1].keys.full)

    yield maker
    for reference in made:
        reference.close()


@pytest.fixture
def api(make: Callable[..., Caller]) -> Caller:
    """Give a caller of a fresh, honest reference with the key that may do everything."""
    return make()
