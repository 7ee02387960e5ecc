"""`python -m conformance.reference`: serve over https on a free loopback port until standard input closes.

One line of JSON says where, with which keys, and whom to trust: {"url": ..., "keys": {...}, "authority": PEM}. Whoever
started it holds the other end of standard input, so it ends with that process, however that process ends.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict

from conformance.reference import Quota, Reference, serving
from conformance.reference.tls import thrown_away

HOST = "127.0.0.1"
QUICKLY_SPENT = Quota(10, 2)
"""A run spends it and waits it out, so it is of short windows."""


def main() -> None:
    """Serve until standard input closes. Ctrl-C is for the one who started it, and who may still clean up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reference = Reference(control=True, small_quota=QUICKLY_SPENT, secure=True)
    identity = thrown_away(HOST)
    try:
        with serving(reference, HOST, identity=identity) as url:
            told = {"url": url, "keys": asdict(reference.keys), "authority": identity.authority}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
            sys.stdin.read()
    finally:
        reference.close()


if __name__ == "__main__":
    main()
