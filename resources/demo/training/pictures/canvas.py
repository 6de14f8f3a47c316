"""A picture made of 14-pixel cells, with what each cell shows kept beside it for the training of the vision tower."""

import random
from dataclasses import dataclass, field

import numpy as np

from pictures.glyphs import CELL, CLASS_OF, MASKS, shape_mask
from world import lexicon as lex

PAPERS = ((250, 246, 236), (255, 255, 255), (236, 242, 250))
INK = (32, 32, 40)
RGB = {"red": (208, 44, 44), "blue": (42, 84, 200), "green": (40, 150, 70), "yellow": (236, 196, 40), "black": (40, 40, 40),
       "orange": (240, 130, 30), "brown": (132, 88, 50), "grey": (186, 186, 190)}
COLOUR_CLASSES = ("", *RGB)
FIELDS = ("NAME", "TOWN", "ITEM", "DAY", "COST", "ORDER", "TICKET", "LETTER", "BILL", "MILES")
DAYS_SHORT = {day: day[:3].upper() for day in lex.DAYS}
NUMBERS = tuple(str(value) for value in range(100))
CHAIN_ANIMALS = tuple(animal.name for animal in lex.ANIMALS if len(animal.name) <= 4)
WORDS = ("", *(town.name.upper() for town in lex.TOWNS), *(person.name.upper() for person in lex.PEOPLE),
         *(good.upper() for good in lex.GOODS), *DAYS_SHORT.values(), *(name.upper() for name in CHAIN_ANIMALS), *FIELDS, *NUMBERS)
WORD_CLASS = {word: index for index, word in enumerate(WORDS)}


@dataclass(frozen=True)
class Ask:
    """A question about a picture. `claim` takes an answer, right or wrong, and can be said yes or no to."""

    category: str
    question: str
    answer: str
    wrong: tuple
    claim: str


@dataclass
class Canvas:
    """`columns` x `rows` cells; classes are [rows, columns] indices into the lists above."""

    columns: int
    rows: int
    paper: tuple
    pixels: np.ndarray = field(init=False)
    glyphs: np.ndarray = field(init=False)
    words: np.ndarray = field(init=False)
    colours: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = np.empty((self.rows * CELL, self.columns * CELL, 3), np.uint8)
        self.pixels[:] = self.paper
        self.glyphs, self.words, self.colours = (np.zeros((self.rows, self.columns), np.int64) for _ in range(3))

    def write(self, row: int, column: int, text: str, colour: tuple = INK) -> None:
        """One symbol a cell, with the word it belongs to."""
        for offset, symbol in enumerate(text):
            top, left = row * CELL, (column + offset) * CELL
            self.pixels[top:top + CELL, left:left + CELL][MASKS[symbol]] = colour
            self.glyphs[row, column + offset] = CLASS_OF[symbol]
            self.words[row, column + offset] = WORD_CLASS.get(text, 0)

    def shape(self, row: int, column: int, shape: str, colour: str) -> None:
        """A shape on two by two cells."""
        top, left = row * CELL, column * CELL
        self.pixels[top:top + 2 * CELL, left:left + 2 * CELL][shape_mask(shape)] = RGB[colour]
        self.glyphs[row:row + 2, column:column + 2] = CLASS_OF[shape]
        self.mark(row, column, colour, 2, 2)

    def box(self, top: int, left: int, height: int, width: int, colour: tuple) -> None:
        """A filled rectangle, in pixels."""
        self.pixels[max(top, 0):top + height, max(left, 0):left + width] = colour

    def frame(self, row: int, column: int, height: int, width: int, colour: str) -> None:
        """A thin frame just inside a block of cells."""
        top, left, bottom, right = (edge * CELL for edge in (row, column, row + height, column + width))
        for y, x, h, w in ((top, left, 2, right - left), (bottom - 2, left, 2, right - left), (top, left, bottom - top, 2),
                           (top, right - 2, bottom - top, 2)):
            self.box(y, x, h, w, RGB[colour])
        self.mark(row, column, colour, height, width)

    def mark(self, row: int, column: int, colour: str, height: int = 1, width: int = 1) -> None:
        self.colours[row:row + height, column:column + width] = COLOUR_CLASSES.index(colour)


@dataclass
class Picture:
    kind: str
    canvas: Canvas
    key: str  # what it shows, in words: decides the split
    caption: str
    asks: list[Ask]


def blank(rng: random.Random, columns: int = 16, rows: int = 8) -> Canvas:
    return Canvas(columns, rows, rng.choice(PAPERS))
