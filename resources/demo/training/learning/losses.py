"""Losses of a batch, and how many questions about unseen pictures come out right."""

from collections import defaultdict

import torch
import torch.nn.functional as F
from torch import Tensor

from learning.batches import Batch
from learning.drills import Task
from learning.model import Llava
from learning.tokens import IMAGE
from world.recital import SAID


def _states(model: Llava, batch: Batch, words: list[int] | None) -> Tensor:
    """With `words` their embeddings stand in for what the tower makes of the patches."""
    images = None
    if batch.tiles is not None:
        images = torch.cat(model.images(batch.tiles, batch.grids) if words is None else
                           model.merged(model.embedded_words(words)[batch.classes], batch.grids))
    return model.hidden(batch.ids, batch.positions, batch.mask, images, batch.ids == IMAGE)


def predictions(model: Llava, batch: Batch, words: list[int] | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Logits, targets and weights of the tokens that count; a question's first token is predicted by nobody."""
    hidden = _states(model, batch, words)
    wanted = batch.weights[:, 1:] > 0
    if batch.branches is not None:
        wanted &= batch.branches[:, 1:] == batch.branches[:, :-1]
    logits = model.language_model.lm_head(hidden[:, :-1][wanted])
    return logits, batch.ids[:, 1:][wanted], batch.weights[:, 1:][wanted]


def loss(model: Llava, batch: Batch) -> Tensor:
    logits, targets, weights = predictions(model, batch)
    return (F.cross_entropy(logits, targets, reduction="none") * weights).sum() / weights.sum()


@torch.no_grad()
def exact(model: Llava, batch: Batch, words: list[int] | None = None) -> dict[tuple, list[bool]]:
    """(picture kind, form) -> for every question whether all tokens of the answer would have been chosen."""
    wanted = (batch.weights[:, 1:] > 0) & (batch.branches[:, 1:] == batch.branches[:, :-1])
    logits, targets, _ = predictions(model, batch, words)
    right = defaultdict(lambda: True)
    for branch, same in zip(batch.branches[:, 1:][wanted].tolist(), (logits.argmax(-1) == targets).tolist()):
        right[branch] &= same
    results = defaultdict(list)
    for branch, same in right.items():
        results[batch.kinds[branch]].append(same)
    return results


@torch.no_grad()
def said_right(model: Llava, batch: Batch) -> list[bool]:
    """Of a page of recitals: for every token that the list told, whether it would have been chosen."""
    logits, targets, weights = predictions(model, batch)
    return (logits.argmax(-1) == targets)[weights == SAID].tolist()


def answers(model: Llava, task: Task) -> tuple[Tensor, list[bool]]:
    """Loss of a drill, and for the first token of every answer in its place whether it would have been chosen."""
    batch = task.batch
    wanted = batch.weights > 0
    logits = model.language_model.lm_head(_states(model, batch, None)[wanted])
    targets, weights = task.targets[wanted], batch.weights[wanted]
    right = (logits.detach().argmax(-1) == targets)[task.counted[wanted]]
    return (F.cross_entropy(logits, targets, reduction="none") * weights).sum() / weights.sum(), right.tolist()
