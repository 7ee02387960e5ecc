"""A request is for the operation whose path it has, whatever the paths of a spec look like."""

from __future__ import annotations

import time

import pytest

from conformance.openapi.document.operations import Operation
from conformance.openapi.document.routes import Routes


def routes(*paths: str) -> Routes:
    """Make routes of the GETs on these paths."""
    return Routes(Operation("GET", path, path, {}, {}, {}) for path in paths)


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("/a/{}", "/a/b", True),
        ("/a/{}", "/a/b/c", False),
        ("/a/{}", "/a/", False),
        ("/{}/b/{}", "/a/b/c", True),
        ("/{}/b/{}", "/a/c/b", False),
        ("/{}.{}", "/a.b.c", True),
        ("/{}-x", "/a-x-x", True),
        ("/{}ab{}b", "/1ab2abb", True),
        ("/{}a{}/b", "/cada/b", True),
        ("/{}{}", "/ab", True),
    ],
)
def test_a_parameter_stands_for_anything_within_its_segment(path: str, asked: str, *, expected: bool) -> None:
    """And for one character at least."""
    assert (routes(path).find("GET", asked) is not None) is expected


def test_the_operation_that_says_most_of_the_path_is_meant() -> None:
    """Whatever the order in the spec."""
    found = routes("/a/{}", "/a/b").find("GET", "/a/b")
    assert found is not None
    assert found.path == "/a/b"


@pytest.mark.parametrize("path", ["/" + "{}" * 30 + "x", "/" + "{}a" * 30 + "x"])
def test_many_parameters_in_a_segment_take_no_time(path: str) -> None:
    """They could be told apart in more ways than there is time."""
    began = time.perf_counter()
    assert routes(path).find("GET", "/" + "a" * 200) is None
    assert time.perf_counter() - began < 1
