"""What is served to nobody is a breach, whoever asked; what is no success, or no documented request, is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.judging.verdicts import Violation
from conformance.wire.exchange import Exchange, Request, Response
from scenarios import test_authentication_seen as seen

if TYPE_CHECKING:
    from collections.abc import Callable

ITEM = "/notifications/ntf_1"
CREDENTIALS = {
    seen.test_nothing_is_served_without_a_key: None,
    seen.test_nothing_is_served_with_an_unknown_key: "Bearer [redacted]",
    seen.test_nothing_is_served_with_other_credentials: "Basic [redacted]",
}


def exchange(credentials: str | None, status: int = 200, path: str = ITEM, asked_by: str = "ROB-03") -> Exchange:
    """Make an answered GET."""
    headers = () if credentials is None else (("Authorization", credentials),)
    request = Request("GET", f"https://api.test/v1{path}", path, headers=headers)
    return Exchange(1, request, Response(status, (("Content-Type", "application/json"),), b"{}"), asked_by=asked_by)


@pytest.mark.parametrize("judge", CREDENTIALS)
def test_a_success_for_nobody_is_a_breach(judge: Callable[[Exchange], bool]) -> None:
    """Of an item of any resource."""
    with pytest.raises(Violation):
        judge(exchange(CREDENTIALS[judge]))


@pytest.mark.parametrize("judge", CREDENTIALS)
@pytest.mark.parametrize("credentials", [*CREDENTIALS.values(), "Bearer [PB_API_KEY]", "bearer [PB_API_KEY]"])
def test_only_their_own_credentials_are_judged(judge: Callable[[Exchange], bool], credentials: str | None) -> None:
    """A key of ours is one, however it is written."""
    assert judge(exchange(credentials, 401)) == (CREDENTIALS[judge] == credentials)


@pytest.mark.parametrize(("status", "path"), [(200, "/openapi.json"), (200, "/health"), (304, ITEM), (301, ITEM)])
def test_what_anybody_may_have_is_no_breach(status: int, path: str) -> None:
    """The spec, what no document describes, and redirects."""
    assert not seen.test_nothing_is_served_without_a_key(exchange(None, status, path))


@pytest.mark.parametrize("judge", [one for one, credentials in CREDENTIALS.items() if credentials])
def test_a_key_in_disguise_is_for_those_who_send_it(judge: Callable[[Exchange], bool]) -> None:
    """What was recorded of it does not tell it from another one; that it was refused is as good."""
    told = [judge(exchange(CREDENTIALS[judge], status, asked_by="AUT-03")) for status in (200, 401)]
    assert told == [False, True]
