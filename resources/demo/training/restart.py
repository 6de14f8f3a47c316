"""Makes a checkpoint from the shipped model, to train it further: the text model, and the tower where it has the sizes of today.

What does not fit is drawn anew.
"""

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file

from learning.model import Llava


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the exported folder")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    (arguments.folder / "tokenizer").mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja"):
        shutil.copyfile(arguments.model / name, arguments.folder / "tokenizer" / name)
    known, model = load_file(str(arguments.model / "model.safetensors")), Llava().state_dict()
    fitting = {name: known[name].float() for name, tensor in model.items() if name in known and known[name].shape == tensor.shape}
    torch.save({"model": model | fitting, "step": 0, "decay_from": None}, arguments.folder / "state.pt")
    print(f"{len(fitting)} of {len(model)} tensors taken over")


if __name__ == "__main__":
    main()
