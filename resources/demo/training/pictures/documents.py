"""Forms with fields, and signposts."""

import random

from pictures.canvas import BOARD, BROWN, CELL, COLOURS, GREY, SIDES, TITLES, Ask, Picture, blank
from world import lexicon as lex
from world.text import others


def _values(rng: random.Random) -> dict[str, tuple[str, str, tuple]]:
    """Field -> (what stands there, question, other values)."""
    name, town = rng.choice(lex.PEOPLE).name, rng.choice(lex.TOWNS).name
    item, day, cost = rng.choice(lex.GOODS), rng.choice(lex.DAYS), str(rng.randint(1, 50))
    return {
        "name": (name, "What is the name on the paper?", tuple(others(rng, [p.name for p in lex.PEOPLE], name, 4))),
        "town": (town, "Which town is on the paper?", tuple(others(rng, [t.name for t in lex.TOWNS], town, 4))),
        "item": (item, "Which item is on the paper?", tuple(others(rng, lex.GOODS, item, 4))),
        "day": (day, "Which day is on the paper?", tuple(others(rng, lex.DAYS, day, 4))),
        "cost": (cost, "What is the cost?", tuple(others(rng, range(1, 51), cost, 4))),
    }


def form(rng: random.Random) -> Picture:
    """A tall page with a title, three to five fields and sometimes a seal."""
    values, title = _values(rng), rng.choice(TITLES)
    fields = rng.sample(sorted(values), rng.randint(3, 5))
    sealed = len(fields) < 5 and rng.random() < 0.5
    canvas = blank(rng, 4, 8)
    canvas.write(0, 0, title)
    canvas.box(CELL, 8, 3, 4 * CELL - 16, GREY)
    for row, name in enumerate(fields, 1):
        canvas.write(row, 0, name)
        canvas.write(row, 1, values[name][0])
        canvas.box((row + 1) * CELL - 8, CELL + 4, 2, 3 * CELL - 12, GREY)
    asks = [Ask("field", values[name][1], values[name][0], values[name][2], f"Is the {name} on the paper {{}}?") for name in fields]
    asks.append(Ask("title", "What kind of paper is it?", title, tuple(t for t in TITLES if t != title), "Is the paper headed {}?"))
    if sealed:
        colour = rng.choice(COLOURS)
        canvas.shape(6, 2, "circle", colour)
        asks.append(Ask("seal", "Which colour is the seal?", colour, tuple(c for c in COLOURS if c != colour), "Is the seal {}?"))
    facts = ", ".join(f"{name} {values[name][0]}" for name in fields)
    return Picture("form", canvas, f"form {title} {facts}", f"A paper headed {title}: {facts}.", asks)


def sign(rng: random.Random) -> Picture:
    """A signpost with two or three boards: a town, the miles to it and an arrow."""
    towns = [town.name for town in rng.sample(lex.TOWNS, rng.choice((2, 3, 3)))]
    sides, miles = [rng.choice(SIDES) for _ in towns], rng.sample(range(1, 20), len(towns))
    canvas = blank(rng)
    canvas.box(0, 4 * CELL - 12, 4 * CELL, 24, BROWN)
    for row, (town, side, distance) in enumerate(zip(towns, sides, miles)):
        canvas.box(row * CELL + 6, 2 * CELL + 28, CELL - 12, 3 * CELL + 28, BOARD)
        canvas.write(row, 3, town)
        canvas.write(row, 4, str(distance))
        canvas.arrow(row, 5, side)
        canvas.say(row, 5, side)
    asks = []
    for town, side, distance in zip(towns, sides, miles):
        asks.append(Ask("distance", f"How many miles is it to {town}?", str(distance), tuple(others(rng, range(1, 20), distance, 9)),
                        f"Is the number of miles to {town} {{}}?"))
        asks.append(Ask("position", f"On which side lies {town}?", side, tuple(s for s in SIDES if s != side), f"Does {town} lie on the {{}}?"))
    nearest = towns[miles.index(min(miles))]
    missing = tuple(others(rng, {t.name for t in lex.TOWNS} - set(towns), "", 6))
    asks.append(Ask("nearest", "Which town is the nearest?", nearest, (*(t for t in towns if t != nearest), *missing), "Is the nearest town {}?"))
    asks.append(Ask("existence", "Which town is on the sign?", rng.choice(towns), missing, "Does the sign show {}?"))
    facts = ", ".join(f"{town} {distance} miles to the {side}" for town, side, distance in zip(towns, sides, miles))
    return Picture("sign", canvas, f"sign {facts}", f"A signpost: {facts}.", asks)
