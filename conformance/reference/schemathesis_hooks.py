"""What Schemathesis can't know from any OpenAPI document, so that its positive requests are ones the API has to take.

Loaded by schemathesis.toml alone; nothing else imports it.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import schemathesis

if TYPE_CHECKING:
    from schemathesis import Case, HookContext, Response

KEY = "Idempotency-Key"
issued: set[str] = set()


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Make a positive request one that is right in what a schema can't say; negative ones go as they are."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.query and case.query.get("cursor", "") not in issued:
        case.query.pop("cursor", None)
    if case.headers and KEY in case.headers:
        case.headers[KEY] = str(uuid.uuid4())
    if isinstance(case.body, dict):
        correct(case.operation.path, case.body)


def correct(path: str, body: dict[str, Any]) -> None:
    """Take out a day that lies in the future, and let no subscription reach beyond this machine."""
    if str(body.get("observation_date", "")) > datetime.now(UTC).date().isoformat():
        del body["observation_date"]
    if path.startswith("/webhooks"):
        body["active"] = False


@schemathesis.hook
def after_call(_context: HookContext, _case: Case[Any], response: Response) -> None:
    """Remember the cursors that were issued, which are the only ones that a client may send."""
    if response.status_code != 200:  # noqa: PLR2004 - OK
        return
    page = response.json()
    if isinstance(page, dict) and page.get("next_cursor"):
        issued.add(page["next_cursor"])
