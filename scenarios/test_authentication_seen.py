"""AUT: what was served to nobody (overview › Authentication).

Other scenarios ask without a key where the documents say what happens, and with keys in disguise; fuzzing asks without
a key, and with credentials that are nobody's, everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.contract.headers import AUTHORIZATION
from conformance.judging.expect import asked, expect
from conformance.judging.scenario import judges
from scenarios._answers import is_answer, is_documented

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

UNKNOWN = "Bearer [redacted]"
"""A bearer token as it is recorded that is no key of a role."""
_OF_A_ROLE = "[PB_"


@judges("AUT-01")
def test_nothing_is_served_without_a_key(exchange: Exchange) -> bool:
    """No documented request without Authorization has a success."""
    return _credentials(exchange) is None and _expect_unserved(exchange, "without a key")


@judges("AUT-02")
def test_nothing_is_served_with_an_unknown_key(exchange: Exchange) -> bool:
    """No documented request with a bearer token that is no key has a success."""
    is_unknown = _credentials(exchange) == UNKNOWN and not _is_in_disguise(exchange)
    return is_unknown and _expect_unserved(exchange, "with an unknown key")


@judges("AUT-03")
def test_nothing_is_served_with_other_credentials(exchange: Exchange) -> bool:
    """No documented request with another scheme, or without a token, has a success."""
    credentials = _credentials(exchange)
    is_other = credentials is not None and credentials != UNKNOWN and _OF_A_ROLE not in credentials
    return is_other and not _is_in_disguise(exchange) and _expect_unserved(exchange, "with credentials of another kind")


def _credentials(exchange: Exchange) -> str | None:
    return exchange.request.header(AUTHORIZATION.name)


def _is_in_disguise(exchange: Exchange) -> bool:
    """Tell whether it was served to what may be a key of ours, written otherwise: whoever sent that judges it.

    What was recorded does not tell it from a key of nobody's, which fuzzing alone sends.
    """
    served = exchange.status is not None and exchange.status < 400
    return served and not exchange.asked_by.startswith("ROB-")


def _expect_unserved(exchange: Exchange, how: str) -> bool:
    """Expect no success of what the documents describe; tell whether they describe it."""
    if not is_answer(exchange) or not is_documented(exchange):
        return False
    status = exchange.status or 0
    message = f"{asked(exchange)} {how} gets {status}"
    expect(status >= 400, message, expected="401 authentication_required", observed=status)  # RFC 9110: 4xx
    return True
