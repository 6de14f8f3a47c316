"""The text model, and at the end text and pictures together. Stops at any moment and goes on from its last checkpoint.

Warm-up, then a constant rate until --stable-steps (or --minutes of this start) are over, then a linear decay of --decay-steps.
Files in the folder: state.pt (checkpoint), stable.pt (as it stood before the decay: copy it over state.pt to train longer), loss.csv, tokenizer/ (made when absent).
"""

import argparse
import random
import signal
import time
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from learning import tokens
from learning.batches import ledger_batch, picture_batch, text_batch
from learning.losses import exact, loss, said_right
from learning.model import Llava
from learning.muon import Muon
from learning.parallel import backward, prepare
from world.text import EVALUATION

SEED, WARMUP, PROBE_EVERY, SAVE_SECONDS = 5, 150, 100, 150
MUON_SCALE = 12.0  # its steps for a rate, beside AdamW's


class Trainer:
    def __init__(self, folder: Path, rate: float, pictures: int) -> None:
        self.folder, self.rate, self.pictures, self.stop = folder, rate, pictures, False
        if not (folder / "tokenizer").exists():
            tokens.save(tokens.train(), folder / "tokenizer")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
        self.words = tokens.word_ids(self.tokenizer)
        torch.manual_seed(SEED)
        self.model = Llava()
        self.model.vision_tower.requires_grad_(False)  # train_vision.py has taught it to read
        matrices, rest = self._groups()
        self.optimizers = (torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.95), eps=1e-8),
                           Muon(matrices, lr=rate, weight_decay=0.01))
        self.step, self.decay_from = 0, None
        if (folder / "state.pt").exists():
            self._load()

    def _groups(self) -> tuple[list[dict], list[dict]]:
        """Matrices of the text model's blocks, and the rest."""
        matrices, rest = [], []
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                inside = parameter.dim() == 2 and name.startswith("language_model.model.layers.")
                (matrices if inside else rest).append(parameter)
        return [{"params": matrices, "scale": MUON_SCALE}], [{"params": rest, "scale": 1.0, "weight_decay": 0.0}]

    def _load(self) -> None:
        state = torch.load(self.folder / "state.pt")
        self.model.load_state_dict(state["model"])
        if "optimizers" in state:
            for optimizer, known in zip(self.optimizers, state["optimizers"]):
                optimizer.load_state_dict(known)
        self.step, self.decay_from = state["step"], state["decay_from"]

    def save(self, name: str = "state.pt") -> None:
        new = self.folder / "state.new"
        torch.save({"model": self.model.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers], "step": self.step,
                    "decay_from": self.decay_from}, new)
        new.rename(self.folder / name)

    def _rate(self, decay_steps: int) -> float:
        rate = self.rate * min(1.0, (self.step + 1) / WARMUP)
        return rate if self.decay_from is None else rate * max(0.0, 1.0 - (self.step - self.decay_from) / decay_steps)

    def set_rate(self, rate: float) -> None:
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"]

    def update(self) -> None:
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()

    def advance(self, decay_steps: int) -> tuple[float, float, float]:
        """One step: both batches, one update. Returns both losses and the rate."""
        rate = self._rate(decay_steps)
        self.set_rate(rate)
        jobs = [lambda: loss(self.model, text_batch(self.tokenizer, SEED, self.step))]
        if self.pictures:
            jobs.append(lambda: loss(self.model, picture_batch(self.tokenizer, SEED, self.step, self.pictures)))
        values = backward(self.model, jobs)
        self.update()
        self.step += 1
        return values[0], values[-1], rate

    def probe(self) -> str:
        """Share of right answers about unseen pictures, by form and by kind."""
        forms, kinds = defaultdict(list), defaultdict(list)
        for step in range(3 if self.pictures else 0):
            for (kind, form), right in exact(self.model, picture_batch(self.tokenizer, 999, step, 10, EVALUATION)).items():
                forms[form] += right
                kinds[kind] += right if form != "caption" else []
        forms["recital"] = [right for step in (2, 5) for right in said_right(self.model, text_batch(self.tokenizer, 999, step))]
        forms["look-up"] = exact(self.model, ledger_batch(self.tokenizer, 999))[("ledger", "word")]
        return " ".join(f"{name} {sum(r) / max(1, len(r)):.2f}" for name, r in [*sorted(forms.items()), *sorted(kinds.items())])

    def run(self, stable_steps: int, decay_steps: int, minutes: float, until: int) -> None:
        start = saved = time.time()
        sums, count = [0.0, 0.0], 0
        while not self.stop and self.step < until:
            if self.decay_from is None and (self.step >= stable_steps or time.time() - start > 60 * minutes):
                self.save("stable.pt")
                self.decay_from = self.step
            if self.decay_from is not None and self.step >= self.decay_from + decay_steps:
                break
            text, picture, rate = self.advance(decay_steps)
            sums, count = [sums[0] + text, sums[1] + picture], count + 1
            if self.step % 20 == 0:
                with (self.folder / "loss.csv").open("a") as log:
                    log.write(f"{self.step},{sums[0] / count:.4f},{sums[1] / count:.4f},{rate:.6f},{time.time() - start:.0f}\n")
                sums, count = [0.0, 0.0], 0
            if self.step % PROBE_EVERY == 0:
                print(f"step {self.step} text {text:.3f} picture {picture:.3f} {self.probe()} {time.time() - start:.0f}s", flush=True)
            if time.time() - saved > SAVE_SECONDS:
                self.save()
                saved = time.time()
        self.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--pictures", type=int, default=0, help="pictures in a step, beside about 2,000 tokens of text")
    parser.add_argument("--stable-steps", type=int, default=6000)
    parser.add_argument("--decay-steps", type=int, default=900)
    parser.add_argument("--minutes", type=float, default=1e9, help="end the constant rate this long after this start")
    parser.add_argument("--until", type=int, default=10**9, help="stop and save at this step, without a decay")
    parser.add_argument("--finish", action="store_true", help="start the decay at once")
    arguments = parser.parse_args()
    prepare()
    random.seed(SEED)
    trainer = Trainer(arguments.folder, arguments.rate, arguments.pictures)
    signal.signal(signal.SIGTERM, lambda *_: setattr(trainer, "stop", True))
    trainer.run(0 if arguments.finish else arguments.stable_steps, arguments.decay_steps, arguments.minutes, arguments.until)


if __name__ == "__main__":
    main()
