"""Several batches of one step side by side, one a core: two threads on two batches are faster than two on one with matrices this small."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

_pool: list[ThreadPoolExecutor] = []


def prepare(cores: int = 2) -> None:
    """Before anything is computed: threads take over how denormal numbers are treated from the one that starts them."""
    torch.set_flush_denormal(True)  # attention's small probabilities make a step twice as long otherwise
    torch.set_num_threads(1)
    _pool.append(ThreadPoolExecutor(cores))


def backward(model: nn.Module, losses: list[Callable[[], Tensor]]) -> list[float]:
    """Sets the gradients to those of the sum of all losses; returns their values."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]

    def one(loss: Callable[[], Tensor]) -> tuple[float, tuple]:
        value = loss()
        return value.item(), torch.autograd.grad(value, parameters, allow_unused=True)

    found = list(_pool[0].map(one, losses))
    for index, parameter in enumerate(parameters):
        parts = [gradients[index] for _, gradients in found if gradients[index] is not None]
        parameter.grad = torch.stack(parts).sum(0) if parts else None
    return [value for value, _ in found]
