"""Training documents: stories, facts, questions and choices, in the forms in which the program will ask for them."""

import random

from world import choice, facts, howto, reading, stories, sums
from world.text import TRAINING, Document, Segment, plain, split_of

ANSWER_WEIGHT = 2.0
LETTER_WEIGHT = 4.0
USER = "<|start_header_id|>user<|end_header_id|>\n\n"
ASSISTANT = "<|start_header_id|>assistant<|end_header_id|>\n\n"
SYSTEM = "<|start_header_id|>system<|end_header_id|>\n\n"
END = "<|eot_id|>"
LETTER_PROMPT = "\nAnswer with the option's letter from the given choices directly."


def turn(prompt: str, answer: str, weight: float = ANSWER_WEIGHT, prompt_weight: float = 0.3) -> Document:
    return [Segment(USER, 0.0), Segment(prompt, prompt_weight), Segment(END + ASSISTANT, 0.0), Segment(answer + END, weight)]


def story(rng: random.Random) -> Document:
    while True:
        text = stories.story(rng)
        if split_of(text) == TRAINING:
            return [Segment(text)]


def fact_page(rng: random.Random) -> Document:
    lines = [rng.choice((facts.statement, facts.statement, facts.statement, howto.statement, sums.statement))(rng)
             for _ in range(rng.randint(3, 7))]
    return [Segment(" ".join(lines))]


def _short_question(rng: random.Random) -> tuple[str, str]:
    kind = rng.random()
    if kind < 0.5:
        item = facts.question(rng)
        return item.text, item.answer
    if kind < 0.7:
        total = sums.draw(rng)
        return total.text, str(total.answer)
    if kind < 0.85:
        told = reading.passage(rng)
        return told.text, told.answer
    wanted = howto.goal(rng)
    return wanted.goal, wanted.right


def question(rng: random.Random) -> Document:
    text, answer = _short_question(rng)
    return [Segment(f"Question: {text}\nAnswer:"), Segment(f" {answer}", ANSWER_WEIGHT)]


def ledger_page(rng: random.Random) -> Document:
    """Looking things up, many times on one page: what answers about pictures and passages need as well."""
    text, asked = reading.ledger(rng)
    parts = [Segment(text, 0.2)]
    for prompt, answer in asked[:rng.randint(6, 12)]:
        parts += [Segment(f"\n\nQuestion: {prompt}\nAnswer:", 0.1), Segment(f" {answer}", ANSWER_WEIGHT)]
    return parts


def talk(rng: random.Random) -> Document:
    """A chat of one to three turns, some of them with options."""
    parts: Document = []
    for _ in range(rng.randint(1, 3)):
        if rng.random() < 0.4:
            item = choice.of_passage(rng) if rng.random() < 0.5 else choice.draw(rng)
            parts += turn(item.question + item.listed + LETTER_PROMPT, item.letter, LETTER_WEIGHT)
        else:
            parts += turn(*_short_question(rng))
    return parts


def test_page(rng: random.Random) -> Document:
    """A page of choices on one subject, as the five-shot prompts of MMLU read; now and then without the space."""
    subject = rng.choice(choice.SUBJECTS)
    parts = [Segment(f"The following are multiple choice questions (with answers) about  {subject.replace('_', ' ')}.\n\n", 0.3)]
    for index in range(rng.randint(3, 7)):
        item = choice.draw(rng, subject=subject)
        gap = "" if rng.random() < 0.12 else " "
        parts += [Segment(("\n\n" if index else "") + item.question + item.listed + "\nAnswer:", 0.5),
                  Segment(gap + item.letter, LETTER_WEIGHT)]
    return parts


def contrasts(rng: random.Random) -> Document:
    return [Segment(" ".join(reading.contrast(rng).solved for _ in range(rng.randint(1, 4))))]


KINDS = ((story, 5), (fact_page, 4), (question, 5), (talk, 3), (test_page, 2), (contrasts, 1), (ledger_page, 4))


def document(rng: random.Random) -> Document:
    kinds, weights = zip(*KINDS)
    return rng.choices(kinds, weights)[0](rng)


def _asked(rng: random.Random, split: int) -> str:
    """A page of questions and answers of one split."""
    asked = (facts.question(rng, split) for _ in range(rng.randint(4, 8)))
    return "\n\n".join(f"Question: {item.text}\nAnswer: {item.answer}" for item in asked)


def corpus(seed: int, split: int, characters: int, with_questions: bool = False) -> str:
    """Plain text of one split: stories with fact pages between them; with questions, as many pages of those as stories."""
    rng, parts, size = random.Random(seed), [], 0
    while size < characters:
        if with_questions and rng.random() < 0.5:
            text, own_split = _asked(rng, split), split
        else:
            text = stories.story(rng) if rng.random() < 0.8 else plain(fact_page(rng))
            own_split = split_of(text)
        if own_split == split:
            parts.append(text)
            size += len(text) + 2
    return "\n\n".join(parts) + "\n"
