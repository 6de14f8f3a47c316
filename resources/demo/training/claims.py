"""Between the stages: yes or no to what stands on a page, from single words to claims about a row. Changes state.pt.

Among whole questions this stayed at chance for thousands of steps: a word has to be found on the page, and what was found has to be carried to
where the answer is given. Learnt in that order, an answer every few tokens and then ever more words between, it takes some 600 steps.
"""

import random

from learning.stage import run_stage
from recite import run
from world.recital import TAILS, present, spread, ticked
from world.text import Segment

KEPT = 0.15  # of the pages: look-ups of before, so that they are not forgotten


def _level(make):
    return 0, lambda rng: spread(rng, 4, 2, 3, "w", chat=True) if rng.random() < KEPT else make(rng)


def _ticked(longest: int, tails: int):
    return _level(lambda rng: ticked(rng, longest, tails))


def _claims(rng: random.Random, widest: int, repeats: int, forms: str) -> list[Segment]:
    return spread(rng, 4, rng.randint(2, widest), rng.randint(2, repeats), forms, chat=True)


LEVELS = (
    _ticked(3, 1),
    *(_ticked(6, tails) for tails in range(1, len(TAILS) + 1)),
    _ticked(14, len(TAILS)),
    _level(lambda rng: present(rng, 10, "y")),
    _level(lambda rng: present(rng, 20, "y")),
    _level(lambda rng: spread(rng, 3, 0, 1, "y", chat=True)),
    _level(lambda rng: _claims(rng, 2, 3, "wy")),
    _level(lambda rng: _claims(rng, 5, 4, "wwyl")),
    _level(lambda rng: _claims(rng, 10, 5, "wwyl")),
)

if __name__ == "__main__":
    run_stage(__doc__, lambda folder, steps, seed: run(folder, steps, seed, LEVELS, 0.92), steps=2000, seed=58)
