"""The published spec: the reference's own contract, naming the server at which it was asked for."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from conformance.reference.spec import specification

if TYPE_CHECKING:
    from collections.abc import Mapping


SESSIONS = frozenset({"/session", "/whoami"})
"""What is served in data in any case."""
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:]+\](:[0-9]+)?")


def in_data(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the document of a variant that serves single resources inside a data member; the session is so anyway."""
    changed = deepcopy(dict(document))
    for path, item in changed["paths"].items():
        for operation in item.values():
            for status in ("200", "201"):
                media = operation["responses"].get(status, {}).get("content", {}).get("application/json", {})
                if "$ref" in media.get("schema", {}) and path not in SESSIONS:
                    inner = media["schema"]
                    media["schema"] = {"type": "object", "required": ["data"], "properties": {"data": inner}}
    return changed


def published(host: str, *, secure: bool = False) -> Mapping[str, Any]:
    """Give the document, with the base URL as the client wrote it, so that generated clients and Postman can use it."""
    base = f"http{'s' * secure}://{host}/v1" if HOST.fullmatch(host) else "/v1"
    document = specification().document
    return {**document, "servers": [{**document["servers"][0], "url": base}]}
