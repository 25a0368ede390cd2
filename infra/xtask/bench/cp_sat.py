"""Peer: OR-Tools CP-SAT. A boolean for every request and slot it may be held in, clauses wherever a capacity is 1, and
implied constraints (each party's total, each slot's total), as the literature on meeting timetables recommends.
"""
import math

from ortools.sat.python import cp_model

from market import Run

WORKERS = 2


class Watcher(cp_model.CpSolverSolutionCallback):
    def __init__(self, run):
        super().__init__()
        self.run = run

    def on_solution_callback(self):
        self.run.improved(round(self.objective_value), math.floor(self.best_objective_bound + 1e-6))


def build(market):
    model = cp_model.CpModel()
    cell = [{s: model.new_bool_var("") for s in request.open} for request in market.requests]
    held = [model.new_bool_var("") for _ in market.requests]
    for request, cells, is_held in zip(market.requests, cell, held):
        model.add_exactly_one([*cells.values(), ~is_held])
        if request.fixed is not None:
            model.add_bool_or([is_held])
    objective = [request.value * is_held for request, is_held in zip(market.requests, held)]
    of_parties = market.of_parties()
    for party, of_party in zip(market.parties, of_parties):
        objective += add_party(model, market, party, of_party, cell, held)
    add_slot_totals(model, market, cell)
    model.maximize(cp_model.LinearExpr.sum(objective))
    return model, cell


def add_party(model, market, party, of_party, cell, held):
    """The party's capacities, maximum and minimum; returns its terms of the objective."""
    for s in range(market.slots):
        there = [cell[r][s] for r in of_party if s in cell[r]]
        room = party.capacity[s]
        if len(there) <= room:
            continue
        if room == 1:
            model.add_at_most_one(there)
        else:
            model.add(cp_model.LinearExpr.sum(there) <= room)
    total = cp_model.LinearExpr.sum([held[r] for r in of_party])
    if len(of_party) > party.top:
        model.add(total <= party.top)
    if party.least == 0 or party.penalty == 0:
        return []
    short = model.new_int_var(0, party.least, "")
    model.add(total + short >= party.least)
    return [-party.penalty * short]


def add_slot_totals(model, market, cell):
    """Implied: where every request has exactly one party of a group, a slot holds no more than the group's room."""
    groups = [
        {p for p, party in enumerate(market.parties) if party.zone is not None},
        {p for p, party in enumerate(market.parties) if party.zone is None and max(party.capacity, default=0) == 1},
    ]
    for group in groups:
        sizes = {len(group.intersection(request.parties)) for request in market.requests}
        if len(sizes) != 1 or 0 in sizes:
            continue
        members = sizes.pop()
        for s in range(market.slots):
            there = [cells[s] for cells in cell if s in cells]
            room = sum(market.parties[p].capacity[s] for p in group) // members
            if len(there) > room:
                model.add(cp_model.LinearExpr.sum(there) <= room)


def main():
    run = Run("Solves a market instance with OR-Tools CP-SAT.")
    model, cell = build(run.market)
    run.extra["model"] = run.elapsed()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = run.left()
    solver.best_bound_callback = lambda bound: run.improved(bound=math.floor(bound + 1e-6))
    status = solver.solve(model, Watcher(run))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return run.finish(None)
    run.improved(round(solver.objective_value), math.floor(solver.best_objective_bound + 1e-6))
    placed = [(r, s) for r, cells in enumerate(cell) for s, x in cells.items() if solver.boolean_value(x)]
    return run.finish(placed)


main()
