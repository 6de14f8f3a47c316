"""Forms with fields, and signposts."""

import random

from pictures.canvas import CELL, DAYS_SHORT, RGB, Ask, Picture, blank
from world import lexicon as lex
from world.text import others

TITLES = ("ORDER", "TICKET", "LETTER", "BILL")


def _values(rng: random.Random) -> dict[str, tuple[str, str, str, tuple]]:
    """Field -> (as written, as answered, question, other values)."""
    name, town = rng.choice(lex.PEOPLE).name, rng.choice(lex.TOWNS).name
    item, day, cost = rng.choice(lex.GOODS), rng.choice(lex.DAYS), str(rng.randint(1, 60))
    return {
        "NAME": (name.upper(), name, "What is the name on the paper?", tuple(others(rng, [p.name for p in lex.PEOPLE], name, 4))),
        "TOWN": (town.upper(), town, "Which town is on the paper?", tuple(others(rng, [t.name for t in lex.TOWNS], town, 4))),
        "ITEM": (item.upper(), item, "Which item is on the paper?", tuple(others(rng, lex.GOODS, item, 4))),
        "DAY": (DAYS_SHORT[day], day, "Which day is on the paper?", tuple(others(rng, lex.DAYS, day, 4))),
        "COST": (cost, cost, "What is the cost?", tuple(others(rng, range(1, 61), cost, 4))),
    }


def form(rng: random.Random) -> Picture:
    """A title and three to five fields; one in five is a full page of two by two tiles with a seal."""
    values, title = _values(rng), rng.choice(TITLES)
    fields = rng.sample(sorted(values), rng.randint(3, 5))
    page = rng.random() < 0.2
    canvas = blank(rng, 16, 16 if page else 8)
    canvas.write(0, 0, title)
    canvas.box(CELL + 6, 0, 2, 16 * CELL, RGB["grey"])
    for index, name in enumerate(fields):
        row = 2 + index * (2 if page else 1)
        canvas.write(row, 1, name)
        canvas.write(row, 5, ":")
        canvas.write(row, 8, values[name][0])
    asks = [Ask("field", values[name][2], values[name][1], values[name][3], f"Does the paper say {{}} as {name.lower()}?")
            for name in fields]
    asks.append(Ask("title", "What kind of paper is it?", title.lower(), tuple(t.lower() for t in TITLES if t != title),
                    "Is the paper headed {}?"))
    if page:
        colour = rng.choice(("red", "blue", "green"))
        canvas.shape(13, 12, "circle", colour)
        asks.append(Ask("seal", "Which colour is the seal?", colour, tuple(c for c in ("red", "blue", "green", "yellow") if c != colour),
                        "Is the seal {}?"))
    facts = ", ".join(f"{name.lower()} {values[name][1]}" for name in fields)
    return Picture("form", canvas, f"form {title} {facts}", f"A paper headed {title.lower()}: {facts}.", asks)


def sign(rng: random.Random) -> Picture:
    """A signpost with two or three boards: an arrow, a town and the miles to it."""
    towns = [town.name for town in rng.sample(lex.TOWNS, rng.choice((2, 3, 3)))]
    sides, miles = [rng.choice(("left", "right")) for _ in towns], rng.sample(range(1, 20), len(towns))
    canvas = blank(rng)
    canvas.box(0, 7 * CELL + 4, 8 * CELL, 6, RGB["brown"])
    for index, (town, side, distance) in enumerate(zip(towns, sides, miles)):
        row = 1 + 2 * index
        canvas.box(row * CELL - 3, 4, CELL + 6, 16 * CELL - 8, (244, 226, 186))
        canvas.write(row, 1 if side == "left" else 14, "<" if side == "left" else ">")
        canvas.write(row, 2, town.upper())
        canvas.write(row, 10, str(distance))
    asks = []
    for town, side, distance in zip(towns, sides, miles):
        asks.append(Ask("distance", f"How many miles is it to {town}?", str(distance), tuple(others(rng, range(1, 20), distance, 9)),
                        f"Is it {{}} miles to {town}?"))
        asks.append(Ask("position", f"On which side lies {town}?", side, ("right" if side == "left" else "left",),
                        f"Does {town} lie on the {{}}?"))
    nearest = towns[miles.index(min(miles))]
    asks.append(Ask("nearest", "Which town is the nearest?", nearest, tuple(t for t in towns if t != nearest), "Is {} the nearest town?"))
    missing = others(rng, [t.name for t in lex.TOWNS], "", 8)
    asks.append(Ask("existence", "Which town is on the sign?", towns[0], tuple(t for t in missing if t not in towns), "Is {} on the sign?"))
    facts = ", ".join(f"{town} {distance} miles to the {side}" for town, side, distance in zip(towns, sides, miles))
    return Picture("sign", canvas, f"sign {facts}", f"A signpost: {facts}.", asks)
