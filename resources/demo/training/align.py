"""Between the stages: the projector learns to show a patch as the sum of the embeddings of the words for what it shows.

Starts from a text model that has learnt some steps (state.pt) and the tower's readings (vision_state.pt); replaces tower and projector in state.pt.
"""

import time
from pathlib import Path

import torch
from tokenizers import Tokenizer

from learning import sizes as z
from learning.losses import PatchHeads
from learning.model import Llava
from learning.stage import run_stage
from pictures.canvas import COLOUR_CLASSES, DAYS_SHORT, WORDS
from pictures.glyphs import GLYPH_CLASSES, SHAPES
from train_vision import picture_batch
from world import lexicon as lex

ARROWS = {"<": "left", ">": "right", "^": "up", "v": "down", "+": "plus", "-": "minus"}
DAY_OF = {short: day for day, short in DAYS_SHORT.items()}
CAPITALISED = {entry.name.upper() for entry in (*lex.TOWNS, *lex.PEOPLE)}


def _spoken_word(word: str) -> str:
    if word in DAY_OF:
        return DAY_OF[word]
    return word.capitalize() if word in CAPITALISED else word.lower()


def _spoken_glyph(glyph: str) -> str:
    return glyph if glyph in SHAPES else ARROWS.get(glyph, "")


def _table(names: tuple[str, ...], spoken, tokenizer: Tokenizer, embeddings: torch.Tensor) -> torch.Tensor:
    """[classes, HIDDEN]: the mean embedding of a class's word, with and without the space before it; zero without a word."""
    rows = []
    for name in names:
        word = spoken(name)
        ids = [i for text in (word, " " + word) for i in tokenizer.encode(text, add_special_tokens=False).ids] if word else []
        rows.append(embeddings[ids].mean(0) if ids else torch.zeros(z.HIDDEN))
    return torch.stack(rows)


def run(folder: Path, steps: int, seed: int) -> None:
    state = torch.load(folder / "state.pt")
    model, heads = Llava(), PatchHeads(z.VISION_HIDDEN, (len(GLYPH_CLASSES), len(WORDS), len(COLOUR_CLASSES)))
    model.load_state_dict(state["model"])
    heads.load_state_dict(torch.load(folder / "vision_state.pt")[1])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
    embeddings = model.language_model.model.embed_tokens.weight.detach()
    tables = [_table(names, spoken, tokenizer, embeddings) for names, spoken in
              ((GLYPH_CLASSES, _spoken_glyph), (WORDS, _spoken_word), (COLOUR_CLASSES, str))]
    blank = 0.6 * embeddings[tokenizer.encode("\n", add_special_tokens=False).ids[0]]  # a vector near zero would be all noise after RMSNorm
    tower, projector = model.vision_tower.vision_model, model.multi_modal_projector
    parameters = [*tower.parameters(), *heads.parameters(), *projector.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1.5e-3, betas=(0.9, 0.95))
    start = time.time()
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 1.5e-3 * min(1.0, (step + 1) / 30, 0.03 + (steps - step) / (0.5 * steps))
        tiles, labels = picture_batch(seed, step, 16)
        features = tower.features(tiles)
        reading, accuracy = heads(features, labels)
        wanted = sum(table[label] for table, label in zip(tables, labels))
        empty = wanted.abs().sum(-1, keepdim=True) == 0
        wanted = torch.where(empty, blank, wanted)
        shown = torch.where(empty[..., 0], 0.3, 1.0)
        distance = ((projector(features) - wanted).pow(2).sum(-1) * shown).sum() / (wanted.pow(2).sum(-1) * shown).sum()
        optimizer.zero_grad()
        (0.5 * reading + 3.0 * distance).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 25 == 24:
            print(f"align {step + 1} unexplained {distance.item():.3f} sign/word/colour {accuracy} {time.time() - start:.0f}s", flush=True)
    state["model"] = model.state_dict()
    torch.save(state, folder / "state.new")
    (folder / "state.new").rename(folder / "state.pt")


if __name__ == "__main__":
    run_stage(__doc__, run, steps=300, seed=13)
