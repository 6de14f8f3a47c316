"""After the pictures: yes or no to claims, letters of options, which of two names is meant; at the end everything together, the rate led to zero.

    python drill.py WORK STAGE          changes WORK/state.pt; the stages one after another: pages, claims, chats, finish

Each of these skills is one step more than looking up, and came only by itself: an answer every few tokens, first where it is nearest, then ever
further from what it depends on. Old texts and pictures in between keep what is known.
"""

import argparse
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from learning.batches import picture_batch, text_batch
from learning.drills import Task, claim_task, contrast_task, letter_task, page_task
from learning.losses import answers, exact, loss
from learning.parallel import backward, prepare
from look import LEVELS
from train import Trainer
from world.text import EVALUATION

SEED, LOOK_EVERY, SAVE_SECONDS, ENOUGH = 31, 25, 120, 0.88
LONGEST_PAGE = 14


@dataclass(frozen=True)
class Stage:
    """What a step is made of; 0: not at all."""

    steps: int
    rate: float = 8e-4
    pages: int = 0  # tokens of pages of words, and whether a word is on them
    claims: int = 0  # batches of four pictures, and claims about them
    shown: float = 0.5  # share of claims that only say that a word is there
    chats: float = 0.0  # share of pages and pictures that are asked about in a chat
    letters: int = 0  # batches of options and letters
    known: float = 0.0  # share of options about what is known or told, not of a word that stands right before them
    items: int = 1  # such questions in a row at most
    names: int = 4  # every so many steps pairs of names
    every: int = 1  # every so many steps all but the old
    old: int = 2  # every so many steps a batch of all texts, and one of all pictures
    decay: bool = False


STAGES = {
    "pages": Stage(450, pages=1200),
    "claims": Stage(150, pages=500, claims=1, shown=0.9),
    "chats": Stage(400, pages=500, claims=1, shown=0.6, chats=0.65),
    "letters": Stage(1000, claims=1, shown=0.3, chats=0.85, letters=1, every=2),  # not yet run on the shipped model
    "finish": Stage(400, claims=1, shown=0.3, chats=0.9, names=1, old=1, decay=True),
}


class Driller:
    def __init__(self, folder: Path, stage: Stage) -> None:
        self.stage = stage
        self.trainer = Trainer(folder, rate=stage.rate, pictures=0)
        self.known, self.longest = stage.known, LONGEST_PAGE if stage.claims else 4
        self.stop = False
        self.right: dict[str, list[bool]] = defaultdict(list)

    def _task_loss(self, name: str, task: Task) -> Tensor:
        lost, right = answers(self.trainer.model, task)
        self.right[name] += right
        return lost

    def _drill(self, name: str, make: Callable[[random.Random], Task], step: int, part: int = 0) -> Callable[[], Tensor]:
        # hashes of texts change from run to run, so names are numbered
        number = 10 * ("claims", "pages", "letters", "names").index(name) + part
        return lambda: self._task_loss(name, make(random.Random((100 * SEED + number) * 1_000_003 + step)))

    def _letters(self, rng: random.Random) -> Task:
        along = 0.4 if rng.random() < 0.7 else 0.0  # without: also letters with no space before them
        return letter_task(self.trainer.tokenizer, rng, 900, self.known, self.stage.items, along)

    def _jobs(self, step: int) -> list[Callable[[], Tensor]]:
        stage, tokenizer, model = self.stage, self.trainer.tokenizer, self.trainer.model
        jobs = []
        if step % stage.old == 0:
            jobs.append(lambda: loss(model, text_batch(tokenizer, SEED, step // stage.old)))
        if step % stage.old == stage.old // 2:
            jobs.append(lambda: loss(model, picture_batch(tokenizer, SEED, step // stage.old, 8)))
        if step % stage.every:
            return jobs
        jobs += [self._drill("claims", lambda rng: claim_task(tokenizer, rng, 4, 12, stage.shown, chats=stage.chats), step, part)
                for part in range(stage.claims)]
        if stage.pages:
            jobs.append(self._drill("pages", lambda rng: page_task(tokenizer, rng, stage.pages, self.longest, stage.chats), step))
        jobs += [self._drill("letters", self._letters, step, part) for part in range(stage.letters)]
        if step % stage.names == 0:
            jobs.append(self._drill("names", lambda rng: contrast_task(tokenizer, rng, 16), step))
        return jobs

    def advance(self, step: int) -> None:
        rate = self.stage.rate * (1.0 - step / self.stage.steps if self.stage.decay else 1.0)
        self.trainer.set_rate(rate * min(1.0, (step + 1) / 20))
        backward(self.trainer.model, self._jobs(step))
        self.trainer.update()

    @torch.no_grad()
    def _unseen(self, make: Callable[[random.Random], Task]) -> float:
        right = []
        for seed in range(3):
            right += answers(self.trainer.model, make(random.Random(seed)))[1]
        return sum(right) / len(right)

    def look(self, step: int) -> str:
        """What to print; goes on to harder drills where enough is right."""
        share = {name: sum(right) / max(1, len(right)) for name, right in sorted(self.right.items())}
        tokenizer = self.trainer.tokenizer
        unseen = {"claims": self._unseen(lambda rng: claim_task(tokenizer, rng, 10, 12, 0.0, EVALUATION, chats=1.0)),
                  "letters": self._unseen(lambda rng: letter_task(tokenizer, rng, 1500, 1.0, 1, 0.01, EVALUATION)),
                  "names": self._unseen(lambda rng: contrast_task(tokenizer, rng, 40, EVALUATION))}
        asked = [right for found in exact(self.trainer.model, picture_batch(tokenizer, 999, 0, 24, EVALUATION, LEVELS[1][0])).values() for right in found]
        unseen["words"] = sum(asked) / len(asked)
        text = " ".join(f"{name} {value:.2f}" for name, value in share.items())
        text = f"{step + 1} page {self.longest} known {self.known:.2f}: {text}; unseen " + " ".join(f"{n} {v:.2f}" for n, v in unseen.items())
        self.longest = min(LONGEST_PAGE, self.longest + 2 * (share.get("pages", 0.0) > ENOUGH))
        self.known = min(1.0, self.known + 0.25 * (share.get("letters", 0.0) > 0.8))
        self.right.clear()
        return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--begin", type=int, default=0, help="step to go on from")
    arguments = parser.parse_args()
    prepare()
    stage = STAGES[arguments.stage]
    driller, start = Driller(arguments.folder, stage), time.time()
    saved = start
    signal.signal(signal.SIGTERM, lambda *_: setattr(driller, "stop", True))
    for step in range(arguments.begin, stage.steps):
        if driller.stop:
            break
        driller.advance(step)
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            print(f"{arguments.stage} {driller.look(step)}; {time.time() - start:.0f}s", flush=True)
        if time.time() - saved > SAVE_SECONDS:
            driller.trainer.save()
            saved = time.time()
    driller.trainer.save()


if __name__ == "__main__":
    main()
