"""The account of what a run changes: nothing that it neither made nor was lent, and it journals first what it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.contract.resources import CREATE, SPEC_PATH
from conformance.errors import NotOurs
from conformance.target.identifiers import is_made_up
from conformance.target.made.intents import Intent
from conformance.target.reading import unwrap
from conformance.wire.client import SAFE
from conformance.wire.outgoing import ABSENT, Ask, encoded
from conformance.wire.roles import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from conformance.target.made.journal import Journal
    from conformance.wire.exchange import Exchange

SERVER_ERRED = 500
"""RFC 9110: from here on nobody knows what was done."""


def asked(method: str, path: str, request: Mapping[str, Any]) -> Ask:
    """Give the request of `Client.send` as an `Ask`; with credentials of its own it is nobody's."""
    role = None if request.get("authorize") else request.get("role", KEY)
    body = {"json": request.get("json", ABSENT), "content": request.get("content")}
    return Ask(method, path, headers=request.get("headers") or {}, role=role, beside=request.get("beside"), **body)


def creates(ask: Ask) -> bool:
    """Tell whether a request may make something."""
    return ask.method == "POST" and ask.path.count("/") == 1 and ask.beside is None


def findable(ask: Ask, signature: str, new_key: Callable[[], str]) -> Ask:
    """Give a create a new Idempotency-Key where nothing else would tell whose it is, should its answer be lost."""
    names = {name.lower() for name in ask.headers}
    if not creates(ask) or "idempotency-key" in names or signature.encode() in _body(ask):
        return ask
    return replace(ask, headers={**ask.headers, "Idempotency-Key": new_key()})


def _body(ask: Ask) -> bytes:
    return (ask.content or b"") if ask.json is ABSENT else encoded(ask.json)


def require_ours(journal: Journal, ask: Ask, lent: Collection[str] = (), given_up: Collection[str] = ()) -> None:
    """Raise `NotOurs` for a request that could change what this run neither made nor was lent.

    A create is free. Any other write is for an item that the journal knows, or for an id that we made up; it does not
    matter whether it is meant to be refused, for a target may fail to refuse it. A resource as a whole is nobody's to
    write to, but for the spec, which nobody's data is in. At or below a path that was `lent` all may be done but
    deleting, which is for what was `given_up`.
    """
    if ask.method in SAFE or creates(ask) or (ask.path == SPEC_PATH and ask.beside is None):
        return
    parts = [unquote(part) for part in ask.path.split("/")[1:]]
    is_plain = ask.beside is None and not {".", "..", ""} & set("/".join(parts).split("/"))
    item = parts[1] if is_plain and len(parts) > 1 else ""
    below = any(f"{ask.path}/".startswith(f"{one}/") for one in lent)
    is_lent = is_plain and (ask.path in given_up if ask.method == "DELETE" else below)
    if not is_lent and not (item and (journal.knows(item) or is_made_up(item))):
        asking = f"{ask.method} {ask.path}"
        raise NotOurs(f"{asking} would change what this run did not make", "ask it of something that it made")


def intend(journal: Journal, ask: Ask, signature: str) -> int:
    """Journal what is about to become active; return the number of a create, 0 for anything else."""
    if creates(ask):
        intent = _intent(ask, signature)
        return journal.intend(intent, keep_body=not (intent.signed and ask.path == CREATE.path))
    match ask.method, ask.path.split("/"):
        case "POST", [_, _, resource_id, "restore"]:
            journal.restored(resource_id)
    return 0


def _intent(ask: Ask, signature: str) -> Intent:
    headers = {name.lower(): value for name, value in ask.headers.items()}
    body = _body(ask)
    return Intent(
        number=0,
        path=ask.path,
        role=ask.role or "",
        key=headers.get("idempotency-key") or "",
        content_type=headers.get("content-type", "application/json") or "",
        body=body,
        signed=signature.encode() in body,
    )


def account(journal: Journal, exchange: Exchange, number: int) -> None:
    """Journal what an answer tells: what a create of this number made, or what was archived or restored."""
    if number:
        _account_made(journal, exchange, number)
    elif exchange.method == "POST" and 200 <= (exchange.status or 0) < 300:  # noqa: PLR2004  # RFC 9110: 2xx is success
        match exchange.path.split("/"):
            case [_, _, resource_id, "archive"]:
                journal.archived(resource_id)
            case [_, _, resource_id, _]:  # restored, or whatever else may bring it back
                journal.restored(resource_id)


def _account_made(journal: Journal, exchange: Exchange, number: int) -> None:
    response = exchange.response
    if response is None or response.status >= SERVER_ERRED:
        return
    resource = unwrap(response.json) if response.is_json else None
    succeeded = 200 <= response.status < 300  # noqa: PLR2004  # RFC 9110: 2xx is success
    if succeeded and resource is not None and isinstance(resource.get("id"), str):
        journal.made(resource["id"], exchange.path, exchange.request.role, answers=number)
    elif not succeeded:
        journal.answered(number)
