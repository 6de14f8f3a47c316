"""A picture made of 56-pixel cells, with the word that each cell says kept beside it for the training of the vision tower."""

import random
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from pictures.glyphs import CELL, SHAPES, arrow_mask, shape_mask, word_mask
from world import lexicon as lex

PAPERS = ((250, 246, 236), (255, 255, 255), (236, 242, 250))
INK, GREY, BROWN, BOARD = (32, 32, 40), (186, 186, 190), (132, 88, 50), (244, 226, 186)
RGB = {"red": (208, 44, 44), "blue": (42, 84, 200), "green": (40, 150, 70), "yellow": (236, 196, 40), "black": (40, 40, 40),
       "orange": (240, 130, 30)}
COLOURS = tuple(RGB)
TITLES = ("order", "ticket", "letter", "bill")
FIELDS = ("name", "town", "item", "day", "cost")
ANIMALS = tuple(animal.name for animal in lex.ANIMALS if len(animal.name) <= 4)
SIDES = ("left", "right")
SORTS = (tuple(town.name for town in lex.TOWNS), tuple(person.name for person in lex.PEOPLE), lex.GOODS, lex.DAYS, ANIMALS, TITLES, FIELDS,
         COLOURS, SHAPES, SIDES, tuple(map(str, range(1, 51))))  # all of these words are one token
# What a cell may say: nothing, or one word. Its place here is the class that the vision tower learns.
WORDS = ("", *(word for sort in SORTS for word in sort))
CLASS_OF = {word: index for index, word in enumerate(WORDS)}
_mask = cache(word_mask)


@dataclass(frozen=True)
class Ask:
    """A question about a picture. `claim` takes an answer, right or wrong, as its last word, and can be said yes or no to."""

    category: str
    question: str
    answer: str
    wrong: tuple
    claim: str


@dataclass
class Canvas:
    """`columns` x `rows` cells; `classes` has the place in WORDS of what each of them says."""

    columns: int
    rows: int
    paper: tuple
    pixels: np.ndarray = field(init=False)
    classes: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = np.empty((self.rows * CELL, self.columns * CELL, 3), np.uint8)
        self.pixels[:] = self.paper
        self.classes = np.zeros((self.rows, self.columns), np.int64)

    def _cells(self, row: int, column: int, size: int = 1) -> np.ndarray:
        return self.pixels[row * CELL:(row + size) * CELL, column * CELL:(column + size) * CELL]

    def say(self, row: int, column: int, word: str) -> None:
        self.classes[row, column] = CLASS_OF[word]

    def write(self, row: int, column: int, word: str) -> None:
        """The word in capitals, days by their first three letters."""
        text = (word[:3] if word in lex.DAYS else word).upper()
        cell, ink = self._cells(row, column), _mask(text)[..., None]
        cell[:] = np.round(cell * (1 - ink) + np.array(INK) * ink)
        self.say(row, column, word)

    def arrow(self, row: int, column: int, side: str, colour: tuple = INK) -> None:
        self._cells(row, column)[arrow_mask(side)] = colour

    def shape(self, row: int, column: int, shape: str, colour: str) -> None:
        """A shape on two by two cells: the upper two say its name and its colour."""
        self._cells(row, column, 2)[shape_mask(shape)] = RGB[colour]
        self.say(row, column, shape)
        self.say(row, column + 1, colour)

    def box(self, top: int, left: int, height: int, width: int, colour: tuple) -> None:
        """A filled rectangle, in pixels."""
        self.pixels[max(top, 0):top + height, max(left, 0):left + width] = colour

    def frame(self, row: int, column: int, colour: tuple) -> None:
        """A box just inside a cell's upper and lower parts, its middle left free."""
        self.box(row * CELL + 6, column * CELL, CELL - 12, CELL, colour)
        self.box(row * CELL + 8, column * CELL + 2, CELL - 16, CELL - 4, self.paper)

    @property
    def words(self) -> set[str]:
        """All that is said."""
        return {WORDS[index] for index in np.unique(self.classes)} - {""}

    def others_like(self, word: str) -> list[str]:
        """Words of its sort that are not said, or all other words where that sort is exhausted."""
        said = self.words
        sort = next(sort for sort in SORTS if word in sort)
        return [other for other in sort if other not in said] or [other for other in WORDS[1:] if other not in said]

    def rows_said(self) -> list[tuple[str, str]]:
        """For every word with others to the right of it, in the order of a list: the word, and the others."""
        found = []
        for row in self.classes:
            said = [WORDS[index] for place, index in enumerate(row) if index and (place == 0 or row[place - 1] != index)]
            found += [(word, " ".join(said[place + 1:])) for place, word in enumerate(said[:-1])]
        return found


@dataclass
class Picture:
    kind: str
    canvas: Canvas
    key: str  # what it shows, in words: decides the split
    caption: str
    asks: list[Ask]


def blank(rng: random.Random, columns: int = 8, rows: int = 4) -> Canvas:
    return Canvas(columns, rows, rng.choice(PAPERS))
