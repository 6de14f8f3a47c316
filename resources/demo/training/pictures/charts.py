"""Bar, line and pie charts of what a market sold. Every row is read like a line of a list: the good, the number, the colour."""

import random

import numpy as np

from pictures.canvas import CELL, COLOURS, INK, RGB, Ask, Canvas, Picture, blank
from world import lexicon as lex
from world.text import others


def _numbers(rng: random.Random, answer: int) -> tuple:
    return tuple(others(rng, range(1, 11), answer, 9))


def _extremes(rng: random.Random, names: list[str], values: list[int], pool: tuple, noun: str) -> list[Ask]:
    """Most and least, where they are unique."""
    asks = []
    for word, pick in (("most", max(values)), ("least", min(values))):
        if values.count(pick) == 1:
            answer = names[values.index(pick)]
            wrong = [name for name in names if name != answer] + others(rng, set(pool) - set(names), "", 3)
            asks.append(Ask(word, f"Which {noun} has the {word}?", answer, tuple(wrong), f"Is the {noun} with the {word} {{}}?"))
    return asks


def bars(rng: random.Random) -> Picture:
    town = rng.choice(lex.TOWNS).name
    goods, colours, values = rng.sample(lex.GOODS, 3), rng.sample(COLOURS, 3), [rng.randint(1, 10) for _ in range(3)]
    canvas = blank(rng)
    canvas.write(0, 0, town)
    for row, (good, colour, value) in enumerate(zip(goods, colours, values), 1):
        _bar(canvas, row, good, colour, value)
    canvas.box(CELL, 2 * CELL, 3 * CELL, 2, INK)
    asks = _extremes(rng, goods, values, lex.GOODS, "good")
    for good, colour, value in zip(goods, colours, values):
        asks.append(Ask("value", f"How many {good} were sold?", str(value), _numbers(rng, value), f"Is the number of {good} {{}}?"))
        asks.append(Ask("colour", f"Which colour is the bar of {good}?", colour, tuple(c for c in COLOURS if c != colour),
                        f"Is the bar of {good} {{}}?"))
    asks.append(Ask("title", "Which town is the chart about?", town, tuple(others(rng, [t.name for t in lex.TOWNS], town, 4)),
                    "Is the chart about {}?"))
    facts = ", ".join(f"{value} {good} in {colour}" for good, colour, value in zip(goods, colours, values))
    return Picture("bars", canvas, f"bars {town} {facts}", f"A bar chart of {town}: {facts}.", asks)


def _bar(canvas: Canvas, row: int, good: str, colour: str, value: int) -> None:
    length = 33 * value
    canvas.write(row, 0, good)
    canvas.write(row, 1, str(value))
    canvas.box(row * CELL + 8, 2 * CELL + 2, CELL - 16, length, RGB[colour])
    for column in range(2, 2 + (length + CELL // 2) // CELL or 1):
        canvas.say(row, column, colour)
    canvas.say(row, 2, colour)


def line(rng: random.Random) -> Picture:
    """Days and numbers stand below the line."""
    good, first, colour = rng.choice(lex.GOODS), rng.randrange(4), rng.choice(COLOURS)
    days, values = lex.DAYS[first:first + 4], [rng.randint(1, 10) for _ in range(4)]
    canvas = blank(rng)
    canvas.write(0, 0, good)
    points = [(3 * CELL - 8 - 10 * value, (2 * index + 1) * CELL) for index, value in enumerate(values)]
    for (y0, x0), (y1, x1) in zip(points, points[1:]):
        for step in np.linspace(0.0, 1.0, 120):
            canvas.box(round(y0 + (y1 - y0) * step) - 2, round(x0 + (x1 - x0) * step) - 2, 4, 4, RGB[colour])
    canvas.box(3 * CELL, 0, 2, 8 * CELL, INK)
    for index, (day, value, (y, x)) in enumerate(zip(days, values, points)):
        canvas.box(y - 6, x - 6, 12, 12, RGB[colour])
        canvas.write(3, 2 * index, day)
        canvas.write(3, 2 * index + 1, str(value))
    asks = _extremes(rng, list(days), values, lex.DAYS, "day")
    for day, value in zip(days, values):
        asks.append(Ask("value", f"How many {good} were sold on {day}?", str(value), _numbers(rng, value),
                        f"Is the number of {good} on {day} {{}}?"))
    asks.append(Ask("title", "Which good does the line show?", good, tuple(others(rng, lex.GOODS, good, 4)), "Does the line show {}?"))
    facts = ", ".join(f"{value} on {day}" for day, value in zip(days, values))
    return Picture("line", canvas, f"line {good} {facts}", f"A line chart of {good}: {facts}.", asks)


SHARES = ((50, 30, 20), (45, 35, 20), (40, 35, 25), (50, 40, 10), (50, 35, 15), (45, 40, 15))


def pie(rng: random.Random) -> Picture:
    goods, colours, shares = rng.sample(lex.GOODS, 3), rng.sample(COLOURS, 3), list(rng.choice(SHARES))
    rng.shuffle(shares)
    canvas = blank(rng)
    _disc(canvas, shares, colours)
    for row, (good, colour, share) in enumerate(zip(goods, colours, shares)):
        canvas.write(row, 4, good)
        canvas.write(row, 5, str(share))
        canvas.box(row * CELL + 14, 6 * CELL + 14, CELL - 28, CELL - 28, RGB[colour])
        canvas.say(row, 6, colour)
    wrong = tuple(others(rng, set(lex.GOODS) - set(goods), "", 3))
    ordered = [good for _, good in sorted(zip(shares, goods), reverse=True)]
    asks = [Ask(word, f"Which good has the {word}?", good, (*(g for g in goods if g != good), *wrong), f"Is the good with the {word} {{}}?")
            for word, good in (("most", ordered[0]), ("least", ordered[2]))]
    for good, colour, share in zip(goods, colours, shares):
        asks.append(Ask("colour", f"Which colour is the part of {good}?", colour, tuple(c for c in COLOURS if c != colour),
                        f"Is the part of {good} {{}}?"))
        asks.append(Ask("value", f"How large is the part of {good}?", str(share), tuple(others(rng, range(10, 55, 5), share, 6)),
                        f"Is the part of {good} {{}}?"))
    facts = ", ".join(f"{share} {good} in {colour}" for good, colour, share in zip(goods, colours, shares))
    return Picture("pie", canvas, f"pie {facts}", f"A pie chart: {facts}.", asks)


def _disc(canvas: Canvas, shares: list[int], colours: list[str]) -> None:
    size = 4 * CELL
    y, x = np.mgrid[0:size, 0:size] - (size - 1) / 2
    turn, inside = (np.arctan2(x, -y) / (2 * np.pi)) % 1.0, x * x + y * y < (size / 2 - 10) ** 2
    start = 0.0
    for share, colour in zip(shares, colours):
        canvas.pixels[:size, :size][inside & (turn >= start) & (turn < start + share / 100)] = RGB[colour]
        start += share / 100
