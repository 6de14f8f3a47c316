"""First stage: the vision tower learns to read single patches (sign, word, colour), without a language model."""

import random
import time
from pathlib import Path

import torch

from learning import sizes as z
from learning.batches import tiles_of
from learning.losses import PatchHeads
from learning.model import Llava
from learning.stage import run_stage
from pictures import gallery
from pictures.canvas import COLOUR_CLASSES, WORDS, Canvas, blank
from pictures.glyphs import GLYPH_CLASSES


def _page_of_words(rng: random.Random) -> Canvas:
    """Every word as often as any other, a row of a tile at a time: in the pictures themselves a name is met too seldom to be learnt."""
    canvas, side = blank(rng), z.PATCHES
    for row in range(canvas.rows):
        for tile in range(0, canvas.columns, side):
            column = tile + rng.randint(0, 2)
            while column < tile + side:
                fitting = [word for word in WORDS[1:] if len(word) <= tile + side - column]
                word = rng.choice(fitting)
                canvas.write(row, column, word)
                column += len(word) + rng.randint(1, 3)
    return canvas


def picture_batch(seed: int, step: int, count: int) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Tiles without the overview, and three labels a patch; half of them pages of words."""
    rng = random.Random(seed * 3_000_017 + step)
    tiles, labels = [], ([], [], [])
    for _ in range(count):
        canvas = gallery.picture(rng).canvas if rng.random() < 0.5 else _page_of_words(rng)
        parts, (rows, columns) = tiles_of(canvas)
        tiles += parts[1:]
        side = z.PATCHES
        for row in range(rows):
            for column in range(columns):
                block = slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)
                for kind, source in zip(labels, (canvas.glyphs, canvas.words, canvas.colours)):
                    kind.append(torch.from_numpy(source[block].reshape(-1).copy()))
    return torch.stack(tiles), [torch.stack(kind) for kind in labels]


def _replace(path: Path, content: object) -> None:
    new = path.with_suffix(".new")
    torch.save(content, new)
    new.rename(path)


def _resume(folder: Path, model: Llava, heads: PatchHeads, optimizer: torch.optim.Optimizer) -> int:
    """The step to go on from."""
    if not (folder / "vision_state.pt").exists():
        return 0
    states = torch.load(folder / "vision_state.pt")
    for module, state in zip((model, heads, optimizer), states):
        module.load_state_dict(state)
    return states[3]


def run(folder: Path, steps: int, seed: int, count: int = 16) -> None:
    torch.manual_seed(seed)
    model = Llava()
    tower = model.vision_tower.vision_model
    heads = PatchHeads(z.VISION_HIDDEN, (len(GLYPH_CLASSES), len(WORDS), len(COLOUR_CLASSES)))
    parameters = [*tower.parameters(), *heads.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, betas=(0.9, 0.95), weight_decay=0.05)
    start = saved = time.time()
    for step in range(_resume(folder, model, heads, optimizer), steps):
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * min(1.0, (step + 1) / 50, 0.03 + (steps - step) / (0.4 * steps))
        tiles, labels = picture_batch(seed, step, count)
        loss, accuracy = heads(tower.features(tiles), labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 25 == 24:
            shown = " ".join(f"{value:.3f}" for value in accuracy)
            print(f"vision {step + 1} loss {loss.item():.3f} sign/word/colour {shown} {time.time() - start:.0f}s", flush=True)
            with (folder / "vision.csv").open("a") as log:
                log.write(f"{step + 1},{loss.item():.4f},{','.join(f'{value:.4f}' for value in accuracy)}\n")
        if time.time() - saved > 60:
            _replace(folder / "vision_state.pt", [model.state_dict(), heads.state_dict(), optimizer.state_dict(), step + 1])
            saved = time.time()
    _replace(folder / "vision.pt", model.state_dict())


if __name__ == "__main__":
    run_stage(__doc__, run, steps=320, seed=11)
