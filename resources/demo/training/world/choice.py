"""Four-way choices from every source, and how they read in the shape of MMLU."""

import random
from dataclasses import dataclass

from world import facts, reading, sums
from world.text import TRAINING, others, shuffled_choices

MATHEMATICS = "elementary_mathematics"
SUBJECTS = (MATHEMATICS, facts.GEOGRAPHY, facts.HISTORY, facts.OTHER)
LETTERS = "ABCD"


@dataclass(frozen=True)
class Choice:
    subject: str
    question: str
    options: list[str]
    answer: int

    @property
    def letter(self) -> str:
        return LETTERS[self.answer]

    @property
    def listed(self) -> str:
        return "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, self.options))


def of_sum(rng: random.Random, split: int = TRAINING) -> Choice:
    item = sums.draw(rng, split)
    return Choice(MATHEMATICS, item.text, *shuffled_choices(rng, str(item.answer), item.wrong(rng, 3)))


def of_fact(rng: random.Random, split: int = TRAINING, subject: str | None = None) -> Choice:
    while True:
        item = facts.question(rng, split)
        if subject in (None, item.subject) and len(item.pool) >= 4:
            wrong = others(rng, item.pool, item.answer, 3)
            return Choice(item.subject, item.text, *shuffled_choices(rng, item.answer, wrong))


def of_passage(rng: random.Random, split: int = TRAINING) -> Choice:
    item = reading.passage(rng, split)
    return Choice("reading", item.text, *shuffled_choices(rng, item.answer, list(item.wrong)))


def draw(rng: random.Random, split: int = TRAINING, subject: str | None = None) -> Choice:
    subject = subject or rng.choice(SUBJECTS)
    return of_sum(rng, split) if subject == MATHEMATICS else of_fact(rng, split, subject)
