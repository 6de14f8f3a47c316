"""All kinds of pictures, and how their questions are put."""

import random
from dataclasses import replace

from pictures import charts, documents, scenes
from pictures.canvas import Ask, Picture
from world.choice import LETTERS
from world.documents import LETTER_PROMPT
from world.text import TRAINING, shuffled_choices, split_of

KINDS = {"bars": (charts.bars, 4), "line": (charts.line, 2), "pie": (charts.pie, 2), "form": (documents.form, 4),
         "sign": (documents.sign, 3), "shapes": (scenes.shapes, 4), "chain": (scenes.chain, 3)}

# How the evaluation protocols that the program follows put a question after a picture.
WORD_PROMPTS = ("\nAnswer the question using a single word or phrase.", "\nAnswer the question with a single word.", "")
CAPTION_PROMPTS = ("Describe the picture.", "What is shown in this picture?", "What does the picture show?")
OPTIONS = 4


def picture(rng: random.Random, split: int = TRAINING, kind: str | None = None) -> Picture:
    names, weights = zip(*((name, weight) for name, (_, weight) in KINDS.items()))
    while True:
        drawn = KINDS[kind or rng.choices(names, weights)[0]][0](rng)
        if split_of(drawn.key) == split:
            drawn.asks = [_told_apart(ask, drawn) for ask in drawn.asks]
            return drawn


def _told_apart(ask: Ask, drawn: Picture) -> Ask:
    """Wrong answers that stand nowhere in the picture, as far as there are any: to see what is there is enough then."""
    apart = [wrong for wrong in ask.wrong if wrong not in drawn.canvas.words]
    rest = [wrong for wrong in ask.wrong if wrong in drawn.canvas.words]
    return replace(ask, wrong=tuple(apart + rest[:max(0, OPTIONS - 1 - len(apart))]))


def bare(_rng: random.Random, ask: Ask) -> tuple[str, str]:
    return ask.question, ask.answer


def as_word(rng: random.Random, ask: Ask) -> tuple[str, str]:
    return ask.question + rng.choice(WORD_PROMPTS), ask.answer


def as_yes_no(rng: random.Random, ask: Ask) -> tuple[str, str]:
    yes = rng.random() < 0.5
    claim = ask.claim.format(ask.answer if yes else rng.choice(ask.wrong))
    return claim + rng.choice((" Please answer yes or no.", WORD_PROMPTS[0])), "Yes" if yes else "No"


def options_of(rng: random.Random, ask: Ask) -> tuple[list[str], int]:
    wrong = rng.sample(ask.wrong, min(3, len(ask.wrong)))
    return shuffled_choices(rng, ask.answer, wrong)


def as_options(rng: random.Random, ask: Ask) -> tuple[str, str]:
    options, answer = options_of(rng, ask)
    listed = "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, options))
    if rng.random() < 0.35:
        return f"{ask.question} There are several options:{listed}\n{LETTER_PROMPT}", options[answer]
    return ask.question + listed + LETTER_PROMPT, options[answer]


def put(rng: random.Random, ask: Ask) -> tuple[str, str]:
    """A question and its answer in one of the three forms; what asks for "which of these" needs its options."""
    if ask.category == "existence":
        return rng.choice((as_yes_no, as_options))(rng, ask)
    return rng.choices((as_word, as_yes_no, as_options), (4, 4, 2))[0](rng, ask)
