"""The matrix of lies as a page: which rule caught which lie, and what else each lie set off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.html.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping


def matrix_html(matrix: Mapping[str, Any]) -> str:
    """Write the page of a matrix.json: one file, no script, readable in print and in the dark."""
    by_kind = {kind: [row for row in matrix["rows"] if row["kind"] == kind] for kind in matrix["summary"]}
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for row in by_kind["fault"]:
        by_rule.setdefault(row["rule"], []).append(row)
    return environment().get_template("matrix_of_lies.html").render(matrix=matrix, by_kind=by_kind, by_rule=by_rule)
