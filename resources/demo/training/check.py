"""Proves that transformers loads the exported folder as it is, and answers as the training code does."""

import argparse
import io
import base64
import csv
import sys
from pathlib import Path

import torch
from PIL import Image
from transformers import AutoProcessor, LlavaNextForConditionalGeneration

from learning.scoring import Asker, load

csv.field_size_limit(sys.maxsize)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, help="folder that holds benchmarks/")
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    folder = arguments.model or arguments.demo / "model"
    model, report = LlavaNextForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    print({name: sorted(keys) for name, keys in report.items()})
    assert not report["missing_keys"] and not report["unexpected_keys"], "tensor names differ from the released layout"
    processor, own = AutoProcessor.from_pretrained(folder), Asker(*load(folder))
    for name in ("ChartQA_TEST", "DocVQA_VAL", "AI2D_TEST"):
        with (arguments.demo / "benchmarks" / "pictures" / f"{name}.tsv").open(newline="") as file:
            for row in list(csv.DictReader(file, delimiter="\t"))[:4]:
                image = Image.open(io.BytesIO(base64.b64decode(row["image"]))).convert("RGB")
                content = [{"type": "image"}, {"type": "text", "text": row["question"]}]
                prompt = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
                inputs = processor(images=image, text=prompt, return_tensors="pt")
                made = model.generate(**inputs, max_new_tokens=24, do_sample=False)[0, inputs["input_ids"].shape[1]:]
                theirs, ours = processor.decode(made, skip_special_tokens=True), own.ask(row["question"], image, 24)
                print(f"{name}: {row['question']!r} -> {theirs!r} (wanted {row['answer']}), training code {ours!r}")
    text = processor.tokenizer("Ada the baker woke early in", return_tensors="pt")
    print(processor.decode(model.generate(**text, max_new_tokens=60, do_sample=False)[0], skip_special_tokens=True))


if __name__ == "__main__":
    main()
