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
from world.recital import asked_in_turns, present, recital, soup, spread
from world.text import TRAINING, Segment

SHAPES = ((8, 256), (4, 512), (8, 256), (8, 256), (2, 1024), (4, 512))  # rows x length of a text batch, in turn
RECITALS = (12, 192)  # every third batch
PICTURE_LENGTH = 512


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


def _page(rng: random.Random) -> list[Segment]:
    kind = rng.random()
    if kind < 0.35:
        return recital(rng, longest=rng.randint(2, 7))
    if kind < 0.65:
        return spread(rng, 4, 3, 3, "wyl", chat=True)
    if kind < 0.8:
        return present(rng, 30)
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


def tiles_of(canvas: Canvas) -> tuple[list[Tensor], tuple[int, int]]:
    """Overview first, then the tiles row by row. All pictures here fill their grid exactly."""
    pixels = canvas.pixels
    rows, columns = pixels.shape[0] // z.TILE, pixels.shape[1] // z.TILE
    overview = np.asarray(Image.fromarray(pixels).resize((z.TILE, z.TILE), Image.Resampling.BICUBIC))
    parts = [pixels[r * z.TILE:(r + 1) * z.TILE, c * z.TILE:(c + 1) * z.TILE] for r in range(rows) for c in range(columns)]
    return [normalised(part) for part in (overview, *parts)], (rows, columns)


def image_tokens(grid: tuple[int, int]) -> int:
    return z.PATCHES**2 + grid[0] * z.PATCHES * (grid[1] * z.PATCHES + 1)


def _prefix(rng: random.Random, tokenizer: Tokenizer, count: int) -> list[int]:
    """Up to the end of the picture; a system message in half of them, as some protocols have one."""
    document = []
    if rng.random() < 0.5:
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
    plain: float = 0.0  # share of the pictures that are asked about without the words of a chat


EVERYTHING = Drill(captions=True)


def _questions(rng: random.Random, picture: Picture, drill: Drill) -> list[tuple[str, str, str]]:
    """(form, prompt, answer) for every question, each put twice while there is room, and the caption first where it is wanted."""
    asked = [("caption", rng.choice(gallery.CAPTION_PROMPTS), picture.caption)] if drill.captions else []
    asks = [ask for ask in picture.asks if not drill.categories or ask.category in drill.categories] * 2
    rng.shuffle(asks)
    for ask in asks:
        prompt, answer = drill.put(rng, ask)
        form = "yes-no" if answer in ("Yes", "No") else "options" if prompt.endswith(documents.LETTER_PROMPT) else "word"
        asked.append((form, prompt, answer))
    return asked


def _picture_row(rng: random.Random, tokenizer: Tokenizer, picture: Picture, grid: tuple[int, int], drill: Drill, kinds: list):
    plain = rng.random() < drill.plain
    ids = [BOS] + [IMAGE] * image_tokens(grid) if plain else _prefix(rng, tokenizer, image_tokens(grid))
    prefix = len(ids)
    weights, positions, branches = [0.0] * prefix, list(range(prefix)), [-1] * prefix
    for form, prompt, answer in _questions(rng, picture, drill):
        middle = documents.END + documents.ASSISTANT
        importance = 1.0 if form == "caption" else 3.0
        parts = [Segment("\n" + prompt, 0.0), Segment(" " + answer, importance)] if plain else [
            Segment(prompt + middle, 0.0), Segment(answer + documents.END, importance)]
        part, weight = encode(tokenizer, parts)
        if len(ids) + len(part) > PICTURE_LENGTH:
            break
        ids, weights = ids + part, weights + weight
        positions += range(prefix, prefix + len(part))
        branches += [len(kinds)] * len(part)
        kinds.append((picture.kind, form))
    fill = PICTURE_LENGTH - len(ids)
    return ids + [PAD] * fill, weights + [0.0] * fill, positions + [0] * fill, branches + [-2] * fill


def picture_batch(tokenizer: Tokenizer, seed: int, step: int, count: int = 4, split: int = TRAINING, drill: Drill = EVERYTHING) -> Batch:
    rng = random.Random(seed * 2_000_003 + step)
    rows, tiles, grids, kinds = [], [], [], []
    for _ in range(count):
        picture = gallery.picture(rng, split, rng.choice(drill.kinds) if drill.kinds else None)
        parts, grid = tiles_of(picture.canvas)
        tiles += parts
        grids.append(grid)
        rows.append(_picture_row(rng, tokenizer, picture, grid, drill, kinds))
    ids, weights, positions, branches = (torch.tensor(column) for column in zip(*rows))
    own = branches[:, :, None] == branches[:, None, :]
    causal = torch.ones(PICTURE_LENGTH, PICTURE_LENGTH, dtype=torch.bool).tril()
    mask = (causal & (own | (branches[:, None, :] == -1)))[:, None]
    return Batch(ids, weights, positions, mask, torch.stack(tiles), grids, branches, kinds)
