"""Two reports compared, as a page: what regressed first, then what is new, fixed, or behaves otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.html.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping


def comparison_html(comparison: Mapping[str, Any]) -> str:
    """Write the page of what `conformance compare --json` prints: one file, no script."""
    return environment().get_template("comparison.html").render(comparison=comparison)
