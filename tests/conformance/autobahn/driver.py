"""Runs the fuzzingclient or, with --serve, the fuzzingserver mode of the installed autobahntestsuite.

Used by suite.sh on Python 3 with the ported package. A server listens at the URL, for one client, and ends
when that asks for the reports.

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
from autobahn.twisted.websocket import listenWS
from autobahntestsuite import fuzzing
from twisted.internet import reactor
from twisted.python import log


def main():
    p = argparse.ArgumentParser()
    p.add_argument("url")
    p.add_argument("outdir")
    p.add_argument("--cases", default="*")
    p.add_argument("--exclude", default="")
    p.add_argument("--name", default="server", help="of whoever is tested, in the reports")
    p.add_argument("--serve", action="store_true")
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
        "url": args.url,
        "servers": [{"url": args.url, "agent": args.name}],
        "cases": [c for c in args.cases.split(",") if c],
        "exclude-cases": [c for c in args.exclude.split(",") if c],
        "exclude-agent-cases": {},
    }

    protocol = fuzzing.FuzzingServerProtocol if args.serve else fuzzing.FuzzingClientProtocol
    made, lost = protocol.connectionMade, protocol.connectionLost

    def connection_made(self):
        # A server knows its case only after the handshake.
        if args.seed is not None and not args.serve:
            random.seed(args.seed * 100000 + self.case)
        self._cap = None
        if args.case_seconds > 0:
            self._cap = reactor.callLater(args.case_seconds, cap, self)
        made(self)

    def connection_lost(self, reason):
        if self._cap is not None and self._cap.active():
            self._cap.cancel()
        lost(self, reason)
        # It is the last that a client asks for.
        if args.serve and getattr(self, "path", None) == "/updateReports":
            reactor.stop()

    def cap(self):
        state["capped"].append(self.factory.CaseSet.caseClasstoId(self.Case))
        self.transport.abortConnection()

    protocol.connectionMade = connection_made
    protocol.connectionLost = connection_lost

    # startClient() and startServer() of the package do the same, but keep no handle
    if args.serve:
        factory = fuzzing.FuzzingServerFactory(spec, False)
        listenWS(factory, interface="127.0.0.1")
    else:
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
