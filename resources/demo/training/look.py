"""Between the stages: the text model learns to look up in pictures. Changes state.pt.

The embeddings of the words stand in for what the tower will make of the patches, so that this costs little more than text; train_vision.py then
leads the tower to them. A level ends when most answers about training pictures are right.
"""

import random
import time
from collections import defaultdict
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from learning.batches import Batch, Drill, picture_batch, text_batch
from learning.losses import exact, loss, predictions
from learning.parallel import backward, prepare
from learning.stage import run_stage
from learning.tokens import BOS, EOT, PAD, encode
from pictures import gallery
from pictures.canvas import Ask
from train import Trainer
from world.recital import SAID, TAILS, present, ticked
from world.text import EVALUATION

FOUND = ("field", "title", "seal", "color", "distance", "position", "colour", "value", "order")
COMPARED = ("most", "least", "nearest")
KINDS = ("bars", "line", "pie", "form", "sign", "shapes", "shapes", "chain", "chain")  # the last two are learnt last


def _word(rng: random.Random, ask: Ask) -> tuple[str, str]:
    return (gallery.bare if rng.random() < 0.5 else gallery.as_word)(rng, ask)


# (what is asked, steps of it): the rows of a picture said again, an answer every few tokens; then questions about them, at first without the
# words of a chat; then also what is there and what is not; then all there is
LEVELS = (
    (Drill((), FOUND, gallery.bare, systems=0.0, rows=0.8, plain=0.15), 125),
    (Drill((), FOUND, gallery.bare, systems=0.0, rows=0.2, plain=0.5), 300),
    (Drill(KINDS, (*FOUND, *COMPARED), _word, systems=0.0, rows=0.05, ticks=0.15, plain=0.3), 600),
    (Drill(KINDS, systems=0.1, rows=0.05, ticks=0.07, plain=0.1), 300),
)
# Pages of words without a picture, and whether a word is on them: ever longer ones, and ever more words between question and answer
PAGES = (
    lambda rng: ticked(rng, 3),
    *(partial(ticked, longest=6, tails=tails) for tails in range(1, len(TAILS) + 1)),
    partial(ticked, longest=14, tails=len(TAILS)),
    partial(present, longest=10, forms="y"),
    partial(present, longest=20, forms="y"),
)
PAGE_TOKENS, PAGE_LONGEST, PAGE_ENOUGH = 2048, 300, 0.88
PICTURES, LOOK_EVERY, TEXT_EVERY = 16, 25, 6
RATE = 8e-4


def _counted(trainer: Trainer, drill: Drill, seed: int, count: int) -> str:
    """Share of right answers about pictures never trained on, by kind and form."""
    found = defaultdict(list)
    for step in range(count):
        batch = picture_batch(trainer.tokenizer, seed, step, PICTURES, EVALUATION, drill)
        for (kind, form), right in exact(trainer.model, batch, trainer.words).items():
            found[f"{kind} {form}"] += right
    return ", ".join(f"{name} {sum(right) / len(right):.2f}" for name, right in sorted(found.items()))


def _page_batch(tokenizer: Tokenizer, rng: random.Random, level: int) -> Batch:
    """A page a row, a quarter of them of the levels before."""
    ids, weights = [], []
    while sum(map(len, ids)) < PAGE_TOKENS:
        page = PAGES[level if rng.random() < 0.75 else rng.randint(0, level)](rng)
        part, weight = encode(tokenizer, page)
        ids.append([BOS, *part][:PAGE_LONGEST])
        weights.append([0.0, *(float(value == SAID) for value in weight)][:PAGE_LONGEST])
    longest = max(map(len, ids))
    rows = [row + [PAD] * (longest - len(row)) for row in ids]
    scales = [scale + [0.0] * (longest - len(scale)) for scale in weights]
    return Batch(torch.tensor(rows), torch.tensor(scales), torch.arange(longest).expand(len(rows), longest))


class Looker:
    def __init__(self, folder: Path, seed: int) -> None:
        self.trainer, self.seed = Trainer(folder, rate=RATE, pictures=0), seed
        self.level, self.since, self.page = 0, 0, 0
        self.pictures_right: list[float] = []
        self.pages_right: list[float] = []
        with torch.no_grad():  # a row of a picture ends like a line of text at first
            model = self.trainer.model
            model.image_newline.copy_(model.language_model.model.embed_tokens.weight[self.trainer.words[0]])

    def _picture_loss(self, step: int, part: int) -> torch.Tensor:
        batch = picture_batch(self.trainer.tokenizer, 2 * self.seed + part, step, PICTURES // 2, drill=LEVELS[self.level][0])
        logits, targets, _ = predictions(self.trainer.model, batch, self.trainer.words)
        self.pictures_right.append((logits.argmax(-1) == targets).float().mean().item())
        return F.cross_entropy(logits, targets) / 2

    def _page_loss(self, step: int) -> torch.Tensor:
        batch = _page_batch(self.trainer.tokenizer, random.Random(self.seed * 1_000_003 + step), self.page)
        logits, targets, _ = predictions(self.trainer.model, batch)
        counted = targets != EOT
        self.pages_right.append((logits.argmax(-1) == targets)[counted].float().mean().item())
        return F.cross_entropy(logits, targets)

    def advance(self, step: int) -> None:
        trainer = self.trainer
        trainer.set_rate((RATE if self.level < 2 else 0.6 * RATE) * min(1.0, (step + 1) / 20))
        jobs = [lambda: self._picture_loss(step, 0), lambda: self._picture_loss(step, 1)]
        if LEVELS[self.level][0].ticks:
            jobs.append(lambda: self._page_loss(step))
        if step % TEXT_EVERY == 0:  # so that the texts are not forgotten
            jobs.append(lambda: loss(trainer.model, text_batch(trainer.tokenizer, self.seed, step // TEXT_EVERY)))
        backward(trainer.model, jobs)
        trainer.update()
        self.since += 1

    def look(self, step: int) -> str:
        """Goes to the next page and level where enough is right; returns what to print."""
        shown = [sum(right) / max(1, len(right)) for right in (self.pictures_right, self.pages_right)]
        text = (f"look {step + 1} level {self.level} tokens right {shown[0]:.3f} page {self.page} {shown[1]:.3f}; "
                f"unseen: {_counted(self.trainer, LEVELS[self.level][0], 999, 1)}")
        self.page = min(self.page + (shown[1] > PAGE_ENOUGH), len(PAGES) - 1)
        self.pictures_right, self.pages_right = [], []
        if self.since >= LEVELS[self.level][1]:
            self.level, self.since = self.level + 1, 0
        self.trainer.save()
        return text


def run(folder: Path, steps: int, seed: int) -> None:
    prepare()
    looker, start = Looker(folder, seed), time.time()
    for step in range(steps):
        looker.advance(step)
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            print(f"{looker.look(step)}; {time.time() - start:.0f}s", flush=True)
            if looker.level == len(LEVELS):
                break


if __name__ == "__main__":
    run_stage(__doc__, run, steps=3000, seed=23)
