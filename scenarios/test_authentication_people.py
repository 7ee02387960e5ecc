"""AUT: people of another organization, whatever door they might come through (overview › What the API is for)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.contract.resources import resource
from conformance.judging.expect import asked
from conformance.judging.scenario import judges
from conformance.judging.verdicts import Violation
from conformance.target.documents import as_list, as_object
from conformance.wire.roles import KEY, OTHER_ORG
from scenarios._organizations import LONG_ENOUGH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Exchange

EMPLOYEES = resource("employees").path
PAGING = {"limit", "cursor"}


@judges("AUT-11")
def test_no_answer_names_somebody_of_another_organization(exchanges: Sequence[Exchange]) -> int:
    """Nothing that the first key was ever served holds the id of an employee who is listed to the other key.

    Not judged where some are plainly listed to both: that is a breach of its own, or people of two organizations.
    """
    theirs = {one for one in _people(exchanges, OTHER_ORG) if len(one) >= LONG_ENOUGH}
    if not theirs or theirs & _people(exchanges, KEY):
        return 0
    known = re.compile("|".join(f'"{re.escape(one)}"' for one in sorted(theirs)))
    served = [one for one in exchanges if one.request.role == KEY and _is_success(one)]
    for exchange in served:
        found = known.search(exchange.response.text) if exchange.response is not None else None
        if found is not None and found[0].strip('"') not in _question(exchange):
            raise Violation(
                f"{asked(exchange)} names an employee of another organization",
                expected="nothing of another organization",
                observed=found[0],
                exchanges=[exchange.number],
            )
    return len(served)


def _people(exchanges: Sequence[Exchange], role: str) -> set[str]:
    """Give the ids of the employees that were listed to a key which asked for no more than pages of them."""
    asked_so = [one for one in exchanges if (one.method, one.path, one.request.role) == ("GET", EMPLOYEES, role)]
    lists = [one for one in asked_so if {name for name, _ in one.request.query} <= PAGING]
    values = [one.response.json for one in lists if one.response is not None and one.response.is_json]
    items = [as_object(item) for value in values for item in as_list(as_object(value).get("data"))]
    return {item["id"] for item in items if isinstance(item.get("id"), str)}


def _is_success(exchange: Exchange) -> bool:
    return 200 <= (exchange.status or 0) < 300


def _question(exchange: Exchange) -> str:
    return exchange.request.url + exchange.request.body.decode(errors="replace")
