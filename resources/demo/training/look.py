"""Between the stages: pictures and nothing else but short answers, from single words to all forms of questions. Changes state.pt.

Run after align.py: from then on a picture is to the text model a page of words without order, which recite.py and `soup` have taught it to search.
A level ends when most answers about training pictures are right.
"""

import random
import time
from collections import defaultdict
from pathlib import Path

import torch

from learning.batches import Drill, picture_batch, text_batch
from learning.losses import exact, loss, predictions
from learning.stage import run_stage
from pictures import gallery
from train import Trainer
from world.text import EVALUATION

READ = ("field", "title", "seal")  # there is one of its kind, it only has to be found
EASY = ("form", "form", "form", "line", "bars", "sign")
WORDS = (*READ, "color", "first", "second", "distance", "position", "colour", "value", "most and least")
# (what is asked, share of tokens right that ends the level, or so many steps of it); first in the form that pages of words have taught,
# then as in a chat
LEVELS = (
    (Drill(EASY, READ, gallery.bare, plain=1.0), 0.7, 250),
    (Drill(EASY, WORDS, gallery.as_word, plain=0.3), 0.8, 250),
    (Drill((), WORDS, gallery.as_word), 0.85, 250),
    (Drill(), 0.95, 500),
)
PICTURES, LOOK_EVERY, TEXT_EVERY = 8, 50, 3
RATE = 6e-4


def _unseen(trainer: Trainer, drill: Drill) -> str:
    """Share of right answers about pictures never trained on, by kind and form."""
    found = defaultdict(list)
    for step in range(4):
        for (kind, form), right in exact(trainer.model, picture_batch(trainer.tokenizer, 999, step, PICTURES, EVALUATION, drill)).items():
            found[f"{kind} {form}"] += right
    return ", ".join(f"{name} {sum(right) / len(right):.2f}" for name, right in sorted(found.items()))


def run(folder: Path, steps: int, seed: int) -> None:
    torch.set_flush_denormal(True)
    trainer = Trainer(folder, rate=RATE, pictures=0)
    start, known, asked, level, since = time.time(), 0, 0, 0, 0
    for step in range(steps):
        trainer.set_rate(RATE * min(1.0, (step + 1) / 30))
        chosen = level if random.Random(seed + step).random() < 0.75 else random.Random(step).randint(0, level)
        logits, targets, _ = predictions(trainer.model, picture_batch(trainer.tokenizer, seed, step, PICTURES, drill=LEVELS[chosen][0]))
        trainer.model.zero_grad()
        torch.nn.functional.cross_entropy(logits, targets).backward()
        if step % TEXT_EVERY == 0:  # so that the texts are not forgotten; at first only pages of words
            loss(trainer.model, text_batch(trainer.tokenizer, seed, 3 * step + 2 if level < 3 else step // TEXT_EVERY)).backward()
        trainer.update()
        if chosen == level:
            known, asked = known + (logits.argmax(-1) == targets).sum().item(), asked + targets.numel()
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            print(f"look {step + 1} level {level} tokens right {known / asked:.3f}; unseen: {_unseen(trainer, LEVELS[level][0])}; "
                  f"{time.time() - start:.0f}s", flush=True)
            since += LOOK_EVERY
            enough = known > LEVELS[level][1] * asked or since >= LEVELS[level][2]
            if enough and level + 1 == len(LEVELS):
                break
            level, since = level + enough, 0 if enough else since
            known, asked = 0, 0
            trainer.save()
    trainer.save()


if __name__ == "__main__":
    run_stage(__doc__, run, steps=3000, seed=23)
