"""Drills of one skill each, with an answer every few tokens: yes or no to a claim, the letter of an option, which of two names is meant."""

import random
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from learning.batches import Batch, Drill, image_tokens, prefix_ids, tiles_of
from learning.tokens import BOS, IMAGE, PAD, encode
from pictures import gallery
from pictures.canvas import SORTS, WORDS, Picture
from world import choice, reading
from world.documents import ASSISTANT, END, USER
from world.text import TRAINING, Segment, others, shuffled_choices

ALONG = 0.4  # weight of saying the answer early, at every token between the claimed word and the answer's place
PLEASE, WORD_PROMPT = " Please answer yes or no.", gallery.WORD_PROMPTS[0]
SHOWN = ("", "Is there", "Does the picture show")


ALONE = -1  # the branch of what every question sees


@dataclass
class Row:
    """A page and its branches, every one a question that sees the page and itself only."""

    ids: list[int]
    targets: list[int]  # what is to be said after each token
    weights: list[float]
    counted: list[bool]  # where it shows whether an answer is right
    positions: list[int]
    branches: list[int]

    @staticmethod
    def of(page: list[int]) -> "Row":
        size = len(page)
        return Row(list(page), [PAD] * size, [0.0] * size, [False] * size, list(range(size)), [ALONE] * size)

    def ask(self, branch: int, question: list[int], answer: list[int], early: int = 0, start: int = 0, tells: int = 0) -> None:
        """`early`: after how many of the question's last tokens the answer's first is wanted as well; `start`: the question's position;
        `tells`: the token of the answer that shows whether it is right."""
        part, said = question + answer, len(question) - 1
        targets = [PAD] * said + answer + [PAD]
        weights = [0.0] * said + [1.0] * len(answer) + [0.0]
        for place in range(max(0, said - early), said):
            targets[place], weights[place] = answer[0], ALONG
        self.ids, self.targets, self.weights = self.ids + part, self.targets + targets, self.weights + weights
        self.counted += [place == said + tells for place in range(len(part))]
        self.positions += range(start, start + len(part))
        self.branches += [branch] * len(part)


@dataclass
class Task:
    """A batch with targets of its own, and where one shows whether an answer is right."""

    batch: Batch
    targets: Tensor
    counted: Tensor


def _task(rows: list[Row], tiles: list[Tensor] | None = None, grids: list | None = None) -> Task:
    longest = max(len(row.ids) for row in rows)

    def table(name: str, fill: float) -> Tensor:
        return torch.tensor([getattr(row, name) + [fill] * (longest - len(row.ids)) for row in rows])

    branches = table("branches", -2)
    own = (branches[:, :, None] == branches[:, None, :]) | (branches[:, None, :] == ALONE)
    mask = (torch.ones(longest, longest, dtype=torch.bool).tril() & own)[:, None]
    batch = Batch(table("ids", PAD), table("weights", 0.0), table("positions", 0), mask, torch.stack(tiles) if tiles else None, grids, branches)
    return Task(batch, table("targets", PAD), table("counted", False))


def _absent(rng: random.Random, picture: Picture) -> str:
    """A word of another such picture: how common a word is must not give the answer away."""
    while True:
        words = sorted(gallery.picture(rng, TRAINING, picture.kind).canvas.words - picture.canvas.words)
        if words:
            return rng.choice(words)


def _claim(rng: random.Random, picture: Picture, shown: float) -> tuple[str, str, str]:
    """A claim up to its last word, the right word, a wrong one."""
    if rng.random() < shown:
        return rng.choice(SHOWN), rng.choice(sorted(picture.canvas.words)), _absent(rng, picture)
    ask = rng.choice(picture.asks)
    return ask.claim.removesuffix(" {}?"), ask.answer, rng.choice(ask.wrong)


def _judge(tokenizer: Tokenizer, rng: random.Random, row: Row, page: int, branch: int, chat: bool, claim: str, word: str, true: bool) -> None:
    """A claim that ends with `word`; yes or no is wanted at once and at every token up to the answer's place."""
    head, _ = encode(tokenizer, [Segment(("" if chat else "\n") + claim + " " + word)])
    ending = ("?" + rng.choice((PLEASE, PLEASE, WORD_PROMPT)) + END + ASSISTANT) if chat else "?"
    tail, _ = encode(tokenizer, [Segment(ending)])
    answer, _ = encode(tokenizer, [Segment(("" if chat else " ") + ("Yes" if true else "No"))])
    row.ask(branch, head + tail, answer, len(tail), page)


def page_task(tokenizer: Tokenizer, rng: random.Random, tokens: int, longest: int, chats: float) -> Task:
    """Pages of words and whether a word is on them."""
    rows, words = [], sorted(set(WORDS[1:]))
    while sum(len(row.ids) for row in rows) < tokens:
        drawn = rng.sample(words, 2 * rng.randint(2, longest))
        there, missing = drawn[::2], drawn[1::2]
        chat = rng.random() < chats
        row = Row.of([BOS] + encode(tokenizer, [Segment((USER if chat else " ") + " ".join(there) + "\n")])[0])
        page = len(row.ids)
        for branch in range(8 if chat else 24):
            true = rng.random() < 0.5
            _judge(tokenizer, rng, row, page, branch, chat, rng.choice(SHOWN) if chat else "", rng.choice(there if true else missing), true)
        rows.append(row)
    return _task(rows)


