"""Between the stages: lists said again and nothing else, until the model looks up what stands beside what. Changes state.pt.

Looking up is one of the things a model learns suddenly or not at all; among other texts it never came in 5,000 steps. Alone it comes in a few hundred:
first pairs of words, then more of them, then sentences said again, then questions about them. A level ends when nine of ten answers are right.
"""

import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer

from learning.batches import Batch, ledger_batch
from learning.losses import exact, predictions
from learning.stage import run_stage
from learning.tokens import BOS, encode
from train import Trainer
from world.recital import SAID, pairs, recital

# (length of a row, how a list is made)
LEVELS = (
    (64, lambda rng: pairs(rng, 3)),
    (64, lambda rng: pairs(rng, 5)),
    (128, lambda rng: pairs(rng, 8)),
    (128, lambda rng: recital(rng, longest=3, same_words=1.0)),
    (128, lambda rng: recital(rng, longest=7, same_words=1.0)),
    (128, lambda rng: recital(rng, longest=4, same_words=0.3)),
    (128, lambda rng: recital(rng, longest=7, same_words=0.3)),
)
TOKENS, LOOK_EVERY, ENOUGH = 4096, 25, 0.9


def _batch(tokenizer: Tokenizer, rng: random.Random, level: int) -> Batch:
    """Two thirds of the rows are of the level, the rest of those before it."""
    length = LEVELS[level][0]
    ids, weights = [], []
    for _ in range(TOKENS // length):
        drawn = level if rng.random() < 0.67 else rng.randint(0, level)
        counts = 1.0 if drawn == level else 0.5
        row, scale = [BOS], [0.0]
        while len(row) < length:
            part, weight = encode(tokenizer, LEVELS[drawn][1](rng))
            row, scale = row + part, scale + [counts * (value == SAID) for value in weight]
        ids.append(row[:length])
        weights.append(scale[:length])
    return Batch(torch.tensor(ids), torch.tensor(weights), torch.arange(length).expand(len(ids), length))


def run(folder: Path, steps: int, seed: int) -> None:
    torch.set_flush_denormal(True)
    trainer = Trainer(folder, rate=1e-3, pictures=0)
    tokenizer, level = trainer.tokenizer, 0
    start, known, asked = time.time(), 0, 0
    for step in range(steps):
        trainer.set_rate(1e-3 * min(1.0, (step + 1) / 30))
        logits, targets, weights = predictions(trainer.model, _batch(tokenizer, random.Random(seed * 1_000_003 + step), level))
        trainer.model.zero_grad()
        torch.nn.functional.cross_entropy(logits, targets).backward()
        trainer.update()
        of_level = weights == 1.0
        known, asked = known + (logits.argmax(-1) == targets)[of_level].sum().item(), asked + of_level.sum().item()
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            looked_up = exact(trainer.model, ledger_batch(tokenizer, 999))[("ledger", "word")]
            print(f"recite {step + 1} level {level} right {known / asked:.3f} look-up {sum(looked_up) / len(looked_up):.2f} "
                  f"{time.time() - start:.0f}s", flush=True)
            if known > ENOUGH * asked and level + 1 == len(LEVELS):
                break
            level += known > ENOUGH * asked and level + 1 < len(LEVELS)
            known, asked = 0, 0
            trainer.save()
    trainer.save()


if __name__ == "__main__":
    run_stage(__doc__, run, steps=2500, seed=17)
