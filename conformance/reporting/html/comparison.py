"""Two reports compared, as a page: what regressed first, then what is new, fixed, or behaves otherwise."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.reporting.values import cut, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("conformance.reporting.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["shown"] = lambda text: visible(cut(str(text), 400))
    return environment.get_template("comparison.html")


def comparison_html(comparison: Mapping[str, Any]) -> str:
    """Write the page of what `conformance compare --json` prints: one file, no script."""
    return _template().render(comparison=comparison)
