"""The timetable of one route, and what a change of its beginning does to the rest of it."""

from __future__ import annotations

import math

from haitang.planning.compiled import lean

from .town import Plan, Town

State = tuple[int, int, int, int]  # place, and when a vehicle arrived there, begins boarding, and leaves


@lean
def step(town: Town, node: int, place: int, arrive: int, begin: int, leave: int) -> State:
    """The state after serving a node; nodes in a row at one place are one stop, which begins when all are ready."""
    parts = len(town.people)
    part = node if node < parts else node - parts
    there = town.place[node]
    if there != place:
        arrive = leave + town.drive[place, there]
        begin = arrive
        leave = arrive
    if node < parts and begin < town.ready[part]:
        leave += town.ready[part] - begin
        begin = town.ready[part]
    return there, arrive, begin, leave + town.service[part]


@lean
def before(town: Town, plan: Plan, vehicle: int, position: int) -> State:
    """The state just before the node at a position."""
    if position == 0:
        opens = town.opens[vehicle]
        return town.depot[vehicle], opens, opens, opens
    last = position - 1
    place = town.place[plan.nodes[vehicle, last]]
    return place, plan.arrive[vehicle, last], plan.begin[vehicle, last], plan.leave[vehicle, last]


@lean
def lateness(town: Town, part: int, arrive: int) -> float:
    """What it costs that a part arrives then."""
    over = arrive - town.due[part]
    return over * town.people[part] * town.late if over > 0 else 0.0


@lean
def follow(town: Town, plan: Plan, vehicle: int) -> bool:
    """Work out a route's timetable, loads and value; False if it breaks a rule."""
    parts, length = len(town.people), plan.length[vehicle]
    plan.value[vehicle] = 0.0
    if length == 0:
        return True
    place, arrive, begin, leave = before(town, plan, vehicle, 0)
    value, load, fine = town.vehicle, 0, True
    for position in range(length):
        node, here = plan.nodes[vehicle, position], place
        place, arrive, begin, leave = step(town, node, place, arrive, begin, leave)
        value += town.cost[here, place]
        if node < parts:
            load += town.people[node]
            fine = fine and load <= town.seats[vehicle]
            value += town.extra[node, vehicle]
        else:
            part = node - parts
            load -= town.people[part]
            value += lateness(town, part, arrive) + (town.trip if load == 0 else 0.0)
            fine = fine and arrive - plan.leave[vehicle, plan.at[part]] <= town.ride
        note(plan, vehicle, position, node, arrive, begin, leave, load)
    value += town.cost[place, town.depot[vehicle]]
    plan.value[vehicle] = value
    spare = town.closes[vehicle] - leave - town.drive[place, town.depot[vehicle]]
    measure_room(town, plan, vehicle, spare)
    return fine and spare >= 0


@lean
def note(
    plan: Plan, vehicle: int, position: int, node: int, arrive: int, begin: int, leave: int, load: int
) -> None:
    plan.at[node] = position
    plan.arrive[vehicle, position] = arrive
    plan.begin[vehicle, position] = begin
    plan.leave[vehicle, position] = leave
    plan.load[vehicle, position] = load


@lean
def measure_room(town: Town, plan: Plan, vehicle: int, spare: int) -> None:
    """Backwards through the route: the delay at each position that waiting takes up or that harms nobody."""
    parts, room = len(town.people), spare
    for position in range(plan.length[vehicle] - 1, -1, -1):
        plan.room[vehicle, position] = room
        node, arrive = plan.nodes[vehicle, position], plan.arrive[vehicle, position]
        if node < parts:
            room += plan.begin[vehicle, position] - arrive
            # Within one stop the wait is that of the stop, and counts once.
            if position > 0 and town.place[plan.nodes[vehicle, position - 1]] == town.place[node]:
                room = plan.room[vehicle, position]
        else:
            part = node - parts
            ridden = arrive - plan.leave[vehicle, plan.at[part]]
            room = min(room, max(0, int(town.due[part] - arrive)), town.ride - ridden)


@lean
def push(
    town: Town,
    plan: Plan,
    vehicle: int,
    first: int,
    position: int,
    state: State,
    most: float,
) -> float:
    """What the rest of the route from a position costs more if it is reached in that state; inf if above most.

    first: from where on the route differs, so that `plan.clock` and not the timetable says when parts left.
    """
    parts, more = len(town.people), 0.0
    place, arrive, begin, leave = state
    for later in range(position, plan.length[vehicle]):
        node = plan.nodes[vehicle, later]
        place, arrive, begin, leave = step(town, node, place, arrive, begin, leave)
        if node < parts:
            plan.clock[node] = leave
        else:
            part = node - parts
            if arrive - left_at(plan, vehicle, part, first) > town.ride:
                return math.inf
            more += lateness(town, part, arrive) - lateness(town, part, plan.arrive[vehicle, later])
            if more >= most:
                return math.inf
        # Where the next node belongs to the same stop, its beginning counts as well, not only when it ends.
        goes_on = later + 1 < plan.length[vehicle] and town.place[plan.nodes[vehicle, later + 1]] == place
        if not goes_on and leave - plan.leave[vehicle, later] <= plan.room[vehicle, later]:
            return more
    is_home = leave + town.drive[place, town.depot[vehicle]] <= town.closes[vehicle]
    return more if is_home else math.inf


@lean
def left_at(plan: Plan, vehicle: int, part: int, first: int) -> int:
    position = plan.at[part]
    return int(plan.clock[part] if position >= first else plan.leave[vehicle, position])
