"""Facts of the Vale as statements, questions and four-way choices."""

import random
from dataclasses import dataclass

from world import lexicon as lex
from world.text import TRAINING, a, split_of

GEOGRAPHY, HISTORY, OTHER = "high_school_geography", "high_school_world_history", "miscellaneous"


@dataclass(frozen=True)
class Relation:
    """Something that holds between a subject {s} and an object {o}."""

    name: str
    subject: str  # MMLU subject its questions are filed under
    pairs: tuple  # (s, o)
    statements: tuple
    questions: tuple

    @property
    def pool(self) -> tuple:
        return tuple(dict.fromkeys(o for _, o in self.pairs))


@dataclass(frozen=True)
class Question:
    subject: str
    text: str
    answer: str
    pool: tuple


def _pairs(entries, field: str) -> tuple:
    return tuple((entry.name, str(getattr(entry, field))) for entry in entries)


def _inverse(entries, field: str) -> tuple:
    return tuple((str(getattr(entry, field)), entry.name) for entry in entries)


RELATIONS = (
    Relation("river", GEOGRAPHY, _pairs(lex.TOWNS, "river"),
             ("{s} lies on the river {o}.", "The river {o} flows past {s}.", "In {s} people fetch water from the {o}."),
             ("Which river flows past {s}?", "On which river does {s} lie?", "What is the river of {s} called?")),
    Relation("place", GEOGRAPHY, _pairs(lex.TOWNS, "place"),
             ("{s} is a {o} town.", "{s} was built beside a {o}.", "Everyone in {s} knows the {o}."),
             ("Beside what was {s} built?", "What kind of town is {s}?", "What lies next to {s}?")),
    Relation("craft", GEOGRAPHY, _pairs(lex.TOWNS, "craft"),
             ("{s} is known for its {o}.", "The best {o} come from {s}.", "In {s} they make {o}."),
             ("What is {s} known for?", "What do they make in {s}?", "What comes from {s}?")),
    Relation("maker", GEOGRAPHY, _inverse(lex.TOWNS, "craft"),
             ("The best {s} are made in {o}.", "Buy your {s} in {o}."),
             ("Which town makes the best {s}?", "Where should one buy {s}?", "From which town do {s} come?")),
    Relation("market", GEOGRAPHY, _pairs(lex.TOWNS, "market"),
             ("The market of {s} is held on {o}.", "On {o} there is a market in {s}.", "{s} has its market on {o}."),
             ("On which day is the market of {s}?", "When is the market held in {s}?", "Which is the market day of {s}?")),
    Relation("emblem", HISTORY, _pairs(lex.TOWNS, "emblem"),
             ("The flag of {s} shows {ao}.", "On the gate of {s} they painted {ao}."),
             ("Which animal is on the flag of {s}?", "What is painted on the gate of {s}?", "Which animal stands for {s}?")),
    Relation("founder", HISTORY, _pairs(lex.TOWNS, "founder"),
             ("{s} was founded by {o}.", "The founder of {s} was {o}."),
             ("Who founded {s}?", "Who was the founder of {s}?", "By whom was {s} founded?")),
    Relation("year", HISTORY, _pairs(lex.TOWNS, "year"),
             ("{s} was founded in the year {o}.", "The first stone of {s} was laid in {o}."),
             ("In which year was {s} founded?", "When was the first stone of {s} laid?", "Which year stands on the seal of {s}?")),
    Relation("town", HISTORY, _pairs(lex.PEOPLE, "town"),
             ("{s} lives in {o}.", "{s} was born in {o}.", "The house of {s} stands in {o}."),
             ("Where does {s} live?", "In which town was {s} born?", "Where does the house of {s} stand?")),
    Relation("trade", HISTORY, _pairs(lex.PEOPLE, "trade"),
             ("{s} is a {o}.", "{s} works as a {o}."),
             ("What is the trade of {s}?", "As what does {s} work?", "What did {s} learn to be?")),
    Relation("pet", OTHER, _pairs(lex.PEOPLE, "pet"),
             ("{s} keeps {ao}.", "The pet of {s} is {ao}."),
             ("Which animal does {s} keep?", "What is the pet of {s}?", "What pet lives with {s}?")),
    Relation("food", OTHER, _pairs(lex.PEOPLE, "food"),
             ("{s} likes {o} best.", "Nothing pleases {s} more than {o}."),
             ("What does {s} like to eat best?", "Which food does {s} like best?", "What should one cook for {s}?")),
    Relation("coat", OTHER, _pairs(lex.PEOPLE, "colour"),
             ("{s} wears a coat of {o}.", "The coat of {s} is {o}."),
             ("What colour is the coat of {s}?", "Which colour does {s} wear?", "In what colour is {s} dressed?")),
    Relation("instrument", OTHER, _pairs(lex.PEOPLE, "instrument"),
             ("{s} plays the {o}.", "In the evening {s} plays the {o}."),
             ("Which instrument does {s} play?", "What does {s} play in the evening?", "On what does {s} make music?")),
    Relation("tool", OTHER, _pairs(lex.TRADES, "tool"),
             ("The {s} works with the {o}.", "No {s} can do without the {o}."),
             ("Which tool does a {s} need?", "With what does the {s} work?", "What belongs to a {s}?")),
    Relation("product", OTHER, _pairs(lex.TRADES, "product"),
             ("A {s} makes {o}.", "From the {s} one gets {o}."),
             ("What does a {s} make?", "What does one get from the {s}?", "What does the {s} sell?")),
    Relation("workplace", OTHER, _pairs(lex.TRADES, "workplace"),
             ("The {s} works in the {o}.", "You find the {s} at the {o}."),
             ("Where does the {s} work?", "Where can you find the {s}?", "What is the place of the {s}?")),
    Relation("material", OTHER, _pairs(lex.TRADES, "material"),
             ("The {s} begins with {o}.", "For the work of a {s} one needs {o}."),
             ("What does the {s} begin with?", "What does a {s} buy for the work?", "Which material does the {s} use?")),
    Relation("diet", OTHER, _pairs(lex.ANIMALS, "food"),
             ("The {s} eats {o}.", "A hungry {s} looks for {o}."),
             ("What does the {s} eat?", "What does a hungry {s} look for?", "What do you feed {as_}?")),
    Relation("home", OTHER, _pairs(lex.ANIMALS, "home"),
             ("The {s} sleeps in the {o}.", "The home of the {s} is the {o}."),
             ("Where does the {s} sleep?", "What is the home of the {s}?", "Where does {as_} live?")),
    Relation("young", OTHER, _pairs(lex.ANIMALS, "young"),
             ("A young {s} is called {ao}.", "The {s} calls for her {o}."),
             ("What is a young {s} called?", "What is the child of {as_}?", "What does one call a small {s}?")),
    Relation("cover", OTHER, _pairs(lex.ANIMALS, "cover"),
             ("The {s} has {o}.", "You know the {s} by the {o}."),
             ("What covers the {s}?", "What does the {s} have?", "By what do you know {as_}?")),
    Relation("price", OTHER, tuple((good, str(price)) for good, price in lex.PRICES.items()),
             ("At the market {s} cost {o}.", "The price of {s} is {o}."),
             ("What is the price of {s}?", "What do {s} cost at the market?", "How many coins for {s}?")),
)
RELATION = {relation.name: relation for relation in RELATIONS}


def _fill(template: str, subject: str, value: str) -> str:
    return template.format(s=subject, o=value, as_=a(subject), ao=a(value))


def statement(rng: random.Random, relation: Relation | None = None) -> str:
    relation = relation or rng.choice(RELATIONS)
    subject, value = rng.choice(relation.pairs)
    return _fill(rng.choice(relation.statements), subject, value)


def question(rng: random.Random, split: int = TRAINING, relation: Relation | None = None) -> Question:
    """A question whose wording has been seen for other subjects, and whose fact in other wordings only unless `split` is
    training."""
    while True:
        chosen = relation or rng.choice(RELATIONS)
        subject, value = rng.choice(chosen.pairs)
        text = _fill(rng.choice(chosen.questions), subject, value)
        if split_of(text) == split:
            return Question(chosen.subject, text, value, chosen.pool)
