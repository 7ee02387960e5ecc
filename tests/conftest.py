"""Load pytest's own means of testing a plugin, which only a top-level conftest may do."""

pytest_plugins = ["pytester"]
