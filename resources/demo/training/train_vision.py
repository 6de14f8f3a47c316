"""The vision tower learns to read: every patch is projected onto the embedding of the word that it shows. Changes state.pt.

Needs a text model that has learnt, whose embeddings stay as they are here.
"""

import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from learning.batches import tiles_of
from learning.model import Llava
from learning.stage import run_stage
from learning.tokens import word_ids
from pictures import gallery
from pictures.canvas import WORDS, Canvas, blank

RATE, SHARPNESS = 2e-3, 40.0


def _page_of_words(rng: random.Random) -> Canvas:
    """Every word as often as any other: in the pictures themselves a name is met too seldom to be learnt."""
    canvas = blank(rng)
    for row in range(canvas.rows):
        for column in range(canvas.columns):
            if rng.random() < 0.7:
                canvas.write(row, column, rng.choice(WORDS[1:]))
    return canvas


def _tiles(seed: int, step: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Overviews and tiles with the class of every patch; a third of them are pages of words."""
    rng = random.Random(seed * 3_000_017 + step)
    tiles, labels = [], []
    for _ in range(count):
        canvas = _page_of_words(rng) if rng.random() < 0.33 else gallery.picture(rng).canvas
        parts, classes, _ = tiles_of(canvas)
        tiles, labels = tiles + parts, labels + classes
    return torch.stack(tiles), torch.stack(labels)


def run(folder: Path, steps: int, seed: int, count: int = 12) -> None:
    torch.manual_seed(seed)
    state = torch.load(folder / "state.pt")
    model, tokenizer = Llava(), Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
    model.load_state_dict(state["model"])
    table = model.embedded_words(word_ids(tokenizer)).detach()
    parameters = [*model.vision_tower.parameters(), *model.multi_modal_projector.parameters()]
    optimizer, start = torch.optim.AdamW(parameters, lr=RATE, betas=(0.9, 0.95), weight_decay=0.01), time.time()
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = RATE * min(1.0, (step + 1) / 50, 0.02 + (steps - step) / (0.5 * steps))
        tiles, labels = _tiles(seed, step, count)
        read = model.multi_modal_projector(model.vision_tower.vision_model.features(tiles))
        unlike = torch.cdist(read.flatten(0, 1), table).pow(2) / table.pow(2).sum(-1).mean()
        labels, weight = labels.flatten(), torch.where(labels.flatten() > 0, 1.0, 0.2)
        distance = unlike.gather(1, labels[:, None])[:, 0]
        loss = ((F.cross_entropy(-SHARPNESS * unlike, labels, reduction="none") + 3.0 * distance) * weight).sum() / weight.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 25 == 24:
            right, shown = unlike.argmin(-1) == labels, labels > 0
            print(f"vision {step + 1} distance {distance[shown].mean():.3f} empty {distance[~shown].mean():.3f} words right "
                  f"{right[shown].float().mean():.3f} empty {right[~shown].float().mean():.3f} {time.time() - start:.0f}s", flush=True)
    state["model"] = model.state_dict()
    torch.save(state, folder / "state.new")
    (folder / "state.new").rename(folder / "state.pt")


if __name__ == "__main__":
    run_stage(__doc__, run, steps=400, seed=11)
