"""Shapes on a table, chains of animals, and sums on a slate."""

import random
from collections import Counter

from pictures.canvas import CELL, CHAIN_ANIMALS, RGB, Ask, Canvas, Picture, blank
from pictures.glyphs import SHAPES
from world.text import others

COLOURS = ("red", "blue", "green", "yellow", "black", "orange")
COUNTS = ("1", "2", "3", "4", "5")


def shapes(rng: random.Random) -> Picture:
    """Two to six coloured shapes in a row or two."""
    places = sorted(rng.sample([(row, column) for row in (1, 5) for column in range(1, 15, 3)], rng.randint(2, 6)))
    things = [(rng.choice(COLOURS), rng.choice(SHAPES)) for _ in places]
    canvas = blank(rng)
    for (row, column), (colour, shape) in zip(places, things):
        canvas.shape(row, column, shape, colour)
    asks = _colour_asks(rng, things) + _count_asks(things) + _neighbour_asks(places, things)
    listed = ", ".join(f"{colour} {shape}" for colour, shape in things)
    return Picture("shapes", canvas, f"shapes {places} {listed}", f"Shapes: {listed}.", asks)


def _colour_asks(rng: random.Random, things: list[tuple[str, str]]) -> list[Ask]:
    asks = []
    for shape, count in Counter(shape for _, shape in things).items():
        if count == 1:
            colour = next(c for c, s in things if s == shape)
            asks.append(Ask("color", f"Which colour is the {shape}?", colour, tuple(c for c in COLOURS if c != colour),
                            f"Is the {shape} {{}}?"))
    there = [f"{colour} {shape}" for colour, shape in things]
    absent = [thing for thing in (f"{c} {s}" for c in COLOURS for s in SHAPES) if thing not in there]
    asks.append(Ask("existence", "Which of these is in the picture?", rng.choice(there), tuple(rng.sample(absent, 4)),
                    "Is there a {} in the picture?"))
    return asks


def _count_asks(things: list[tuple[str, str]]) -> list[Ask]:
    asks = []
    tallies = Counter(f"{shape}" for _, shape in things) + Counter(f"{colour} shape" for colour, _ in things)
    for name, count in tallies.items():
        if count <= 5:
            plural = name + ("es" if name.endswith("s") else "s")
            asks.append(Ask("count", f"How many {plural} are there?", str(count), tuple(c for c in COUNTS if c != str(count)),
                            f"Is the number of {plural} {{}}?"))
    return asks


def _neighbour_asks(places: list[tuple[int, int]], things: list[tuple[str, str]]) -> list[Ask]:
    """What stands next to a thing that is there only once, in the same row."""
    asks = []
    for (here, first), (there, second) in zip(zip(places, things), zip(places[1:], things[1:])):
        if here[0] != there[0] or things.count(first) > 1 or things.count(second) > 1:
            continue
        for side, anchor, answer in (("right", first, second), ("left", second, first)):
            name = f"{anchor[0]} {anchor[1]}"
            asks.append(Ask("position", f"Which shape comes next to the {side} of the {name}?", answer[1],
                            tuple(s for s in SHAPES if s != answer[1]), f"Is the next shape to the {side} of the {name} a {{}}?"))
    return asks


# Corner boxes of a ring, clockwise: (row, column)
CORNERS = ((1, 1), (1, 11), (6, 11), (6, 1))


def ring(rng: random.Random) -> Picture:
    """Four animals in boxes; arrows run round, one way or the other."""
    animals, clockwise = rng.sample(CHAIN_ANIMALS, 4), rng.random() < 0.5
    colours = rng.sample(COLOURS, 4)
    canvas = blank(rng)
    for (row, column), animal, colour in zip(CORNERS, animals, colours):
        canvas.box(row * CELL - 4, column * CELL - 6, CELL + 8, 4 * CELL + 12, RGB[colour])
        canvas.box(row * CELL - 1, column * CELL - 3, CELL + 2, 4 * CELL + 6, canvas.paper)
        canvas.mark(row, column, colour, 1, 4)
        canvas.write(row, column, animal.upper())
    _arrows(canvas, clockwise)
    asks = []
    for index, animal in enumerate(animals):
        after = animals[(index + (1 if clockwise else -1)) % 4]
        asks.append(Ask("order", f"To which animal does the arrow from the {animal} lead?", after,
                        tuple(name for name in animals if name not in (animal, after)),
                        f"Does the arrow from the {animal} lead to the {{}}?"))
        asks.append(Ask("colour", f"Which colour is the box of the {animal}?", colours[index],
                        tuple(c for c in COLOURS if c != colours[index]), f"Is the box of the {animal} {{}}?"))
    asks.append(Ask("existence", "Which animal is in the diagram?", rng.choice(animals),
                    tuple(others(rng, set(CHAIN_ANIMALS) - set(animals), "", 4)), "Is the {} in the diagram?"))
    way = animals if clockwise else [animals[0], *reversed(animals[1:])]
    return Picture("ring", canvas, f"ring {clockwise} {animals}", "A diagram with arrows: " + ", then ".join(way) + ".", asks)


def _arrows(canvas: Canvas, clockwise: bool) -> None:
    right, left = (">", "<") if clockwise else ("<", ">")
    for column in range(6, 10):
        canvas.write(1, column, right)
        canvas.write(6, column, left)
    for row in (3, 4):
        canvas.write(row, 12, "v" if clockwise else "^")
        canvas.write(row, 2, "^" if clockwise else "v")


def slate(rng: random.Random) -> Picture:
    """A sum written on a slate."""
    first, second, plus = rng.randint(0, 12), rng.randint(0, 12), rng.random() < 0.5
    first, second = (first, second) if plus else (max(first, second), min(first, second))
    result = first + second if plus else first - second
    canvas, row = blank(rng), rng.randint(2, 5)
    canvas.frame(0, 0, 8, 16, rng.choice(("brown", "black", "blue")))
    for column, text in ((2, str(first)), (5, "+" if plus else "-"), (8, str(second)), (11, "="), (13, "?")):
        canvas.write(row, column, text)
    near = tuple(str(value) for value in range(max(0, result - 3), result + 4) if value != result)
    asks = [Ask("numerical_calculation", "What is the result?", str(result), near, "Is the result {}?"),
            Ask("first", "Which number comes first?", str(first), tuple(others(rng, range(13), first, 4)), "Is the first number {}?"),
            Ask("second", "Which number comes second?", str(second), tuple(others(rng, range(13), second, 4)),
                "Is the second number {}?")]
    sign = "plus" if plus else "minus"
    return Picture("slate", canvas, f"slate {row} {first} {sign} {second}", f"A slate: {first} {sign} {second} is {result}.", asks)
