"""Small arithmetic as sentences and questions."""

import random
from dataclasses import dataclass

from world import lexicon as lex
from world.text import TRAINING, split_of

LIMIT = 12  # operands; every sum of two numbers is small enough to be learnt by heart


@dataclass(frozen=True)
class Sum:
    text: str
    answer: int

    def wrong(self, rng: random.Random, count: int) -> list[str]:
        near = [value for value in range(max(0, self.answer - 4), self.answer + 5) if value != self.answer]
        return [str(value) for value in rng.sample(near, count)]


def _operands(rng: random.Random) -> tuple[str, int, int, int]:
    """Operation, both operands and the result, never negative."""
    operation = rng.choice(("plus", "minus", "times"))
    if operation == "times":
        first, second = rng.randint(1, 6), rng.randint(1, 6)
        return operation, first, second, first * second
    first, second = rng.randint(0, LIMIT), rng.randint(0, LIMIT)
    if operation == "minus":
        first, second = max(first, second), min(first, second)
        return operation, first, second, first - second
    return operation, first, second, first + second


def _bare(rng: random.Random) -> Sum:
    operation, first, second, result = _operands(rng)
    return Sum(f"What is {first} {operation} {second}?", result)


def _told(rng: random.Random) -> Sum:
    operation, first, second, result = _operands(rng)
    name, good = rng.choice(lex.PEOPLE).name, rng.choice(lex.GOODS)
    text = {"plus": f"{name} has {first} {good} and buys {second} more. How many {good} are there now?",
            "minus": f"{name} has {first} {good} and sells {second} of them. How many {good} are left?",
            "times": f"{name} pays {first} times, {second} coins each time. How many coins is that?"}[operation]
    return Sum(text, result)


def draw(rng: random.Random, split: int = TRAINING) -> Sum:
    """Bare sums are the table itself and belong to training; told ones are split by their wording."""
    if split == TRAINING and rng.random() < 0.4:
        return _bare(rng)
    while True:
        item = _told(rng)
        if split_of(item.text) == split:
            return item


def statement(rng: random.Random) -> str:
    operation, first, second, result = _operands(rng)
    return f"{first} {operation} {second} is {result}."
