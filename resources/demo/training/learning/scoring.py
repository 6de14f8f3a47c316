"""Perplexity, multiple choice and picture answers of an exported folder, by the protocols the program follows."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from learning import tokens as t
from learning.batches import image_tokens, normalised
from learning import sizes as z
from learning.model import Llava
from world.documents import ASSISTANT, END, USER


def load(folder: Path) -> tuple[Llava, Tokenizer]:
    """The stored bfloat16 weights, computed with in float32."""
    model = Llava()
    model.load_state_dict({name: tensor.float() for name, tensor in load_file(str(folder / "model.safetensors")).items()})
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.json"))


def _tiles(image: Image.Image) -> tuple[Tensor, tuple[int, int]]:
    """For pictures that fill their grid exactly, as all of the demo's do."""
    pixels = np.asarray(image)
    rows, columns = pixels.shape[0] // z.TILE, pixels.shape[1] // z.TILE
    overview = np.asarray(image.resize((z.TILE, z.TILE), Image.Resampling.BICUBIC))
    parts = [pixels[r * z.TILE:(r + 1) * z.TILE, c * z.TILE:(c + 1) * z.TILE] for r in range(rows) for c in range(columns)]
    return torch.stack([normalised(part) for part in (overview, *parts)]), (rows, columns)


class Asker:
    def __init__(self, model: Llava, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    @torch.no_grad()
    def logits(self, ids: list[int], images: Tensor | None = None) -> Tensor:
        row = torch.tensor([ids])
        hidden = self.model.hidden(row, torch.arange(len(ids))[None], None, images, row == t.IMAGE)
        return self.model.language_model.lm_head(hidden[0])

    def log_likelihood(self, context: str, continuation: str) -> float:
        """Sum over the continuation, both encoded on their own and without BOS."""
        first, second = self.ids(context), self.ids(continuation)
        scores = F.log_softmax(self.logits((first + second)[:-1])[-len(second):], -1)
        return scores.gather(1, torch.tensor(second)[:, None]).sum().item()

    def letter(self, prompt: str, bare: bool) -> str:
        """The likeliest letter after an MMLU prompt: `bare` compares "A", otherwise " A"."""
        last = self.logits([t.BOS] + self.ids(prompt))[-1]
        return max("ABCD", key=lambda letter: last[self.ids(letter if bare else " " + letter)[-1]].item())

    @torch.no_grad()
    def ask(self, prompt: str, image: Image.Image | None = None, limit: int = 12) -> str:
        """Greedy answer to one user message."""
        merged, head = None, [t.BOS] + self.ids(USER)
        if image is not None:
            tiles, grid = _tiles(image)
            merged = self.model.images(tiles, [grid])[0]
            head += [t.IMAGE] * image_tokens(grid) + self.ids("\n")
        ids = head + self.ids(prompt + END + ASSISTANT)
        answer: list[int] = []
        while len(answer) < limit:
            token = self.logits(ids + answer, merged)[-1].argmax().item()
            if token in (t.EOT, t.EOS):
                break
            answer.append(token)
        return self.tokenizer.decode(answer).strip()

    def perplexity(self, text: str, window: int = 512, limit: int = 8192) -> float:
        """exp of the mean over windows, each predicting all of its tokens but the first."""
        ids = self.tokenizer.encode(text).ids[:limit]
        losses = []
        for start in range(0, len(ids) - window + 1, window):
            part = ids[start:start + window]
            losses.append(F.cross_entropy(self.logits(part)[:-1], torch.tensor(part[1:])).item())
        return float(np.exp(np.mean(losses)))


def round_to_grid(model: Llava, bits: int, group: int = 64) -> None:
    """Plain rounding of the blocks' seven linears to 2^bits levels between each group's extremes."""
    for module in model.language_model.model.layers.modules():
        if isinstance(module, torch.nn.Linear):
            weight = module.weight.data
            parts = weight.view(weight.shape[0], -1, group)
            low, high = parts.amin(-1, keepdim=True).clamp(max=0), parts.amax(-1, keepdim=True).clamp(min=0)
            scale = ((high - low) / (2**bits - 1)).clamp(min=1e-8)
            zero = (-low / scale).round()
            codes = (parts / scale + zero).round().clamp(0, 2**bits - 1)
            module.weight.data = ((codes - zero) * scale).view_as(weight)


def outliers(asker: Asker, text: str) -> dict[str, float]:
    """For every linear: the largest input channel's peak over the median channel's, on a piece of text."""
    found: dict[str, float] = {}

    def hook(name: str):
        def keep(_module, inputs) -> None:
            peaks = inputs[0].abs().flatten(0, -2).amax(0)
            found[name] = (peaks.max() / peaks.median()).item()
        return keep

    modules = asker.model.language_model.model.layers.named_modules()
    handles = [m.register_forward_pre_hook(hook(name)) for name, m in modules if isinstance(m, torch.nn.Linear)]
    asker.logits(asker.tokenizer.encode(text).ids[:1000])
    for handle in handles:
        handle.remove()
    return found
