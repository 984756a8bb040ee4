"""Choosing among known sets of buildings: a linear programme for prices, an integer one for plans (HiGHS)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from haitang.planning.deadline import Deadline

from .cuts import Cut, hits
from .model import Column, Floats, Ints, Model

Entry = list[int]
SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown)


@dataclass(frozen=True, eq=False)
class Pool:
    """Known sets, what each adds to its steward's cost, and the cuts they count in."""

    columns: Sequence[Column]
    costs: Floats
    cuts: Sequence[Cut] = ()


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Fractions of sets (values), prices of buildings (B), charges of cuts; what it all costs, stewards without
    any set included; leaning: how far the box's edges were used.
    """

    values: Floats
    prices: Floats
    charges: Floats
    objective: float
    leaning: float


@dataclass(frozen=True, eq=False)
class Choice:
    """who (B) as rows, or None; bound: no plan made of these sets adds less."""

    who: Ints | None
    bound: float


def relax(model: Model, pool: Pool, box: tuple[Floats, Floats], deadline: Deadline) -> Relaxed | None:
    """Prices between the box's floor and ceiling (B each); None when out of time.

    Interior point without crossover: its prices lie amid the optimal face, which needs fewer rounds.
    """
    low, high = box
    spare = np.concatenate([np.minimum(high, model.left), -low])
    solver = _solver(model, pool, spare, deadline)
    for name, value in (("solver", "ipm"), ("run_crossover", "off"), ("ipm_optimality_tolerance", 1e-6)):
        must(solver.setOptionValue(name, value))
    must(solver.run())
    if solver.getModelStatus() not in SOLVED:
        return None
    solution = solver.getSolution()
    duals, values = np.array(solution.row_dual), np.array(solution.col_value)
    ends = model.buildings + model.nobody
    if not len(duals):
        return None
    over = values[len(pool.columns) :][: model.buildings][high < model.left].sum()
    under = values[len(pool.columns) + model.buildings :].sum()
    charges = np.maximum(-duals[ends:], 0.0)
    objective = solver.getInfo().objective_function_value + float(model.alone.sum())
    prices = duals[: model.buildings]
    return Relaxed(values[: len(pool.columns)], prices, charges, objective, float(over + under))


def choose(model: Model, pool: Pool, kept: Ints, deadline: Deadline) -> Choice:
    """The cheapest plan made of these sets, those in `kept` (positions) included."""
    solver = _solver(model, pool, model.left, deadline)
    count = len(pool.columns) + model.buildings
    whole = np.full(count, highspy.HighsVarType.kInteger)
    must(solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole))
    must(solver.changeColsBounds(len(kept), kept.astype(np.int32), np.ones(len(kept)), np.ones(len(kept))))
    for name, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-7)):
        must(solver.setOptionValue(name, value))
    must(solver.run())
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Choice(None, np.inf)
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Choice(None, info.mip_dual_bound)
    who = np.full(model.buildings, model.nobody, dtype=np.int64)
    for index in np.flatnonzero(np.array(solver.getSolution().col_value)[: len(pool.columns)] > 0.5).tolist():
        row, chosen = pool.columns[index]
        who[list(chosen)] = row
    return Choice(who, info.mip_dual_bound)


def must(status: highspy.HighsStatus) -> None:
    """RuntimeError for what HiGHS refuses."""
    # HiGHS reports a refusal by its return value alone and then "solves" nothing at cost 0.
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refused its input")


def _solver(model: Model, pool: Pool, spare: Floats, deadline: Deadline) -> highspy.Highs:
    """Rows: each building once, each steward at most once, each cut at most once.

    Columns: the sets; then one a building that fills its row (nobody has it); then, if `spare` has 2 B costs,
    one a building that empties its row again.
    """
    buildings, rows = model.buildings, model.buildings + model.nobody
    counted = hits(pool.cuts, pool.columns, buildings)
    entries: list[Entry] = [
        [*chosen, buildings + row, *(rows + cut for cut in cuts)]
        for (row, chosen), cuts in zip(pool.columns, counted, strict=True)
    ]
    entries += [[index % buildings] for index in range(len(spare))]
    signs = np.ones(sum(map(len, entries)))
    signs[len(signs) - len(spare) + buildings :] = -1.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(entries), rows + len(pool.cuts)
    lp.col_cost_ = np.concatenate([pool.costs, spare])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(entries)), np.full(len(entries), highspy.kHighsInf)
    free = np.full(lp.num_row_ - buildings, -highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = np.concatenate([np.ones(buildings), free]), np.ones(lp.num_row_)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, entries)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([row for entry in entries for row in entry], dtype=np.int32)
    lp.a_matrix_.value_ = signs
    solver = highspy.Highs()
    must(solver.setOptionValue("output_flag", False))
    must(solver.setOptionValue("time_limit", deadline.left))
    must(solver.passModel(lp))
    return solver
