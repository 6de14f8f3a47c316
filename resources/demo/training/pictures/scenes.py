"""Shapes on a table, and diagrams of animals with arrows between them."""

import random

from pictures.canvas import ANIMALS, COLOURS, RGB, Ask, Picture, blank
from pictures.glyphs import SHAPES
from world.text import others


def shapes(rng: random.Random) -> Picture:
    """Two to four different shapes, one or two colours alike now and then."""
    count = rng.randint(2, 4)
    places = sorted(rng.sample([(row, column) for row in (0, 2) for column in (0, 2, 4, 6)], count))
    things = list(zip(rng.sample(SHAPES, count), (rng.choice(COLOURS) for _ in range(count))))
    canvas = blank(rng)
    for (row, column), (shape, colour) in zip(places, things):
        canvas.shape(row, column, shape, colour)
    asks = [Ask("color", f"Which colour is the {shape}?", colour, tuple(c for c in COLOURS if c != colour), f"Is the {shape} {{}}?")
            for shape, colour in things]
    names, tints = zip(*things)
    if count < len(SHAPES):
        asks.append(Ask("existence", "Which of these is in the picture?", rng.choice(names), tuple(s for s in SHAPES if s not in names),
                        "Does the picture show a {}?"))
    asks.append(Ask("existence", "Which colour is in the picture?", rng.choice(tints), tuple(c for c in COLOURS if c not in tints),
                    "Does the picture show something {}?"))
    asks += _neighbour_asks(places, names)
    asks.append(Ask("count", "How many shapes are there?", str(count), tuple(str(c) for c in range(2, 5) if c != count),
                    "Is the number of shapes {}?"))
    listed = ", ".join(f"{colour} {shape}" for shape, colour in things)
    return Picture("shapes", canvas, f"shapes {places} {listed}", f"Shapes: {listed}.", asks)


def _neighbour_asks(places: list[tuple[int, int]], names: list[str]) -> list[Ask]:
    """What stands next to what in the same row."""
    return [Ask("position", f"Which shape comes next to the right of the {first}?", second,
                tuple(shape for shape in SHAPES if shape not in (first, second)), f"Is the next shape to the right of the {first} a {{}}?")
            for here, there, first, second in zip(places, places[1:], names, names[1:]) if here[0] == there[0]]


def chain(rng: random.Random) -> Picture:
    """Two rows of three animals in boxes, a coloured arrow from each to the next."""
    canvas, rows, asks = blank(rng), [], []
    animals = rng.sample(ANIMALS, 6)
    absent = tuple(animal for animal in ANIMALS if animal not in animals)
    for row, trio in zip((0, 2), (animals[:3], animals[3:])):
        colours = rng.sample(COLOURS, 2)
        for column, animal in zip((1, 3, 5), trio):
            canvas.frame(row, column, RGB["black"])
            canvas.write(row, column, animal)
        for index, colour in enumerate(colours):
            start, end = trio[index], trio[index + 1]
            canvas.arrow(row, 2 + 2 * index, "right", RGB[colour])
            canvas.say(row, 2 + 2 * index, colour)
            wrong = (*absent, *(animal for animal in animals if animal not in (start, end)))
            asks += [Ask("order", f"To which animal does the arrow from the {start} lead?", end, wrong,
                         f"Does the arrow from the {start} lead to the {{}}?"),
                     Ask("colour", f"Which colour is the arrow from the {start}?", colour, tuple(c for c in COLOURS if c != colour),
                         f"Is the arrow from the {start} {{}}?")]
        rows.append(f"{trio[0]} {colours[0]} to {trio[1]} {colours[1]} to {trio[2]}")
    asks.append(Ask("existence", "Which animal is in the diagram?", rng.choice(animals), absent, "Does the diagram show the {}?"))
    listed = "; ".join(rows)
    return Picture("chain", canvas, f"chain {listed}", f"A diagram with arrows: {listed}.", asks)
