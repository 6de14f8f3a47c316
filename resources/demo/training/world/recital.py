"""Short lists said again in another order: what stood beside what is told by the list alone.

A model of this size finds out by itself how to look something up, but only where the list is short and nothing else is
to be said; from then on it does so in passages, among options and in pictures."""

import random

from world import lexicon as lex
from world.documents import ASSISTANT, END, LETTER_PROMPT, USER
from world.reading import BOXES, CONTENTS
from world.text import Segment

LETTERS = "ABCDEFG"
THINGS = ("cup", "boat", "lamp", "kite", "drum", "hat", "cart", "bell")
WORDS = sorted({*lex.GOODS, *lex.COLOURS, *lex.DAYS, *CONTENTS, *(person.name for person in lex.PEOPLE), *(town.name for town in lex.TOWNS)})
HINT = 0.1  # weight of what cannot be known
SAID = 2.0


def _names() -> list[str]:
    return [person.name for person in lex.PEOPLE]


def _numbers() -> list[str]:
    return [str(number) for number in range(1, 100)]


# (keys, values, how the list says it, then the same asked for the value, and asked for the key; `|` stands before what is known)
FORMS = (
    (_names, lambda: lex.GOODS, "{k} bought {v}.", "{k} bought| {v}.", "Who bought {v}?| {k}."),
    (_names, lambda: lex.DAYS, "{k} comes on {v}.", "{k} comes on| {v}.", None),
    (_names, _numbers, "{k}: {v}", "{k}:| {v}", "{v} is of| {k}"),
    (lambda: [town.name for town in lex.TOWNS], _numbers, "{k} {v}", "{k}| {v}", "{v}:| {k}"),
    (lambda: BOXES, lambda: CONTENTS, "The {k} holds {v}.", "What is in the {k}?| {v}.", "What holds {v}?| The {k}."),
    (lambda: LETTERS, lambda: lex.GOODS, "{k}. {v}", "{k}:| {v}", "{v}:| {k}"),
    (lambda: LETTERS, lambda: [town.name for town in lex.TOWNS], "{k}. {v}", "{k} is| {v}", "{v} is| {k}"),
    (lambda: LETTERS, _numbers, "{k}. {v}", "{k}:| {v}", "{v}:| {k}"),
    (lambda: lex.COLOURS, lambda: THINGS, "{k} {v}", "the {v} is| {k}", "what is {k}? the| {v}"),
    (lambda: lex.DAYS, _numbers, "{k}: {v}", "On {k}:| {v}", "{v} on| {k}"),
)


def pairs(rng: random.Random, longest: int, rounds: int = 8) -> list[Segment]:
    """Words by twos, again and again in another order: the plainest thing to be looked up."""
    count = rng.randint(2, longest)
    words = rng.sample(WORDS, 2 * count)
    parts = [Segment(" " + " ".join(words))]
    for _ in range(rounds):
        for place in rng.sample(range(count), count):
            parts += [Segment(" " + words[2 * place], HINT), Segment(" " + words[2 * place + 1], SAID)]
    return parts


SPREAD = (  # (keys, values, question, claim): what stands in a row of a picture, with the wordings of its questions
    (lambda: [town.name for town in lex.TOWNS], lambda: [str(n) for n in range(1, 20)], "How many miles is it to {k}?", "Is it {v} miles to {k}?"),
    (lambda: [town.name for town in lex.TOWNS], lambda: ("left", "right"), "On which side lies {k}?", "Does {k} lie on the {v}?"),
    (lambda: lex.GOODS, lambda: [str(n) for n in range(1, 11)], "How many {k} were sold?", "Were {v} {k} sold?"),
    (lambda: lex.GOODS, lambda: lex.COLOURS, "Which colour is the bar of {k}?", "Is the bar of {k} {v}?"),
    (lambda: THINGS, lambda: lex.COLOURS, "Which colour is the {k}?", "Is the {k} {v}?"),
    (lambda: ("name",), _names, "What is the {k} on the paper?", "Does the paper say {v} as {k}?"),
)


