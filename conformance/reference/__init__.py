"""An embedded implementation of the two documents, spec first and on its own: an independent witness for the suite."""

from conformance.reference.app import Reference
from conformance.reference.behaviour import HONEST, Behaviour
from conformance.reference.clock import Clock, StoppedClock
from conformance.reference.http import Door, Handler, Request, Response
from conformance.reference.keys import Keys
from conformance.reference.quota import Quota
from conformance.reference.serve import serve, serving

__all__ = [
    "HONEST",
    "Behaviour",
    "Clock",
    "Door",
    "Handler",
    "Keys",
    "Quota",
    "Reference",
    "Request",
    "Response",
    "StoppedClock",
    "serve",
    "serving",
]
