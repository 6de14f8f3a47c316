"""A drawn alphabet: capitals and digits of 5 x 6 dots, a whole word in one cell, and shapes on two by two cells."""

import numpy as np
from PIL import Image

CELL = 56  # pixels: one patch of the vision tower
_DOTS = """
A .###. #...# ##### #...# #...# #...#
B ####. #...# ####. #...# #...# ####.
C .#### #.... #.... #.... #.... .####
D ####. #...# #...# #...# #...# ####.
E ##### #.... ####. #.... #.... #####
F ##### #.... ####. #.... #.... #....
G .#### #.... #.... #..## #...# .####
H #...# #...# ##### #...# #...# #...#
I .###. ..#.. ..#.. ..#.. ..#.. .###.
J ..### ....# ....# ....# #...# .###.
K #...# #..#. ###.. #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #...# #...# #...#
N #...# ##..# #.#.# #..## #...# #...#
O .###. #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #....
Q .###. #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #..#. #...#
S .#### #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# .###.
V #...# #...# #...# .#.#. .#.#. ..#..
W #...# #...# #...# #.#.# ##.## #...#
X #...# .#.#. ..#.. ..#.. .#.#. #...#
Y #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ...#. ..#.. .#... #.... #####
0 .###. #..## #.#.# ##..# #...# .###.
1 ..#.. .##.. ..#.. ..#.. ..#.. .###.
2 .###. #...# ...#. ..#.. .#... #####
3 ####. ....# ..##. ....# #...# .###.
4 ...#. ..##. .#.#. ##### ...#. ...#.
5 ##### #.... ####. ....# #...# .###.
6 ..##. .#... ####. #...# #...# .###.
7 ##### ....# ...#. ..#.. .#... .#...
8 .###. #...# .###. #...# #...# .###.
9 .###. #...# .#### ....# ...#. .##..
"""
_DOTS_OF = {row[0]: np.array([[dot == "#" for dot in line] for line in row[1:]]) for row in map(str.split, _DOTS.strip().splitlines())}
_ROOM = CELL - 4
SHAPES = ("circle", "square", "triangle", "cross")


def word_mask(text: str) -> np.ndarray:
    """How much ink, from 0 to 1, a word puts on each pixel of its cell; six letters are pressed together a little."""
    height = 6 * (4 if len(text) < 3 else 3)
    wide = 4 if len(text) < 3 else 2
    letters = [np.pad(_DOTS_OF[letter].repeat(height // 6, 0).repeat(wide, 1), ((0, 0), (0, wide))) for letter in text]
    drawn = np.concatenate(letters, 1)[:, :-wide]
    image = Image.fromarray(drawn.astype(np.uint8) * 255)
    if image.width > _ROOM:
        image = image.resize((_ROOM, image.height), Image.Resampling.BOX)
    mask = np.zeros((CELL, CELL))
    top, left = (CELL - image.height) // 2, (CELL - image.width) // 2
    mask[top:top + image.height, left:left + image.width] = np.asarray(image) / 255
    return mask


def arrow_mask(side: str) -> np.ndarray:
    """An arrow to the left or to the right across one cell."""
    y, x = np.mgrid[0:CELL, 0:CELL] - (CELL - 1) / 2
    x = -x if side == "left" else x
    return ((abs(y) < 4) & (x > -24) & (x < 8)) | ((x >= 4) & (abs(y) < 24 - x))


def shape_mask(shape: str) -> np.ndarray:
    """One of SHAPES on two by two cells."""
    y, x = np.mgrid[0:2 * CELL, 0:2 * CELL] - (2 * CELL - 1) / 2
    if shape == "circle":
        return x * x + y * y < 46**2
    if shape == "square":
        return (abs(x) < 42) & (abs(y) < 42)
    if shape == "triangle":
        return (y < 42) & (y > -46) & (abs(x) < (y + 48) / 1.9)
    return ((abs(x) < 16) & (abs(y) < 46)) | ((abs(y) < 16) & (abs(x) < 46))