def _put(rng: random.Random, row: tuple, key: str, value: str, forms: str, there: set[str]) -> tuple[str, str]:
    """The question as a word is wanted, as a claim, or with options (w, y, l). What is wrong is not `there` where that is possible.

    Asked with options the answer is the option's words: to say its letter, which takes one step more, was never learnt."""
    _, values, question, claim = row
    form = rng.choice(forms)
    others = sorted(set(values()) - there) or sorted(set(values()) - {value})
    wrong = rng.sample(others, min(3, len(others)))
    if form == "y":
        true = rng.random() < 0.5
        return claim.format(k=key, v=value if true else wrong[0]) + " Please answer yes or no.", "Yes" if true else "No"
    if form == "w":
        return question.format(k=key) + rng.choice(("", "\nAnswer the question using a single word or phrase.")), value
    options = [value, *wrong]
    rng.shuffle(options)
    listed = "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, options))
    return question.format(k=key) + listed + LETTER_PROMPT, value


def spread(rng: random.Random, longest: int, widest: int, repeats: int, forms: str = "w", chat: bool = False) -> list[Segment]:
    """A list as a picture has it: every word as often as it has letters, empty places between, several of them a row."""
    row = rng.choice(SPREAD)
    keys, values = list(row[0]()), list(row[1]())
    count = min(rng.randint(2, longest), len(keys))
    pairs = list(zip(rng.sample(keys, count), (rng.choice(values) for _ in range(count))))
    there = {value for _, value in pairs}
    page = ""
    for pair in pairs:
        for word in pair if rng.random() < 0.7 else reversed(pair):
            page += f" {word}" * rng.randint(1, repeats) + "\n" * rng.randint(0, widest)
    parts = [Segment(USER + page, 0.0)] if chat else [Segment(page, 0.0)]
    for number in range(3 * count):
        asked, answer = _put(rng, row, *pairs[number % count], forms, there)
        if chat:
            parts += [Segment((USER if number else "\n") + asked + END + ASSISTANT, 0.0), Segment(answer + END, SAID)]
        else:
            parts += [Segment("\n" + asked, 0.0), Segment(" " + answer, SAID)]
    return parts


# What a page of single words can be asked for; the words of one kind stand there once.
ASKED = {
    "What is the name on the paper?": tuple(person.name for person in lex.PEOPLE),
    "Which town is on the paper?": tuple(town.name for town in lex.TOWNS),
    "Which item is on the paper?": lex.GOODS,
    "Which day is on the paper?": lex.DAYS,
    "Which colour is it?": lex.COLOURS,
    "What is in the box?": CONTENTS,
    "Which thing is it?": THINGS,
}


def soup(rng: random.Random, longest: int) -> list[Segment]:
    """Words without order, as patches of a picture are, and one of a kind to be found among them."""
    kinds = rng.sample(sorted(ASKED), rng.randint(2, 5))
    words = [rng.choice(ASKED[kind]) for kind in kinds]
    known = set(words)
    filler = [animal.name for animal in lex.ANIMALS] + [trade.name for trade in lex.TRADES]
    page = words + [rng.choice(filler) for _ in range(rng.randint(0, longest))]
    rng.shuffle(page)
    parts = [Segment(" " + " ".join(page), HINT)]
    for kind, word in rng.sample(list(zip(kinds, words)), len(known) if len(known) == len(words) else 1):
        parts += [Segment("\n" + kind, HINT), Segment(" " + word, SAID)]
    return parts


def asked_in_turns(page: list[Segment]) -> list[Segment]:
    """A page of words as a message, its questions as the turns of a chat: the form in which pictures are asked about."""
    parts = [Segment(USER, 0.0), Segment(page[0].text.strip(), 0.0)]
    for question, answer in zip(page[1::2], page[2::2]):
        start = "" if len(parts) == 2 else USER
        parts += [Segment(start + question.text[0 if start == "" else 1:] + END + ASSISTANT, 0.0), Segment(answer.text.strip() + END, SAID)]
    return parts


