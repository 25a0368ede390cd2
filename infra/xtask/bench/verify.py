"""Recomputes a timetable's feasibility, value, breaks and dashes from its instance, for solvers that cannot be trusted
to do so themselves. Only the standard library, and no code of any solver.

usage: verify.py INSTANCE TIMETABLE      prints one JSON object; {"wrong": "..."} names the first thing that is wrong
"""
import json
import sys


class Wrong(Exception):
    pass


def check(instance, timetable):
    parties = {party["id"]: party for party in instance["parties"]}
    requests = {request["id"]: request for request in instance["requests"]}
    meetings = {name: {} for name in parties}
    held = {}
    for name, slot in timetable["placed"]:
        if name not in requests:
            raise Wrong(f"there is no request {name}")
        if name in held:
            raise Wrong(f"request {name} is held twice")
        held[name] = slot
        request = requests[name]
        if not 0 <= slot < instance["slots"] or slot not in request.get("slots", [slot]):
            raise Wrong(f"request {name} may not be held in slot {slot}")
        for party in request["parties"]:
            meetings[party].setdefault(slot, []).append(request)
    for name, request in requests.items():
        if request.get("fixed") is not None and held.get(name) != request["fixed"]:
            raise Wrong(f"request {name} is promised in slot {request['fixed']}")
    value = sum(requests[name]["value"] for name in held)
    for name, party in parties.items():
        value -= shortfall(name, party, meetings[name])
    if value != timetable["value"]:
        raise Wrong(f"the value is {value}, claimed {timetable['value']}")
    ends = [*instance.get("days", [0])[1:], instance["slots"]]
    days = list(zip(instance.get("days", [0]), ends))
    breaks = sum(count_breaks(meetings[name], days) for name, party in parties.items() if party.get("compact"))
    walkers = (n for n, p in parties.items() if p.get("zone") is None and max(p["capacity"], default=0) == 1)
    dashes = sum(count_dashes(meetings[name], days, parties) for name in walkers)
    return {"placed": len(held), "requests": len(requests), "value": value, "breaks": breaks, "dashes": dashes}


def shortfall(name, party, meetings):
    """The penalty of a party that has too few meetings; too many are wrong."""
    for slot, there in meetings.items():
        if len(there) > party["capacity"][slot]:
            raise Wrong(f"{name} has {len(there)} meetings in slot {slot}, room for {party['capacity'][slot]}")
    count = sum(map(len, meetings.values()))
    if count > party.get("max", count):
        raise Wrong(f"{name} has {count} meetings, at most {party['max']}")
    return party.get("min_penalty", 0) * max(0, party.get("min", 0) - count)


def count_breaks(meetings, days):
    starts = 0
    for first, end in days:
        busy = [slot in meetings for slot in range(first, end)]
        runs = sum(now and not before for before, now in zip([False, *busy], busy))
        starts += max(0, runs - 1)
    return starts


def count_dashes(meetings, days, parties):
    def zone(slot):
        there = {parties[name].get("zone") for request in meetings.get(slot, []) for name in request["parties"]}
        there.discard(None)
        return there.pop() if len(there) == 1 else None

    dashes = 0
    for first, end in days:
        zones = [zone(slot) for slot in range(first, end)]
        dashes += sum(None not in pair and pair[0] != pair[1] for pair in zip(zones, zones[1:]))
    return dashes


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    files = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            files.append(json.load(file))
    try:
        print(json.dumps(check(*files)))
    except Wrong as wrong:
        print(json.dumps({"wrong": str(wrong)}))


main()
