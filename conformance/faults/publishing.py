"""How lies about the API are told in its published spec: a copy of the honest document is changed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference import HONEST, Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Document = dict[str, Any]


def publishes(change: Callable[[Document], object]) -> Behaviour:
    """Give a behaviour that publishes a changed document; everything else is as it was."""

    def publish(document: Mapping[str, Any]) -> Mapping[str, Any]:
        copy: Document = json.loads(json.dumps(document))
        change(copy)
        return copy

    return replace(HONEST, publish=publish)


def operation(document: Document, method: str, path: str) -> Document:
    """Give an operation to change."""
    found: Document = document["paths"][path][method.lower()]
    return found


def schemas(document: Document) -> Document:
    """Give the component schemas to change."""
    found: Document = document["components"]["schemas"]
    return found


def properties(document: Document, name: str) -> Document:
    """Give the properties of a component schema to change."""
    found: Document = schemas(document)[name]["properties"]
    return found


def of_property(name: str, field: str, **change: object) -> Behaviour:
    """Give a behaviour that publishes another schema of a field; a keyword that is changed to ... is left out."""

    def change_it(document: Document) -> None:
        own = properties(document, name)[field]
        own |= change
        for keyword in [keyword for keyword, value in change.items() if value is ...]:
            del own[keyword]

    return publishes(change_it)