def present(rng: random.Random, longest: int, forms: str = "yl", questions: int = 6) -> list[Segment]:
    """A page of words, and whether one of them is there (y), or which (l). What is not there is asked for once."""
    page = rng.sample(WORDS, rng.randint(2, longest))
    missing = rng.sample(sorted(set(WORDS) - set(page)), 3 * questions)
    parts = [Segment(USER + " ".join(page) + "\n", 0.0)]
    for number in range(questions):
        word = rng.choice(page)
        if rng.choice(forms) == "y":
            true = rng.random() < 0.5
            asked = f"Is {word if true else missing.pop()} on the paper?" + rng.choice((" Please answer yes or no.", ""))
            answer = "Yes" if true else "No"
        else:
            options = [word, *(missing.pop() for _ in range(3))]
            rng.shuffle(options)
            asked = "Which of these is on the paper?" + "".join(f"\n{a}. {b}" for a, b in zip(LETTERS, options)) + LETTER_PROMPT
            answer = word
        parts += [Segment((USER if number else "") + asked + END + ASSISTANT, 0.0), Segment(answer + END, SAID)]
    return parts


# What stands between a word and the answer about it, ever more: what is known at the word has to be carried on.
TAILS = (("", "\n"), ("", "?\n"), ("", " there?\n"), ("Is ", " there?\n"), ("Is ", " on the paper?\n"), ("Is ", " on the paper?" + END + ASSISTANT))


def ticked(rng: random.Random, longest: int, tails: int = 1) -> list[Segment]:
    """A page of words, then words of it and others by turns with Yes or No after each: an answer every few tokens.

    Among whole questions this was never learnt; a word that is not there is asked for once, as afterwards it has been seen. `tails`: how
    many of TAILS are asked with, the last one in half of the questions."""
    page = rng.sample(WORDS, rng.randint(2, longest))
    missing = rng.sample(sorted(set(WORDS) - set(page)), min(3 * len(page), 16))
    asked = [(rng.choice(page), "Yes") for _ in missing] + [(word, "No") for word in missing]
    rng.shuffle(asked)
    parts = [Segment(" " + " ".join(page) + "\n", 0.0)]
    for word, answer in asked[:24]:
        before, after = TAILS[tails - 1 if rng.random() < 0.5 else rng.randrange(tails)]
        parts += [Segment(before + ("" if before else " ") + word + after, 0.0), Segment(answer, SAID)]
        parts += [Segment(END + USER if after.endswith(ASSISTANT) else "\n", 0.0)]
    return parts


def recital(rng: random.Random, longest: int = 7, rounds: int = 4, same_words: float = 0.5) -> list[Segment]:
    """`same_words`: how often a line is said again as the list says it; else it is asked, from either side."""
    keys_of, values_of, said, forward, backward = rng.choice(FORMS)
    keys, values = list(keys_of()), list(values_of())
    count = rng.randint(2, min(longest, len(keys), len(values)))
    keys = rng.sample(keys, count) if keys != list(LETTERS) else keys[:count]
    pairs = list(zip(keys, rng.sample(values, count)))
    parts = [Segment("\n".join(said.format(k=k, v=v) for k, v in pairs), HINT)]
    for _ in range(rounds):
        for k, v in rng.sample(pairs, count):
            form = backward if backward and rng.random() < 0.5 else forward
            if rng.random() < same_words:
                form = said.replace(" {v}", "| {v}")
            asked, known = form.format(k=k, v=v).split("|")
            parts += [Segment("\n" + asked, HINT), Segment(known.rstrip("."), SAID)]
            if known.endswith("."):
                parts.append(Segment(".", HINT))
    return parts
