"""Lies in what generated clients take their names and addresses from: operationIds, tags, servers, components."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults.model import lies
from conformance.faults.publishing import of_property, operation, publishes, schemas

if TYPE_CHECKING:
    from conformance.faults.publishing import Document
    from conformance.reference import Behaviour

RESTORE = ("POST", "/observations/{id}/restore")


@lies("SPC-12")
def an_operation_has_no_id() -> Behaviour:
    """Restore has no operationId."""
    return publishes(lambda document: operation(document, *RESTORE).pop("operationId"))


@lies("SPC-12")
def two_ids_make_one_method() -> Behaviour:
    """Archive is called archiveObservation and restore archive_observation."""
    return publishes(lambda document: operation(document, *RESTORE).update(operationId="archive_observation"))


@lies("SPC-12")
def no_generator_knows_a_type() -> Behaviour:
    """The tone of an attribute has a type that OpenAPI does not have."""
    return of_property("Attribute", "tone", type="text")


@lies("SPC-13")
def an_operation_has_two_tags() -> Behaviour:
    """Restore has a second tag."""
    return publishes(lambda document: operation(document, *RESTORE)["tags"].append("actions"))


@lies("SPC-13")
def an_action_has_a_tag_of_its_own() -> Behaviour:
    """Restore has another tag than the other operations on observations."""
    return publishes(lambda document: operation(document, *RESTORE).update(tags=["actions"]))


@lies("SPC-13")
def two_resources_share_a_tag() -> Behaviour:
    """Objectives of employees and of managers have the same tag."""

    def change(document: Document) -> None:
        for path, item in document["paths"].items():
            if path.startswith(("/employee-objectives", "/manager-objectives")):
                for own in item.values():
                    own["tags"] = ["objectives"]

    return publishes(change)


def _served_at(url: str) -> Behaviour:
    return publishes(lambda document: document.update(servers=[{"url": url}]))


@lies("SPC-14")
def the_server_has_no_version() -> Behaviour:
    """The server's URL ends before the version segment."""
    return _served_at("https://api.performanceblocks.com")


@lies("SPC-14")
def no_server_is_named() -> Behaviour:
    """The spec names no server, which means the root of its own host."""
    return publishes(lambda document: document.pop("servers"))


@lies("SPC-14")
def the_version_comes_twice() -> Behaviour:
    """The server's URL ends in the version segment, and the paths begin with it."""

    def change(document: Document) -> None:
        document["paths"] = {f"/v1{path}": item for path, item in document["paths"].items()}

    return publishes(change)


@lies("SPC-15")
def a_review_item_is_written_inline() -> Behaviour:
    """The schema of a review item stands in each operation instead of among the components."""

    def change(document: Document) -> None:
        inline = schemas(document).pop("ReviewItem")
        for path in ("/review-items", "/review-items/{id}"):
            for own in document["paths"][path].values():
                _replace(own, "#/components/schemas/ReviewItem", inline)

    return publishes(change)


def _replace(value: object, reference: str, schema: Document) -> None:
    """Put a schema in the place of every reference to it."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(inner, dict) and inner.get("$ref") == reference:
            inner.clear()
            inner.update(schema)
        else:
            _replace(inner, reference, schema)
