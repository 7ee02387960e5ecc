"""Each place of the spec that answers break, and each status that it lacks, is a check of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults.trial import trial
from conformance.reference import HONEST

if TYPE_CHECKING:
    from conformance.reference import Handler, Request, Response


async def sloppy(request: Request, honest: Handler) -> Response:
    """Serve employees with a number for an id and a list for a title, and summaries with a status of their own."""
    response = await honest(request)
    if response.status != 200:
        return response
    if request.path == "/v1/employees":
        page = response.json()
        return response.with_json(page | {"data": [{**one, "id": 7, "title": []} for one in page["data"]]})
    return replace(response, status=203) if request.path == "/v1/summaries" else response


def test_what_answers_break_is_told_one_by_one() -> None:
    """By ids that stay, each with an exchange that shows it."""
    checks = asyncio.run(trial({"SPC-10", "SPC-11"}, replace(HONEST, door=sloppy)))
    found = {one.finding: len(one.exchanges) for check in checks for one in check.found}
    employee = "SPC-10 GET /employees 200 /components/schemas/Employee/properties"
    assert found == dict.fromkeys((f"{employee}/id/type", f"{employee}/title/type", "SPC-11 GET /summaries 203"), 1)
