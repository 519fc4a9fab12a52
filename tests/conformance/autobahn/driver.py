"""Runs the fuzzingclient mode of the installed autobahntestsuite.

Used by suite.sh on Python 3 with the ported package.

It only drives the package's own factory, and adds what the command line tool
lacks: a bound on the time, and a record of every exception raised inside the
reactor (the tool swallows them, and a case lost that way is not reported).
"""
import argparse
import json
import os
import random
import sys
import traceback

import autobahntestsuite.choosereactor  # noqa: F401  must come first
from autobahntestsuite import fuzzing
from twisted.internet import reactor
from twisted.python import log


def main():
    p = argparse.ArgumentParser()
    p.add_argument("url")
    p.add_argument("outdir")
    p.add_argument("--cases", default="*")
    p.add_argument("--exclude", default="")
    p.add_argument("--name", default="server")
    p.add_argument("--max-seconds", type=float, default=3600)
    p.add_argument("--case-seconds", type=float, default=0)
    p.add_argument("--seed", type=int, default=None,
                   help="make frame masks repeatable (seeded anew for every case)")
    args = p.parse_args()

    state = {"timed_out": False, "capped": []}
    errors = []

    def observe(event):
        if event.get("isError"):
            failure = event.get("failure")
            errors.append(failure.getTraceback() if failure else repr(event.get("message")))

    log.addObserver(observe)

    spec = {
        "outdir": args.outdir,
        "servers": [{"url": args.url, "agent": args.name}],
        "cases": [c for c in args.cases.split(",") if c],
        "exclude-cases": [c for c in args.exclude.split(",") if c],
        "exclude-agent-cases": {},
    }

    protocol = fuzzing.FuzzingClientProtocol
    made, lost = protocol.connectionMade, protocol.connectionLost

    def connection_made(self):
        if args.seed is not None:
            random.seed(args.seed * 100000 + self.case)
        self._cap = None
        if args.case_seconds > 0:
            self._cap = reactor.callLater(args.case_seconds, cap, self)
        made(self)

    def connection_lost(self, reason):
        if self._cap is not None and self._cap.active():
            self._cap.cancel()
        lost(self, reason)

    def cap(self):
        state["capped"].append(self.factory.currentCaseId)
        self.transport.abortConnection()

    protocol.connectionMade = connection_made
    protocol.connectionLost = connection_lost

    # startClient() of the package does the same, but keeps no handle
    factory = fuzzing.FuzzingClientFactory(spec, False)

    def expire():
        state["timed_out"] = True
        try:
            factory.createReports()
        except Exception:
            errors.append(traceback.format_exc())
        reactor.stop()

    reactor.callLater(args.max_seconds, expire)
    reactor.run()

    if not os.path.isdir(args.outdir):
        os.makedirs(args.outdir)
    with open(os.path.join(args.outdir, "run.json"), "w") as f:
        json.dump({"cases": factory.specCases, "name": args.name,
                   "timed_out": state["timed_out"], "capped": state["capped"],
                   "harness_errors": errors}, f, indent=1)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
