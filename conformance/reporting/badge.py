"""badge.json: the outcome as shields.io reads it from an endpoint (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.reporting.summary import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reporting.json_report import Report

COLOURS: Mapping[str, str] = {
    Outcome.CONFORMS: "brightgreen",
    Outcome.BREAKS: "red",
    Outcome.INCOMPLETE: "yellow",
    Outcome.NOTHING_JUDGED: "lightgrey",
}


def to_badge(report: Report) -> str:
    """Write the badge of a report: how many of the MUST rules that can apply hold; green only where it conforms."""
    outcome, must = report["summary"]["outcome"], report["summary"]["levels"][0]
    counts = f"{must['holding']} of {must['applicable']} MUST"
    message = counts if outcome in {Outcome.CONFORMS, Outcome.BREAKS} else f"{outcome}, {counts}"
    badge = {"schemaVersion": 1, "label": "conformance", "message": message, "color": COLOURS[outcome]}
    return json.dumps(badge) + "\n"
