"""What must be understood from the text itself: short passages with a question, and pairs of names in one sentence."""

import random
from dataclasses import dataclass

from world import lexicon as lex
from world.text import TRAINING, split_of

BOXES = ("red box", "blue box", "green box", "black box")
CONTENTS = ("keys", "coins", "figs", "letters", "shells", "buttons", "seeds", "rings")

# (comparison, what follows for the first, what follows for the second)
CONTRASTS = (
    ("was faster than", "won the race", "lost the race"),
    ("was stronger than", "carried the heavy sack", "carried the light bag"),
    ("was hungrier than", "ate the large cake", "ate the small cake"),
    ("was taller than", "reached the high shelf", "had to fetch a ladder"),
    ("was richer than", "paid for the dinner", "had no coins left"),
    ("was older than", "remembered the great flood", "had only heard of the great flood"),
    ("slept longer than", "missed the morning boat", "caught the morning boat"),
    ("sang better than", "was asked to sing again", "was asked to stop"),
    ("was more careful than", "never broke a cup", "broke many a cup"),
    ("knew the road better than", "led the way", "followed behind"),
)


@dataclass(frozen=True)
class Passage:
    text: str  # passage and question
    answer: str
    wrong: tuple


@dataclass(frozen=True)
class Contrast:
    """`sentence` has one blank `_`; the names fill it."""

    sentence: str
    first: str
    second: str
    answer: int  # 0 or 1

    @property
    def solved(self) -> str:
        return self.sentence.replace("_", (self.first, self.second)[self.answer])


def _boxes(rng: random.Random) -> Passage:
    boxes, contents = rng.sample(BOXES, 3), rng.sample(CONTENTS, 4)
    text = " ".join(f"The {box} holds {content}." for box, content in zip(boxes, contents))
    asked = rng.randrange(3)
    return Passage(f"{text} What is in the {boxes[asked]}?", contents[asked], tuple(c for c in contents if c != contents[asked]))


def _guests(rng: random.Random) -> Passage:
    names, foods = rng.sample(lex.PEOPLE, 3), rng.sample(sorted({person.food for person in lex.PEOPLE}), 4)
    text = " ".join(f"{person.name} ordered {food}." for person, food in zip(names, foods))
    asked = rng.randrange(3)
    return Passage(f"{text} What did {names[asked].name} order?", foods[asked], tuple(f for f in foods if f != foods[asked]))


def _walks(rng: random.Random) -> Passage:
    names, towns = rng.sample(lex.PEOPLE, 3), rng.sample(lex.TOWNS, 4)
    text = " ".join(f"{person.name} went to {town.name}." for person, town in zip(names, towns))
    asked = rng.randrange(3)
    return Passage(f"{text} Where is {names[asked].name} now?", towns[asked].name,
                   tuple(t.name for i, t in enumerate(towns) if i != asked))


def passage(rng: random.Random, split: int = TRAINING) -> Passage:
    while True:
        item = rng.choice((_boxes, _guests, _walks))(rng)
        if split_of(item.text) == split:
            return item


def ledger(rng: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """A list drawn by lot, and everything that can be asked about it: nothing but the page itself tells the answers."""
    names = [person.name for person in rng.sample(lex.PEOPLE, rng.randint(3, 6))]
    goods, days = rng.sample(lex.GOODS, len(names)), [rng.choice(lex.DAYS) for _ in names]
    costs = rng.sample(range(1, 40), len(names))
    lines = [f"{name}: {good}, {day}, {cost} coins." for name, good, day, cost in zip(names, goods, days, costs)]
    asked = []
    for name, good, day, cost in zip(names, goods, days, costs):
        asked += [(f"What did {name} buy?", good), (f"Who bought {good}?", name), (f"When did {name} pay?", day),
                  (f"How much did {name} pay?", f"{cost} coins")]
    rng.shuffle(asked)
    return "\n".join(lines), asked


def contrast(rng: random.Random, split: int = TRAINING) -> Contrast:
    while True:
        (first, second), (relation, *ends) = rng.sample(lex.PEOPLE, 2), rng.choice(CONTRASTS)
        answer = rng.randrange(2)
        sentence = f"{first.name} {relation} {second.name}, so _ {ends[answer]}."
        if split_of(sentence) == split:
            return Contrast(sentence, first.name, second.name, answer)
