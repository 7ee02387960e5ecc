"""The 14 documented resources and the operations that the documents spell out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.contract.model import Source, observations, overview


class Shape(StrEnum):
    """What a GET of a resource's own path gives."""

    COLLECTION = "collection"
    """A page: an object with data and next_cursor."""
    SINGLE = "single"
    """One object, bare or inside data."""
    UNSTATED = "unstated"
    """The documents leave it open; a check reads the answer and accepts either."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A documented resource.

    `name` is the path without its slash and fit for test ids, `title` what the documents call it, and so the
    natural name of its tag in the spec (the documents fix that there is one, not what it is called).
    `scopes` are only those that the documents name; others are likely to follow their pattern.
    """

    name: str
    title: str
    shape: Shape = Shape.COLLECTION
    scopes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path below the base URL, with its leading slash."""
        return f"/{self.name}"

    @property
    def source(self) -> Source:
        """Where the documents list it."""
        return overview("Resource list")


RESOURCES: tuple[Resource, ...] = (
    Resource("employees", "Employees", scopes=("employees:read", "employees:write")),
    Resource("observations", "Observations", scopes=("observations:read", "observations:write")),
    Resource("conversations", "Conversations"),
    Resource("summaries", "Summaries"),
    Resource("team-summaries", "Team summaries"),
    Resource("employee-objectives", "Employee objectives"),
    Resource("manager-objectives", "Manager objectives"),
    Resource("assignments", "Feedback assignments"),
    Resource("review-items", "Review items"),
    Resource("notifications", "Notifications"),
    # A plural path suggests a collection, a person's settings suggest one object: the documents don't decide.
    Resource("preferences", "User preferences", Shape.UNSTATED),
    # Search finds things, so a page is likely; its parameters and its answer are nowhere described.
    Resource("search", "Search", Shape.UNSTATED),
    Resource("webhooks", "Webhooks", scopes=("webhooks:write",)),
    Resource("session", "Session", Shape.SINGLE, scopes=("session:read",)),
)
"""In the order of the documents. The OpenAPI document is listed beside them and is no resource: SPEC_PATH."""

COLLECTIONS: tuple[Resource, ...] = tuple(resource for resource in RESOURCES if resource.shape is Shape.COLLECTION)
"""Those that surely answer with a page; to these a run adds any UNSTATED one that turns out to."""

SPEC_PATH = "/openapi.json"
"""Source: overview, Resource list and OpenAPI specification. Served without authentication."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A documented operation: `path` as a template below the base URL, `status` of its documented success.

    `takes_body` tells whether the documents give it a request body; `scope` is the one that they demand.
    """

    name: str
    method: str
    path: str
    status: int
    scope: str
    source: Source
    takes_body: bool = False

    @property
    def label(self) -> str:
        """The operation as a test id and a report name it, such as "POST /observations/{id}/archive"."""
        return f"{self.method} {self.path}"


LIST = Operation("list", "GET", "/observations", 200, "observations:read", observations("List observations"))
GET = Operation("get", "GET", "/observations/{id}", 200, "observations:read", observations("Get an observation"))
CREATE = Operation(
    "create",
    "POST",
    "/observations",
    201,
    "observations:write",
    observations("Create an observation"),
    takes_body=True,
)
UPDATE = Operation(
    "update",
    "PATCH",
    "/observations/{id}",
    200,
    "observations:write",
    observations("Update an observation"),
    takes_body=True,
)
ARCHIVE = Operation(
    "archive",
    "POST",
    "/observations/{id}/archive",
    200,
    "observations:write",
    observations("Archive an observation"),
)
RESTORE = Operation(
    "restore",
    "POST",
    "/observations/{id}/restore",
    200,
    "observations:write",
    observations("Restore an observation"),
)

OPERATIONS: tuple[Operation, ...] = (LIST, GET, CREATE, UPDATE, ARCHIVE, RESTORE)
"""The six on observations. Every other resource has at least a GET of its own path."""


def resource(name: str) -> Resource:
    """Give the resource of this name, such as "team-summaries"; raise KeyError where there is none."""
    return _BY_NAME[name]


_BY_NAME = {known.name: known for known in RESOURCES}
