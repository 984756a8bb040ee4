"""The same question with a yes or no per steward and building, for stewards who have many buildings each (HiGHS).

Sets of more than a few buildings are too many to price well, while a load of many small parts can be split as
evenly as its relaxation believes: there this weaker model is the stronger one.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array

from haitang.planning.deadline import Deadline

from .master import Choice, must
from .model import Floats, Ints, Model

FEW = 4  # buildings per steward on average up to which sets do better
SIZE = 60_000  # pairs of steward and building up to which this is of use


def suits(model: Model) -> bool:
    load = min(float(model.room[:-1].mean()), model.buildings / model.nobody)
    return load > FEW and model.nobody * model.buildings <= SIZE


def choose(model: Model, start: Ints, deadline: Deadline) -> Choice:
    """From a plan (B) to a better one, and a bound on the value of any, both as good as the time allows."""
    solver = _solver(model, deadline)
    known = highspy.HighsSolution()
    seats = start == np.arange(model.nobody + 1)[:, None]
    distance = np.abs(model.loads(start)[:-1] - model.mean)
    known.col_value = np.concatenate([seats.ravel().astype(np.float64), distance]).tolist()
    must(solver.setSolution(known))
    must(solver.run())
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Choice(None, info.mip_dual_bound)
    values = np.array(solver.getSolution().col_value[: seats.size])
    return Choice(values.reshape(seats.shape).argmax(axis=0), info.mip_dual_bound)


def _solver(model: Model, deadline: Deadline) -> highspy.Highs:
    """Columns: a seat for each row of the model and building, then each steward's distance from the mean."""
    stewards, seats = model.nobody, (model.nobody + 1) * model.buildings
    matrix, low, high = _rows(model)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate([model.cost.ravel(), model.weight[:-1]])
    lp.col_lower_ = np.zeros(seats + stewards)
    lp.col_upper_ = np.concatenate([np.ones(seats), np.full(stewards, highspy.kHighsInf)])
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    must(solver.setOptionValue("output_flag", False))
    must(solver.setOptionValue("time_limit", deadline.left))
    must(solver.setOptionValue("mip_rel_gap", 0.0))
    # Presolve of HiGHS 1.14.0 calls wrong plans optimal where whole and broken numbers meet in a row
    # (singleton column stuffing, github.com/ERGO-Code/HiGHS/issues/3043). It reduces nothing here anyway.
    must(solver.setOptionValue("presolve", "off"))
    must(solver.passModel(lp))
    whole = np.full(seats, highspy.HighsVarType.kInteger)
    must(solver.changeColsIntegrality(seats, np.arange(seats, dtype=np.int32), whole))
    return solver


def _rows(model: Model) -> tuple[csc_array, Floats, Floats]:
    """Each building once; each steward's room; each distance from the mean no less than above and below it."""
    stewards, buildings = model.nobody, model.buildings
    pairs, seats = stewards * buildings, (stewards + 1) * buildings
    every, mine = np.arange(seats), np.arange(pairs)
    steward, distance = mine // buildings, seats + np.arange(stewards)
    count, above, below = (buildings + part * stewards for part in range(3))
    load = np.tile(model.households, stewards)
    entries = (
        (every % buildings, every, np.ones(seats)),
        (count + steward, mine, np.ones(pairs)),
        (above + steward, mine, load),
        (below + steward, mine, load),
        (above + np.arange(stewards), distance, -np.ones(stewards)),
        (below + np.arange(stewards), distance, np.ones(stewards)),
    )
    line, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    shape = (buildings + 3 * stewards, seats + stewards)
    infinite, off = np.full(stewards, highspy.kHighsInf), model.mean - model.base[:-1]
    low = np.concatenate([np.ones(buildings), -infinite, -infinite, off])
    high = np.concatenate([np.ones(buildings), model.room[:-1], off, infinite])
    return csc_array((value.astype(np.float64), (line, column)), shape=shape), low, high
