"""What the short stages share on the command line: a folder, a number of steps, a seed."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import torch


def run_stage(description: str, run: Callable[[Path, int, int], None], steps: int, seed: int) -> None:
    """Calls `run` with the folder, steps and seed of the command line; `steps` and `seed` are the defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=seed)
    arguments = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    run(arguments.folder, arguments.steps, arguments.seed)
