"""The generator of clients in a process of its own: `python -m conformance.openapi.audit.generator DIRECTORY`.

It reads DIRECTORY/openapi.json, writes the client beside it, imports every module of it, and prints as one line of
JSON what came of that: `errors` and `warnings` of the generator, `modules` imported, and `broken`, what kept one of
them from being imported.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

NAME = "generated_client"
NICENESS = 5
SECONDS = 30
"""Of the processor's time; an ordinary spec takes a few, and a hostile one all that there are."""


def main() -> None:
    """Generate and import, and say what came of it."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)  # whoever waits for answers of the target comes first
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415  # not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    directory = Path(sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):
        told = _generated(directory)
        if not told["errors"]:
            told |= _imported(directory)
    sys.stdout.write(json.dumps(told) + "\n")


def _generated(directory: Path) -> dict[str, Any]:
    from openapi_python_client import generate  # noqa: PLC0415  # slow to import, and needed in this process only
    from openapi_python_client.config import Config, ConfigFile, MetaType  # noqa: PLC0415

    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        MetaType.NONE,
        document_source=directory / "openapi.json",
        file_encoding="utf-8",
        overwrite=True,
        output_path=directory / NAME,
    )
    told: dict[str, list[str]] = {"ERROR": [], "WARNING": []}
    for problem in generate(config=config):
        told[problem.level.value].append(" ".join(filter(None, (problem.header.strip(), problem.detail))))
    return {"errors": told["ERROR"], "warnings": told["WARNING"]}


def _imported(directory: Path) -> dict[str, Any]:
    """Import the package and all modules in it."""
    sys.path.insert(0, str(directory))
    modules = 0
    try:
        package = importlib.import_module(NAME)
        for module in pkgutil.walk_packages(package.__path__, f"{NAME}."):
            importlib.import_module(module.name)
            modules += 1
    except Exception as problem:  # noqa: BLE001  # whatever generated code may raise
        return {"modules": modules, "broken": f"{type(problem).__name__}: {problem}"}
    return {"modules": modules, "broken": ""}


if __name__ == "__main__":
    main()
