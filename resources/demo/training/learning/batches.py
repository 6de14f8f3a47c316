"""Batches made on the fly: a step's data depend on the seed and the step's number only."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from learning import sizes as z
from learning.tokens import BOS, IMAGE, PAD, encode
from pictures import gallery
from pictures.canvas import Ask, Canvas, Picture
from world import documents
from world.recital import TAILS, asked_in_turns, present, recital, soup, spread
from world.text import TRAINING, Segment

SHAPES = ((8, 256), (4, 512), (8, 256), (8, 256), (2, 1024), (4, 512))  # rows x length of a text batch, in turn
RECITALS = (12, 192)  # every third batch
PICTURE_LENGTH = 400
TICKS = 12  # right ones and wrong ones about a picture


@dataclass
class Batch:
    """`weights[i]` scales the loss of predicting ids[i]; groups: 0 text or caption, 1 word, 2 yes or no, 3 letter."""

    ids: Tensor
    weights: Tensor
    positions: Tensor
    mask: Tensor | None = None
    tiles: Tensor | None = None
    grids: list | None = None
    branches: Tensor | None = None  # number of the question a token belongs to, over the whole batch; -1: none
    kinds: list | None = None  # of every question: (picture kind, form)
    classes: Tensor | None = None  # what every patch of `tiles` says


def _page(rng: random.Random) -> list[Segment]:
    kind = rng.random()
    if kind < 0.35:
        return recital(rng, longest=rng.randint(2, 7))
    if kind < 0.45:
        return spread(rng, 4, 3, 3, "wyl", chat=True)
    if kind < 0.8:
        return present(rng, 20, "yyl")
    page = soup(rng, longest=40)
    return asked_in_turns(page) if rng.random() < 0.5 else page


def _recital_batch(tokenizer: Tokenizer, rng: random.Random) -> Batch:
    """A short list in every row, said and asked again and again, or a page of words to find one in."""
    rows, length = RECITALS
    ids, weights = [], []
    for _ in range(rows):
        row, scale, chat = [BOS], [0.0], False
        while len(row) < length and not chat:
            page = _page(rng)
            chat = page[0].text.startswith(documents.USER)  # one a row: the words of another page would be taken for its own
            part, weight = encode(tokenizer, page)
            row, scale = row + part, scale + weight
        ids.append((row + [PAD] * length)[:length])
        weights.append((scale + [0.0] * length)[:length])
    return Batch(torch.tensor(ids), torch.tensor(weights), torch.arange(length).expand(rows, length))


def text_batch(tokenizer: Tokenizer, seed: int, step: int) -> Batch:
    rng = random.Random(seed * 1_000_003 + step)
    if step % 3 == 2:
        return _recital_batch(tokenizer, rng)
    rows, length = SHAPES[step % len(SHAPES)]
    ids, weights = [], []
    gap = tokenizer.encode("\n\n", add_special_tokens=False).ids
    for _ in range(rows):
        row, scale = ([BOS], [0.0]) if rng.random() < 0.5 else ([], [])
        while len(row) < length:
            part, weight = encode(tokenizer, documents.document(rng))
            row, scale = row + part + gap, scale + weight + [0.5] * len(gap)
        ids.append(row[:length])
        weights.append(scale[:length])
    positions = torch.arange(length).expand(rows, length)
    return Batch(torch.tensor(ids), torch.tensor(weights), positions)


def ledger_batch(tokenizer: Tokenizer, seed: int, rows: int = 16) -> Batch:
    """Look-ups on a page; every answer is a question of its own."""
    rng = random.Random(seed)
    ids, weights, branches, kinds = [], [], [], []
    for _ in range(rows):
        row, scale, branch = [], [], []
        for segment in documents.ledger_page(rng):
            part, weight = encode(tokenizer, [segment])
            answer = segment.weight == documents.ANSWER_WEIGHT
            row, scale = row + part, scale + (weight if answer else [0.0] * len(part))
            branch += [len(kinds) if answer else -1] * len(part)
            if answer:  # its first token is predicted from the question's last
                branch[-len(part) - 1] = len(kinds)
                kinds.append(("ledger", "word"))
        fill = 512 - len(row)
        ids.append((row + [PAD] * fill)[:512])
        weights.append((scale + [0.0] * fill)[:512])
        branches.append((branch + [-1] * fill)[:512])
    positions = torch.arange(512).expand(rows, 512)
    return Batch(torch.tensor(ids), torch.tensor(weights), positions, branches=torch.tensor(branches), kinds=kinds)


def normalised(pixels: np.ndarray) -> Tensor:
    x = torch.from_numpy(pixels.astype(np.float32) / 255.0)
    return ((x - torch.tensor(z.MEAN)) / torch.tensor(z.STD)).permute(2, 0, 1)


def tiles_of(canvas: Canvas) -> tuple[list[Tensor], list[Tensor], tuple[int, int]]:
    """Overview first, then the tiles row by row, with the class of every patch; the overview, too small to be read, says nothing.

    All pictures here fill their grid exactly."""
    pixels, classes = canvas.pixels, torch.from_numpy(canvas.classes)
    rows, columns = pixels.shape[0] // z.TILE, pixels.shape[1] // z.TILE
    overview = np.asarray(Image.fromarray(pixels).resize((z.TILE, z.TILE), Image.Resampling.BICUBIC))
    parts, labels = [overview], [torch.zeros(z.PATCHES**2, dtype=torch.long)]
    for r in range(rows):
        for c in range(columns):
            parts.append(pixels[r * z.TILE:(r + 1) * z.TILE, c * z.TILE:(c + 1) * z.TILE])
            labels.append(classes[r * z.PATCHES:(r + 1) * z.PATCHES, c * z.PATCHES:(c + 1) * z.PATCHES].flatten())
    return [normalised(part) for part in parts], labels, (rows, columns)


def image_tokens(grid: tuple[int, int]) -> int:
    return z.PATCHES**2 + grid[0] * z.PATCHES * (grid[1] * z.PATCHES + 1)


def prefix_ids(rng: random.Random, tokenizer: Tokenizer, count: int, systems: float) -> list[int]:
    """Up to the end of the picture; a system message in some of them, as some protocols have one."""
    document = []
    if rng.random() < systems:
        words = documents.plain(documents.fact_page(rng)) if rng.random() < 0.7 else "You are a helpful guide to the Vale."
        document = [Segment(documents.SYSTEM), Segment(words + documents.END)]
    head, _ = encode(tokenizer, [*document, Segment(documents.USER)])
    newline = tokenizer.encode("\n", add_special_tokens=False).ids
    return [BOS] * rng.choice((1, 1, 1, 2)) + head + [IMAGE] * count + newline


@dataclass(frozen=True)
class Drill:
    """What a batch of pictures asks for: kinds of pictures and categories of questions (none: all), and in which forms."""

    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    put: Callable[[random.Random, Ask], tuple[str, str]] = gallery.put
    captions: bool = False
    systems: float = 0.2  # share of the pictures with a system message before them
    questions: int = 8  # about one picture at most
    rows: float = 0.0  # share of the pictures whose rows are said again
    ticks: float = 0.0  # share of those that are asked whether they have this word or that
    tails: int = len(TAILS)  # in how many of the wordings
    plain: float = 0.0  # share of those that are asked about without the words of a chat


EVERYTHING = Drill(captions=True, rows=0.03, ticks=0.1)


def _questions(rng: random.Random, picture: Picture, drill: Drill) -> list[tuple[str, str, str]]:
    """(form, prompt, answer) for some of the questions, and the caption first where it is wanted."""
    asked = [("caption", rng.choice(gallery.CAPTION_PROMPTS), picture.caption)] if drill.captions else []
    asks = [ask for ask in picture.asks if not drill.categories or ask.category in drill.categories]
    for ask in rng.sample(asks, min(len(asks), drill.questions)):
        prompt, answer = drill.put(rng, ask)
        form = "yes-no" if answer in ("Yes", "No") else "options" if prompt.endswith(documents.LETTER_PROMPT) else "word"
        asked.append((form, prompt, answer))
    return asked


def _ticks(rng: random.Random, picture: Picture, tails: int) -> list[tuple[str, Segment, Segment]]:
    """Words that are there and for each another of its sort that is not, with Yes or No after more or fewer other words."""
    ticks = []
    for word in rng.choices(sorted(picture.canvas.words), k=TICKS):
        ticks += [(word, "Yes"), (rng.choice(picture.canvas.others_like(word)), "No")]
    rng.shuffle(ticks)
    asked = []
    for word, answer in ticks:
        before, after = TAILS[tails - 1 if rng.random() < 0.5 else rng.randrange(tails)]
        asked.append(("tick", Segment("\n" + before + ("" if before else " ") + word + after, 0.0), Segment(answer, 3.0)))
    return asked


def _asked(rng: random.Random, picture: Picture, drill: Drill) -> tuple[bool, list[tuple[str, Segment, Segment]]]:
    """Whether in a chat, and (form, what is asked, what is answered) of every question."""
    kind = rng.random()
    if kind < drill.rows:
        return False, [("row", Segment("\n " + key, 0.0), Segment(" " + rest, 3.0)) for key, rest in picture.canvas.rows_said()]
    if kind < drill.rows + drill.ticks:
        return False, _ticks(rng, picture, drill.tails)
    questions = _questions(rng, picture, drill)
    if kind < drill.rows + drill.ticks + drill.plain:
        return False, [(form, Segment("\n" + prompt, 0.0), Segment(" " + answer, 3.0)) for form, prompt, answer in questions]
    return True, [(form, Segment(prompt + documents.END + documents.ASSISTANT, 0.0),
                   Segment(answer + documents.END, 1.0 if form == "caption" else 3.0)) for form, prompt, answer in questions]


def _picture_row(rng: random.Random, tokenizer: Tokenizer, picture: Picture, grid: tuple[int, int], drill: Drill, kinds: list):
    chat, asked = _asked(rng, picture, drill)
    ids = prefix_ids(rng, tokenizer, image_tokens(grid), drill.systems) if chat else [BOS] + [IMAGE] * image_tokens(grid)
    prefix = len(ids)
    weights, positions, branches = [0.0] * prefix, list(range(prefix)), [-1] * prefix
    for form, question, answer in asked:
        part, weight = encode(tokenizer, [question, answer])
        if len(ids) + len(part) > PICTURE_LENGTH:
            break
        ids, weights = ids + part, weights + weight
        positions += range(prefix, prefix + len(part))
        branches += [len(kinds)] * len(part)
        kinds.append((picture.kind, form))
    return ids, weights, positions, branches


def picture_batch(tokenizer: Tokenizer, seed: int, step: int, count: int = 4, split: int = TRAINING, drill: Drill = EVERYTHING) -> Batch:
    """Every question sees its picture and itself only."""
    rng = random.Random(seed * 2_000_003 + step)
    rows, tiles, classes, grids, kinds = [], [], [], [], []
    for _ in range(count):
        picture = gallery.picture(rng, split, rng.choice(drill.kinds) if drill.kinds else None)
        parts, labels, grid = tiles_of(picture.canvas)
        tiles, classes = tiles + parts, classes + labels
        grids.append(grid)
        rows.append(_picture_row(rng, tokenizer, picture, grid, drill, kinds))
    longest = max(len(row[0]) for row in rows)
    ids, weights, positions, branches = (torch.tensor([part + [fill] * (longest - len(part)) for part in column])
                                         for column, fill in zip(zip(*rows), (PAD, 0.0, 0, -2)))
    own = branches[:, :, None] == branches[:, None, :]
    causal = torch.ones(longest, longest, dtype=torch.bool).tril()
    mask = (causal & (own | (branches[:, None, :] == -1)))[:, None]
    return Batch(ids, weights, positions, mask, torch.stack(tiles), grids, branches, kinds, torch.stack(classes))
