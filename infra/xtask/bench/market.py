"""What the peers share: reading an instance, the cells a request may be held in, and writing a timetable and a report.

The format is `market-instance/1`. The clock starts when the instance has been read; a report says how long reading,
solving (with building the model) and writing took, and every improvement as [seconds, value, bound].
"""
import argparse
import json
import os
import threading
import time

# A solver that does not keep its time limit is ended so many seconds later; what it had found by then counts.
GRACE = 5.0


class Party:
    def __init__(self, record):
        self.id = record["id"]
        self.capacity = record["capacity"]
        self.zone = record.get("zone")
        self.total = sum(self.capacity)
        self.top = min(self.total, record.get("max", self.total))
        self.least = record.get("min", 0)
        self.penalty = record.get("min_penalty", 0)


class Request:
    def __init__(self, record, index, parties, slots):
        self.id = record["id"]
        self.parties = [index[party] for party in record["parties"]]
        self.value = record["value"]
        self.fixed = record.get("fixed")
        allowed = record.get("slots", range(slots)) if self.fixed is None else [self.fixed]
        self.open = [s for s in sorted(set(allowed)) if all(parties[p].capacity[s] > 0 for p in self.parties)]


class Market:
    def __init__(self, text):
        record = json.loads(text)
        self.name = record["name"]
        self.slots = record["slots"]
        self.parties = [Party(party) for party in record["parties"]]
        index = {party.id: p for p, party in enumerate(self.parties)}
        self.requests = [Request(r, index, self.parties, self.slots) for r in record["requests"]]

    def of_parties(self):
        """By party: the indices of its requests."""
        lists = [[] for _ in self.parties]
        for r, request in enumerate(self.requests):
            for p in request.parties:
                lists[p].append(r)
        return lists

    def value(self, placed):
        """What these (request index, slot) are worth."""
        count = [0] * len(self.parties)
        worth = 0
        for r, _ in placed:
            worth += self.requests[r].value
            for p in self.requests[r].parties:
                count[p] += 1
        return worth - sum(party.penalty * max(0, party.least - n) for party, n in zip(self.parties, count))


class Run:
    """One run of a peer, from the command line to its report."""

    def __init__(self, what, add=None):
        parser = argparse.ArgumentParser(description=what)
        parser.add_argument("instance")
        parser.add_argument("timetable")
        parser.add_argument("--seconds", type=float, default=10.0)
        parser.add_argument("--report", help="write times and every improvement as JSON")
        if add is not None:
            add(parser)
        self.options = parser.parse_args()
        before = time.perf_counter()
        with open(self.options.instance, encoding="utf-8") as file:
            self.market = Market(file.read())
        self.start = time.perf_counter()
        self.read = self.start - before
        self.trace = []
        self.extra = {}
        self.value = self.bound = None
        watchdog = threading.Timer(self.options.seconds + GRACE, self.give_up)
        watchdog.daemon = True
        watchdog.start()

    def give_up(self):
        """The solver does not stop: reports what is known, without a timetable, and ends the process."""
        self.extra["stopped"] = True
        self.finish(None)
        os._exit(0)

    def elapsed(self):
        return time.perf_counter() - self.start

    def left(self):
        return max(0.1, self.options.seconds - self.elapsed())

    def improved(self, value=None, bound=None):
        """Notes a better value or bound; both are whole numbers, as every true value is."""
        better = False
        if value is not None and (self.value is None or value > self.value):
            self.value, better = value, True
        if bound is not None and (self.bound is None or bound < self.bound):
            self.bound, better = bound, True
        if better:
            self.trace.append([round(self.elapsed(), 6), self.value, self.bound])

    def finish(self, placed):
        """Writes the timetable, if there is one, and the report."""
        solve = self.elapsed()
        if placed is not None:
            rows = [[self.market.requests[r].id, s] for r, s in placed]
            timetable = {"instance": self.market.name, "placed": rows, "value": self.market.value(placed)}
            with open(self.options.timetable, "w", encoding="utf-8") as file:
                json.dump(timetable, file)
        write = self.elapsed() - solve
        if self.options.report:
            report = {"read": self.read, "solve": solve, "write": write, "trace": self.trace, **self.extra}
            with open(self.options.report, "w", encoding="utf-8") as file:
                json.dump(report, file)
        print(f"{self.market.name}: value {self.value}, bound {self.bound} in {solve:.3f} s", flush=True)
