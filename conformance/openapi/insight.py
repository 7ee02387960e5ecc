"""What a run tells beyond its verdicts: how much of the spec it saw, and where documents, spec and run differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.contract.resources import SPEC_PATH
from conformance.judging.verdicts import Blocked, NotJudged
from conformance.openapi.coverage import coverage
from conformance.openapi.document.published import readable
from conformance.openapi.triangle.triangle import triangle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.judging.results import Results
    from conformance.openapi.document.published import Published
    from conformance.wire.exchange import Exchange

OK = 200


def spec_of(exchanges: Sequence[Exchange], *, schemas: bool) -> Published:
    """Return the spec that was served in a run.

    Raises `NotJudged` where it was not fetched, `Blocked` where it can't be read.
    """
    fetched = [one for one in exchanges if (one.method, one.path) == ("GET", SPEC_PATH)]
    served = [one for one in fetched if one.status == OK] or fetched
    if not served:
        raise NotJudged("the spec was not fetched in this run", hint="Give the run a larger --request-budget.")
    return readable(served[0], schemas=schemas)


def with_insight(results: Results, exchanges: Sequence[Exchange]) -> Results:
    """Return the results with coverage and triangle, and why the spec, or its schemas, had no part in them.

    Verdicts are worth more than what is told beside them: should the suite itself break here, that is told instead.
    """
    if not exchanges:
        return results
    try:
        return _insight(results, exchanges)
    except Exception as error:  # noqa: BLE001  # see above
        return replace(results, unread=f"the suite met a {type(error).__name__} over it")


def _insight(results: Results, exchanges: Sequence[Exchange]) -> Results:
    spec = schemas = None
    unread = ""
    try:
        spec = spec_of(exchanges, schemas=False)
        schemas = spec_of(exchanges, schemas=True)
    except (Blocked, NotJudged) as blocked:
        unread = str(blocked)
    return replace(
        results,
        coverage=coverage(spec, exchanges) if spec is not None else None,
        triangle=triangle(spec, schemas, exchanges),
        unread=unread,
    )
