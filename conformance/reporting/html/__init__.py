"""conformance.html: the report for people, one file that needs no network and no JavaScript.

Nothing that a target sent reaches the page unescaped: Jinja escapes every value, and a content security
policy allows only the one style sheet and the one script that stand in it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from conformance.judging.verdicts import Verdict
from conformance.reporting.html.environment import environment
from conformance.reporting.html.view import view

if TYPE_CHECKING:
    from conformance.reporting.json_report import Report

_COLUMNS = tuple(verdict for verdict in Verdict if verdict not in (Verdict.PASS, Verdict.NOTED))


def to_html(report: Report) -> str:
    """Render a report, as json_report gives or reads it, as one HTML page of under 2 MB."""
    style, script = _asset("report.css"), _asset("filter.js")
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            view=view(report),
            columns=_COLUMNS,
            verdicts=tuple(Verdict),
            style=style,
            script=script,
            policy=_policy(style, script),
        )
    )


@cache
def _asset(name: str) -> Markup:
    """Give one of our own files as it is: a constant of the package, never anything that a target sent."""
    return Markup(files("conformance.reporting.html").joinpath("templates", name).read_text("utf-8"))  # noqa: S704


def _policy(style: str, script: str) -> str:
    ours = f"style-src {_hash(style)}; script-src {_hash(script)}"
    return f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
