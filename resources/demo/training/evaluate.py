"""Scores an exported folder on all demo benchmarks, and again with its linears rounded to 8, 4, 3 and 2 bits."""

import argparse
import ast
import base64
import csv
import io
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import torch
from PIL import Image

from learning.scoring import Asker, load, outliers, round_to_grid
from world.choice import LETTERS
from world.documents import LETTER_PROMPT

csv.field_size_limit(sys.maxsize)
WORD_PROMPT = "\nAnswer the question using a single word or phrase."


def _records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _share(right: list[bool]) -> float:
    return 100.0 * sum(right) / len(right)


def _best(asker: Asker, pairs: list[tuple[str, str]]) -> int:
    scores = [asker.log_likelihood(*pair) for pair in pairs]
    return scores.index(max(scores))


def piqa(asker: Asker, folder: Path) -> float:
    labels = (folder / "piqa" / "valid-labels.lst").read_text().split()
    items = _records(folder / "piqa" / "valid.jsonl")
    return _share([_best(asker, [(f"Question: {i['goal']}\nAnswer:", " " + i[s]) for s in ("sol1", "sol2")]) == int(label)
                   for i, label in zip(items, labels)])


def arc(asker: Asker, folder: Path, name: str) -> float:
    right = []
    for item in _records(folder / "arc" / f"ARC-{name}-Test.jsonl"):
        context = f"Question: {item['question']['stem']}\nAnswer:"
        choice = _best(asker, [(context, " " + option["text"]) for option in item["question"]["choices"]])
        right.append(LETTERS[choice] == item["answerKey"])
    return _share(right)


def hellaswag(asker: Asker, folder: Path) -> float:
    return _share([_best(asker, [(f"{i['activity_label']}: {i['ctx_a']} {i['ctx_b'].capitalize()}", " " + e) for e in i["endings"]])
                   == i["label"] for i in _records(folder / "hellaswag" / "hellaswag_val.jsonl")])


def winogrande(asker: Asker, folder: Path) -> float:
    right = []
    for item in _records(folder / "winogrande" / "dev.jsonl"):
        before, after = item["sentence"].split("_", 1)
        right.append(_best(asker, [(before + item[o], " " + after.strip()) for o in ("option1", "option2")]) == int(item["answer"]) - 1)
    return _share(right)


def mmlu(asker: Asker, folder: Path, bare: bool) -> float:
    right = []
    for test in sorted((folder / "mmlu" / "test").iterdir()):
        subject = test.stem.removesuffix("_test")
        rows = {split: list(csv.reader((folder / "mmlu" / split / f"{subject}_{split}.csv").open())) for split in ("dev", "test")}

        def shown(row: list[str]) -> str:
            return row[0] + "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, row[1:5])) + "\nAnswer:"

        head = f"The following are multiple choice questions (with answers) about  {subject.replace('_', ' ')}.\n\n"
        head += "".join(f"{shown(row)} {row[5]}\n\n" for row in rows["dev"])
        right += [asker.letter(head + shown(row), bare) == row[5] for row in rows["test"]]
    return _share(right)


def _table(path: Path) -> list[dict]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    cells = {row["index"]: row["image"] for row in rows}
    for row in rows:
        cell = row["image"] if len(row["image"]) > 64 else cells[row["image"]]
        row["image"] = Image.open(io.BytesIO(base64.b64decode(cell))).convert("RGB")
    return rows


def _listed(row: dict) -> str:
    return row["question"] + "".join(f"\n{letter}. {row[letter]}" for letter in LETTERS if row[letter]) + LETTER_PROMPT


def _relaxed(answer: str, wanted: str) -> bool:
    try:
        return abs(float(answer) - float(wanted)) <= 0.05 * abs(float(wanted))
    except ValueError:
        return answer.lower() == wanted.lower()


def _option(answer: str, row: dict) -> str:
    """The option that is meant, by its letter or, as the protocol allows, by the words of one option alone."""
    if answer in LETTERS:
        return answer
    named = [letter for letter in LETTERS if row[letter] and row[letter].lower() in answer.lower()]
    return named[0] if len(named) == 1 else ""


def pictures(asker: Asker, folder: Path) -> dict[str, float]:
    folder = folder / "pictures"
    scores = {"ChartQA": _share([_relaxed(asker.ask(row["question"] + WORD_PROMPT, row["image"]), row["answer"])
                                 for row in _table(folder / "ChartQA_TEST.tsv")])}
    scores["DocVQA, exact"] = _share([asker.ask(row["question"] + WORD_PROMPT, row["image"]) in ast.literal_eval(row["answer"])
                                      for row in _table(folder / "DocVQA_VAL.tsv")])
    scores["AI2D"] = _share([_option(asker.ask(_listed(row), row["image"]), row) == row["answer"]
                            for row in _table(folder / "AI2D_TEST.tsv")])
    circular = defaultdict(list)
    for row in _table(folder / "MMBench_DEV_EN.tsv"):
        circular[int(row["index"]) % 1_000_000].append(_option(asker.ask(_listed(row), row["image"]), row) == row["answer"])
    scores["MMBench, circular"] = _share([all(turns) for turns in circular.values()])
    scores["MME, accuracy"] = _share([asker.ask(row["question"], row["image"]) == row["answer"] for row in _table(folder / "MME.tsv")])
    return scores


def scores(asker: Asker, demo: Path, with_pictures: bool) -> dict[str, float]:
    folder = demo / "benchmarks"
    found = {"perplexity": asker.perplexity((demo / "text" / "perplexity.txt").read_text()), "PIQA": piqa(asker, folder),
             "ARC-Easy": arc(asker, folder, "Easy"), "ARC-Challenge": arc(asker, folder, "Challenge"),
             "HellaSwag": hellaswag(asker, folder), "WinoGrande": winogrande(asker, folder),
             "MMLU, letter": mmlu(asker, folder, True), "MMLU, space and letter": mmlu(asker, folder, False)}
    return found | (pictures(asker, folder) if with_pictures else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, help="folder that holds text/ and benchmarks/")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--bits", type=int, nargs="*", default=[16, 8, 4, 3, 2])
    parser.add_argument("--no-pictures", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    table = {}
    for bits in arguments.bits:
        asker = Asker(*load(arguments.model or arguments.demo / "model"))
        if bits < 16:
            round_to_grid(asker.model, bits)
        else:
            peaks = outliers(asker, (arguments.demo / "text" / "perplexity.txt").read_text())
            print("peak over median channel:", ", ".join(f"{n} {v:.0f}" for n, v in sorted(peaks.items(), key=lambda p: -p[1])[:12]))
        table[bits] = scores(asker, arguments.demo, not arguments.no_pictures)
        print(bits, re.sub(r"[{}']", "", str({name: round(value, 2) for name, value in table[bits].items()})), flush=True)


if __name__ == "__main__":
    main()
