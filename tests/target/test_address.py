"""A base URL is checked before anything is sent, and what is wrong with it is told without its credentials."""

from __future__ import annotations

import pytest

from conformance.errors import UsageProblem
from conformance.target.address import check_base_url, check_leave_to_write


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        (" https://api.example.com/v1/\n", "https://api.example.com/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("https://api.example.com/people/v12", "https://api.example.com/people/v12"),
    ],
)
def test_a_whole_base_url_is_taken(given: str, taken: str) -> None:
    """Scheme, host and version segment are all it takes; white space and a trailing slash are let go."""
    assert check_base_url(given) == taken


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "'' is no absolute http or https URL."),
        ("api.example.com/v1", "'api.example.com/v1' is no absolute http or https URL."),
        ("ftp://api.example.com/v1", "'ftp://api.example.com/v1' is no absolute http or https URL."),
        ("https:///v1", "'https:///v1' is no absolute http or https URL."),
        ("https://api.example.com", "'https://api.example.com' does not end in a version segment."),
        ("https://api.example.com/v1/x", "'https://api.example.com/v1/x' does not end in a version segment."),
        ("https://api.example.com/v1?a=1", "The base URL has a query or a fragment."),
        ("https://api.example.com/v1#a", "The base URL has a query or a fragment."),
        ("https://api.example.com:x/v1", "'https://api.example.com:x/v1' is no URL: Port could not be cast "),
        ("https://[::1/v1", "'https://[::1/v1' is no URL: Invalid IPv6 URL."),
    ],
)
def test_any_other_is_refused_with_a_hint(given: str, told: str) -> None:
    """The message says what is wrong, the hint what to write instead."""
    with pytest.raises(UsageProblem) as refused:
        check_base_url(given)
    assert (refused.value.message.startswith(told), bool(refused.value.hint)) == (True, True)


@pytest.mark.parametrize(
    "given",
    [
        "https://pb_test_s3cret@api.example.com/v1",
        "https://me:pb_test_s3cret@api.example.com/v1",
        "https://me:pb_test_s3cret@/v1",
        "https://me:pb_test_s3cret@api.example.com:99999/v1",
        "me:pb_test_s3cret@api.example.com/v1",
    ],
)
def test_credentials_in_a_url_are_refused_and_not_repeated(given: str) -> None:
    """A secret in the URL is in no message."""
    with pytest.raises(UsageProblem) as refused:
        check_base_url(given)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "switches"),
    [
        ("pb_test_x", {"read_only": False, "allow_live_writes": False}),
        ("pb_live_x", {"read_only": True, "allow_live_writes": False}),
        ("pb_live_x", {"read_only": False, "allow_live_writes": True}),
    ],
)
def test_leave_to_write_is_given(key: str, switches: dict[str, bool]) -> None:
    """A test key always may, a live one where nothing is written or the person means it."""
    check_leave_to_write({"key": key}, **switches)


def test_a_live_key_is_not_written_with_unasked() -> None:
    """The hint names both ways out, the message not the key."""
    with pytest.raises(UsageProblem) as refused:
        check_leave_to_write({"key": "pb_live_s3cret"}, read_only=False, allow_live_writes=False)
    hint = refused.value.hint
    assert ("--read-only" in hint, "--allow-live-writes" in hint, "s3cret" in str(refused.value)) == (True, True, False)


def test_a_live_key_of_another_role_is_refused_too() -> None:
    """The other organization's key writes as well; the message names its variable."""
    with pytest.raises(UsageProblem, match="PB_OTHER_ORG_API_KEY"):
        check_leave_to_write({"key": "pb_test_1", "other_org": "pb_live_1"}, read_only=False, allow_live_writes=False)


def test_what_a_live_key_opens_is_never_disposable() -> None:
    """Whatever else was allowed."""
    with pytest.raises(UsageProblem, match="worth keeping"):
        check_leave_to_write({"key": "pb_live_1"}, read_only=False, allow_live_writes=True, disposable=True)
