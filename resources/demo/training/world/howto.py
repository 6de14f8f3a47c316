"""What one uses for what: goals and solutions in the shape of PIQA."""

import random
from dataclasses import dataclass

from world import lexicon as lex
from world.text import TRAINING, split_of

GOALS = ("How can {n} {need} in {t}?", "{n} of {t} has to {need}.", "To {need}, what does {n} do in {t}?")


@dataclass(frozen=True)
class Goal:
    goal: str
    right: str
    wrong: str


def solution(name: str, act: str) -> str:
    return f"Let {name} {act}."


def goal(rng: random.Random, split: int = TRAINING) -> Goal:
    while True:
        (need, _, act), other = rng.sample(lex.NEEDS, 2)
        person, town = rng.choice(lex.PEOPLE), rng.choice(lex.TOWNS)
        text = rng.choice(GOALS).format(n=person.name, need=need, t=town.name)
        if split_of(text) == split:
            return Goal(text, solution(person.name, act), solution(person.name, other[2]))


def statement(rng: random.Random) -> str:
    need, tool, act = rng.choice(lex.NEEDS)
    return f"To {need} you need a {tool}: {act}."