def claim_task(tokenizer: Tokenizer, rng: random.Random, pictures: int, count: int, shown: float, split: int = TRAINING, chats: float = 1.0) -> Task:
    """Claims about pictures, some of them only that a word is there."""
    rows, tiles, grids = [], [], []
    for _ in range(pictures):
        picture = gallery.picture(rng, split)
        parts, _, grid = tiles_of(picture.canvas)
        tiles, grids = tiles + parts, [*grids, grid]
        chat = rng.random() < chats
        row = Row.of(prefix_ids(rng, tokenizer, image_tokens(grid), 0.05) if chat else [BOS] + [IMAGE] * image_tokens(grid))
        page = len(row.ids)
        for branch in range(count):
            claim, right, wrong = _claim(rng, picture, shown)
            true = rng.random() < 0.5
            _judge(tokenizer, rng, row, page, branch, chat, claim, right if true else wrong, true)
        rows.append(row)
    return _task(rows, tiles, grids)


def _copied(rng: random.Random) -> tuple[str, list[str], int]:
    """A word, and options that it is one of."""
    sort = rng.choice([sort for sort in SORTS if len(sort) >= 4])
    word = rng.choice(sort)
    return f"It is {word}", *shuffled_choices(rng, word, others(rng, sort, word, 3))


def _item(rng: random.Random, split: int, known: float) -> tuple[str, list[str], int, bool]:
    """Question, options, the right one's place, whether its words have to be found first."""
    if rng.random() >= known:
        return *_copied(rng), False
    kind = rng.random()
    item = choice.of_sum(rng, split) if kind < 0.05 else choice.of_passage(rng, split) if kind < 0.1 else choice.of_fact(rng, split)
    return item.question, item.options, item.answer, True


def _ask_letter(row: Row, tokenizer: Tokenizer, rng: random.Random, item: tuple[str, list[str], int, bool], along: float) -> None:
    """`along` is the weight of what is wanted on the way: the right option's words before the options, from the right option on its letter at
    every token, and after the wrong ones before it none. Without it there may be no space before the letter."""
    question, options, right, found = item
    start = len(row.ids)
    parts = [("" if start < 2 else "\n\n") + question, *(f"\n{letter}. {option}" for letter, option in zip(choice.LETTERS, options)), "\nAnswer:"]
    pieces = [encode(tokenizer, [Segment(part)])[0] for part in parts]
    gap = " " if along > 0.0 or rng.random() < 0.5 else ""
    answer = encode(tokenizer, [Segment(gap + choice.LETTERS[right])])[0]
    row.ask(ALONE, [token for piece in pieces for token in piece], answer, 0, start)
    place = start + len(pieces[0])
    if found:
        told = options[right] if options[right].isdigit() else " " + options[right]
        row.targets[place - 1], row.weights[place - 1] = encode(tokenizer, [Segment(told)])[0][0], along
    end = len(row.ids) - len(answer) - 1
    for option in range(4):
        last = place + len(pieces[1 + option]) - 1
        if option < right:
            row.targets[last], row.weights[last] = pieces[1][0], along  # another line follows
        elif option == right:
            for early in range(last, end):
                row.targets[early], row.weights[early] = answer[0], along
        place = last + 1


def letter_task(tokenizer: Tokenizer, rng: random.Random, tokens: int, known: float, items: int, along: float, split: int = TRAINING) -> Task:
    """Letters. `known` 0: of words that were just told; 1: of facts that are known, and sums and passages. `items`: at most so many a row."""
    rows, count = [], rng.randint(1, items)
    while sum(len(row.ids) for row in rows) < tokens:
        row = Row.of([BOS])
        for _ in range(count):
            _ask_letter(row, tokenizer, rng, _item(rng, split, known), along)
        rows.append(row)
    return _task(rows)


def _first_difference(tokenizer: Tokenizer, ending: str) -> int:
    """At which token it shows who is meant."""
    pair = next(endings for _, *endings in reading.CONTRASTS if any(ending.startswith(end) for end in endings))
    one, other = (encode(tokenizer, [Segment(" " + end)])[0] for end in pair)
    return next(i for i, (a, b) in enumerate(zip(one, other)) if a != b)


def contrast_task(tokenizer: Tokenizer, rng: random.Random, rows: int, split: int = TRAINING) -> Task:
    """Pairs of names, and what the one or the other then did."""
    made = []
    for _ in range(rows):
        row = Row.of([BOS] if rng.random() < 0.5 else [])
        before, after = reading.contrast(rng, split).solved.split(", so ")
        name, ending = after.split(" ", 1)
        question, answer = (encode(tokenizer, [Segment(text)])[0] for text in (f"{before}, so {name}", " " + ending))
        row.ask(ALONE, question, answer, 0, len(row.ids), _first_difference(tokenizer, ending))
        made.append(row)
    return _task(made)
