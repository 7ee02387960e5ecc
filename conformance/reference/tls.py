"""Serving over https with an authority of one's own, which nobody trusts but who is given its certificate."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import trustme


@dataclass(frozen=True)
class Identity:
    """What a server shows to its clients, and the certificate (PEM) of the authority that vouches for it."""

    context: ssl.SSLContext
    authority: str


def thrown_away(host: str) -> Identity:
    """Make an authority that vouches for one host and for nothing else; its key is kept nowhere."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(context)
    return Identity(context, authority.cert_pem.bytes().decode("ascii"))
