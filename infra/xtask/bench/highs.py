"""Peer: HiGHS. The slot-indexed mixed-integer programme: a 0-1 variable for every request and slot it may be held in,
a row for every request, every party and slot that can be over-filled, every maximum, every minimum with its shortfall.

With `--relax` only the linear relaxation is solved: no prices can prove a bound below it, so it tells how far a
certificate could come down. That figure is floating point and is shown, never used as a bound of ours.
"""
import math

import highspy
import numpy

from market import Run

INFINITY = highspy.kHighsInf


class Rows:
    """Constraint rows lower <= sum of entries <= upper, gathered for HiGHS."""

    def __init__(self):
        self.start, self.index, self.entry, self.lower, self.upper = [0], [], [], [], []

    def add(self, columns, lower, upper):
        self.index += columns
        self.entry += [1.0] * len(columns)
        self.start.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)


def build(market):
    """The programme, and for every column of a cell its (request index, slot)."""
    cells = [(r, s) for r, request in enumerate(market.requests) for s in request.open]
    cost = [float(market.requests[r].value) for r, _ in cells]
    least = [1.0 if market.requests[r].fixed is not None else 0.0 for r, _ in cells]
    most = [1.0] * len(cells)
    columns_of = [[] for _ in market.requests]
    for column, (r, _) in enumerate(cells):
        columns_of[r].append(column)
    rows = Rows()
    for columns in columns_of:
        if len(columns) > 1:
            rows.add(columns, -INFINITY, 1.0)
    constant = 0
    for party, of_party in zip(market.parties, market.of_parties()):
        columns = [column for r in of_party for column in columns_of[r]]
        by_slot = [[] for _ in range(market.slots)]
        for column in columns:
            by_slot[cells[column][1]].append(column)
        for room, there in zip(party.capacity, by_slot):
            if len(there) > room:
                rows.add(there, -INFINITY, float(room))
        if len(of_party) > party.top:
            rows.add(columns, -INFINITY, float(party.top))
        if party.least > 0 and party.penalty > 0:
            rows.add([*columns, len(cost)], float(party.least), INFINITY)
            cost.append(-float(party.penalty))
            least.append(0.0)
            most.append(float(party.least))
    return programme(rows, cost, least, most, len(cells)), cells


def programme(rows, cost, least, most, integers):
    model = highspy.HighsModel()
    lp = model.lp_
    lp.num_col_, lp.num_row_ = len(cost), len(rows.lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = map(numpy.array, (cost, least, most))
    lp.row_lower_, lp.row_upper_ = numpy.array(rows.lower), numpy.array(rows.upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = numpy.array(rows.start), numpy.array(rows.index)
    lp.a_matrix_.value_ = numpy.array(rows.entry)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * integers + [kinds.kContinuous] * (len(cost) - integers)
    return model


def watch(solver, run):
    """Notes every value and bound HiGHS logs or finds."""

    def note(kind, message, out, into, data):
        value, bound = out.mip_primal_bound, out.mip_dual_bound
        run.improved(
            round(value) if abs(value) < INFINITY else None,
            math.floor(bound + 1e-6) if abs(bound) < INFINITY else None,
        )

    solver.setCallback(note, None)
    solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipLogging)
    solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)


def relax(run, model):
    model.lp_.integrality_ = []
    solver = quiet()
    solver.setOptionValue("solver", "ipm")
    # Without presolve nothing has to be undone, so the optimum comes with its own proof and keeps its status.
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("run_crossover", "off")
    solver.passModel(model)
    solver.setOptionValue("time_limit", run.left())
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        run.extra["relaxation"] = solver.getInfo().objective_function_value
    run.finish(None)


def quiet():
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


def main():
    run = Run(
        "Solves a market instance with HiGHS.",
        lambda parser: parser.add_argument("--relax", action="store_true", help="the linear relaxation only"),
    )
    model, cells = build(run.market)
    run.extra["model"] = run.elapsed()
    if run.options.relax:
        return relax(run, model)
    solver = quiet()
    solver.passModel(model)
    solver.setOptionValue("time_limit", run.left())
    solver.setOptionValue("mip_rel_gap", 0.0)
    watch(solver, run)
    solver.run()
    info = solver.getInfo()
    if abs(info.mip_dual_bound) < INFINITY:
        run.improved(bound=math.floor(info.mip_dual_bound + 1e-6))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return run.finish(None)
    solution = solver.getSolution().col_value
    placed = [cell for cell, x in zip(cells, solution) if x > 0.5]
    run.improved(run.market.value(placed))
    return run.finish(placed)


main()
