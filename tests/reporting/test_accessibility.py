"""The HTML report in a real Chromium: axe-core finds nothing, in either colour scheme, on a wide and a narrow screen.

The page runs in two frames of one document, as it is but for its policy (which would keep axe out) and with all that
can be opened open; what axe finds is written into the document, and Chromium prints that.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections import defaultdict
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting.html import to_html
from conformance.reporting.json_report import to_json

if TYPE_CHECKING:
    from conformance.judging.results import Results

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTHS = (1280, 390)
SCHEMES = {"dark": 0, "light": 1}
"""The numbers by which Chromium knows the colour schemes that a person can prefer."""
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
ALIKE = 2
"""So many rules of a verdict are shown: axe takes its time over every row, and the others look the same."""
RUNNER = """
addEventListener("load", async () => {
  for (const closed of document.querySelectorAll("details")) closed.open = true;
  const found = await axe.run();
  const told = {
    width: innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    passes: found.passes.map((rule) => rule.id),
    violations: found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)),
  };
  parent.document.querySelector("pre").append(JSON.stringify(told) + "\\n");
});
"""


@cache
def axe() -> str:
    """Read axe-core's script out of the distribution that carries it."""
    return Path(str(distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js"))).read_text()


def framed(page: str) -> str:
    """Put a page, with axe in it, into a frame of each width."""
    opened = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page, count=1)
    armed = opened.replace("</head>", f"<script>{axe()}</script><script>{RUNNER}</script></head>", 1)
    frames = (
        f'<iframe title="{width}" style="width: {width}px; height: 800px" srcdoc="{html.escape(armed)}"></iframe>'
        for width in WIDTHS
    )
    return f"<!doctype html><meta charset=utf-8><pre></pre>{''.join(frames)}"


def found_by_axe(page: str, scheme: str, folder: Path) -> list[dict[str, Any]]:
    """Run axe on a page; give what it tells for each width, the wide one first."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on the PATH")
    (folder / "framed.html").write_text(framed(page), "utf-8")
    flags = [f"--user-data-dir={folder / 'profile'}", f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"]
    done = subprocess.run(
        [CHROMIUM, *QUIET, *flags, "--virtual-time-budget=120000", "--dump-dom", f"file://{folder / 'framed.html'}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=150,
    )
    told = re.search("<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    lines = html.unescape(told[1]).splitlines() if told else []
    return sorted(map(json.loads, lines), key=lambda one: -one["width"])


def part_of(results: Results) -> str:
    """Render the page of a run, with a few rules of every verdict."""
    report = to_json(results)
    by_verdict: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rule in report["rules"]:
        by_verdict[rule["verdict"]].append(rule)
    return to_html(report | {"rules": [rule for rules in by_verdict.values() for rule in rules[:ALIKE]]})


@pytest.mark.parametrize(
    ("which", "scheme"),
    [
        ("mixed", "light"),
        pytest.param("mixed", "dark", marks=pytest.mark.slow),
        pytest.param("broken", "light", marks=pytest.mark.slow),
        pytest.param("broken", "dark", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(which: str, scheme: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """In a run with everything in it and in one against a target that lies, wide and narrow."""
    found = found_by_axe(part_of(request.getfixturevalue(which)), scheme, tmp_path)
    violations = [(one["width"], violation) for one in found for violation in one["violations"]]
    asked = [(one["width"], one["dark"], "color-contrast" in one["passes"]) for one in found]
    assert (violations, asked) == ([], [(width, scheme == "dark", True) for width in WIDTHS])


def test_axe_finds_what_is_wrong(tmp_path: Path) -> None:
    """An image without words and text that is too faint are found: the tests above can fail."""
    page = "<html lang=en><head><title>x</title></head><body><main><h1>Faint words</h1><img src=x></main></body></html>"
    found = found_by_axe(page.replace("<h1>", "<h1 style='color: #ccc; background: #fff'>"), "light", tmp_path)
    assert [sorted(text.partition(":")[0] for text in one["violations"]) for one in found] == [
        ["color-contrast", "image-alt"]
    ] * len(WIDTHS)
