"""Load the plugin also where the package is not installed; its entry point has the same name, so it loads once."""

pytest_plugins = ["conformance.plugin"]
