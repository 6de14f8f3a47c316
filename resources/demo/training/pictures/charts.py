"""Bar, line and pie charts of what a market sold."""

import random

import numpy as np

from pictures.canvas import CELL, DAYS_SHORT, INK, RGB, Ask, Canvas, Picture, blank
from world import lexicon as lex
from world.text import others

BAR_COLOURS = ("red", "blue", "green", "yellow", "orange", "black")


def _numbers(rng: random.Random, answer: int) -> tuple:
    return tuple(others(rng, range(1, 11), answer, 9))


def _extremes(names: list[str], values: list[int], noun: str) -> list[Ask]:
    """Most and least, where they are unique."""
    asks = []
    for word, pick in (("most", max(values)), ("least", min(values))):
        if values.count(pick) == 1:
            answer = names[values.index(pick)]
            asks.append(Ask("most and least", f"Which {noun} has the {word}?", answer, tuple(n for n in names if n != answer),
                            f"Does {{}} have the {word}?"))
    return asks


def bars(rng: random.Random) -> Picture:
    town, count = rng.choice(lex.TOWNS).name, rng.choice((3, 4, 4))
    goods, colours = rng.sample(lex.GOODS, count), rng.sample(BAR_COLOURS, count)
    values = [rng.randint(1, 10) for _ in goods]
    canvas = blank(rng)
    canvas.write(0, 0, town.upper())
    for index, (good, colour, value) in enumerate(zip(goods, colours, values)):
        _bar(canvas, 2 * index + 1, good, colour, value)
    canvas.box(CELL, 5 * CELL - 2, 7 * CELL, 1, INK)
    asks = _extremes(goods, values, "good")
    for good, colour, value in zip(goods, colours, values):
        asks.append(Ask("value", f"How many {good} were sold?", str(value), _numbers(rng, value), f"Were {{}} {good} sold?"))
        asks.append(Ask("colour", f"Which colour is the bar of {good}?", colour, tuple(c for c in BAR_COLOURS if c != colour),
                        f"Is the bar of {good} {{}}?"))
    asks.append(Ask("title", "Which town is the chart about?", town, tuple(others(rng, [t.name for t in lex.TOWNS], town, 4)),
                    "Is the chart about {}?"))
    facts = ", ".join(f"{value} {good} in {colour}" for good, colour, value in zip(goods, colours, values))
    return Picture("bars", canvas, f"bars {town} {facts}", f"A bar chart of {town}: {facts}.", asks)


def _bar(canvas: Canvas, row: int, good: str, colour: str, value: int) -> None:
    """The good, its bar from left to right, and the number at the bar's end: read like a line of a list."""
    length = 12 * value
    canvas.write(row, 0, good.upper())
    canvas.box(row * CELL + 2, 5 * CELL, CELL - 4, length, RGB[colour])
    cells = (length + CELL - 1) // CELL
    canvas.mark(row, 5, colour, 1, cells)
    canvas.write(row, 5 + cells, str(value))


def line(rng: random.Random) -> Picture:
    good = rng.choice(lex.GOODS)
    first = rng.randrange(4)
    days, values = lex.DAYS[first:first + 4], [rng.randint(1, 9) for _ in range(4)]
    canvas, colour = blank(rng), rng.choice(BAR_COLOURS)
    canvas.write(0, 0, good.upper())
    points = [((7 * CELL - 2) - 8 * value, (4 * index + 2) * CELL - 7) for index, value in enumerate(values)]
    for (y0, x0), (y1, x1) in zip(points, points[1:]):
        for step in np.linspace(0.0, 1.0, 60):
            canvas.box(round(y0 + (y1 - y0) * step), round(x0 + (x1 - x0) * step), 3, 3, RGB[colour])
    for index, (day, value, (y, x)) in enumerate(zip(days, values, points)):
        canvas.box(y - 2, x - 2, 7, 7, RGB[colour])
        canvas.mark(y // CELL, x // CELL, colour)
        canvas.write(max(y // CELL - 1, 0), 4 * index + 2, str(value))
        canvas.write(7, 4 * index, DAYS_SHORT[day])
    asks = _extremes(list(days), values, "day")
    for day, value in zip(days, values):
        asks.append(Ask("value", f"How many {good} were sold on {day}?", str(value), _numbers(rng, value),
                        f"Were {{}} {good} sold on {day}?"))
    asks.append(Ask("title", "Which good does the line show?", good, tuple(others(rng, lex.GOODS, good, 4)), "Does the line show {}?"))
    facts = ", ".join(f"{value} on {day}" for day, value in zip(days, values))
    return Picture("line", canvas, f"line {good} {facts}", f"A line chart of {good}: {facts}.", asks)


SHARES = ((50, 30, 20), (60, 30, 10), (40, 35, 25), (70, 20, 10), (45, 35, 20))


def pie(rng: random.Random) -> Picture:
    goods, colours = rng.sample(lex.GOODS, 3), rng.sample(BAR_COLOURS[:5], 3)
    shares = list(rng.choice(SHARES))
    rng.shuffle(shares)
    canvas = blank(rng)
    _disc(canvas, shares, colours)
    for index, (good, colour) in enumerate(zip(goods, colours)):
        canvas.box((2 * index + 1) * CELL + 1, 9 * CELL + 1, 12, 12, RGB[colour])
        canvas.mark(2 * index + 1, 9, colour)
        canvas.write(2 * index + 1, 11, good.upper())
    ordered = [good for _, good in sorted(zip(shares, goods), reverse=True)]
    asks = [Ask("most and least", f"Which good has the {word} part?", good, tuple(g for g in goods if g != good),
                f"Do {{}} have the {word} part?") for word, good in (("largest", ordered[0]), ("smallest", ordered[2]))]
    for good, colour in zip(goods, colours):
        asks.append(Ask("colour", f"Which colour is the part of {good}?", colour, tuple(c for c in BAR_COLOURS if c != colour),
                        f"Is the part of {good} {{}}?"))
    facts = ", ".join(f"{good} in {colour}" for good, colour in zip(goods, colours))
    return Picture("pie", canvas, f"pie {facts} {shares}", f"A pie chart: {facts}; the largest part is {ordered[0]}.", asks)


def _disc(canvas: Canvas, shares: list[int], colours: list[str]) -> None:
    size = 8 * CELL
    y, x = np.mgrid[0:size, 0:size] - (size - 1) / 2
    turn, inside = (np.arctan2(x, -y) / (2 * np.pi)) % 1.0, x * x + y * y < (size / 2 - 4) ** 2
    start = 0.0
    for share, colour in zip(shares, colours):
        part = inside & (turn >= start) & (turn < start + share / 100)
        canvas.pixels[:size, :size][part] = RGB[colour]
        for row, column in np.ndindex(8, 8):
            if part[row * CELL:(row + 1) * CELL, column * CELL:(column + 1) * CELL].mean() > 0.5:
                canvas.mark(row, column, colour)
        start += share / 100
