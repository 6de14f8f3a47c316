"""Writes the five picture benchmarks as VLMEvalKit-shaped TSV, from pictures of the evaluation split only.

ChartQA_TEST: charts, one word or number. DocVQA_VAL: papers and signposts, references as a list. AI2D_TEST: diagrams, a letter.
MMBench_DEV_EN: shapes, signposts and charts, every rotation of the options. MME: two yes-or-no questions a picture.
"""

import argparse
import base64
import csv
import io
import random
from pathlib import Path

from PIL import Image

from pictures import gallery
from pictures.canvas import Ask, Picture
from world.choice import LETTERS
from world.text import EVALUATION

ITEMS = 80
CIRCULAR_ITEMS = 50
ROTATION = 1_000_000
MME_KINDS = {"existence": ("shapes", "existence"), "count": ("shapes", "count"), "position": ("sign", "position"),
             "color": ("shapes", "color"), "OCR": ("form", "field"), "numerical_calculation": ("bars", "value")}
MME_PICTURES = 8  # of every kind


def encoded(picture: Picture) -> str:
    """PNG with a palette: these drawings have few colours."""
    stream = io.BytesIO()
    Image.fromarray(picture.canvas.pixels).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def table(path: Path, records: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def drawn(rng: random.Random, kind: str, categories: tuple[str, ...] = ()) -> tuple[Picture, Ask]:
    """An unseen picture and one question about it, of a wanted category where any is given."""
    while True:
        picture = gallery.picture(rng, EVALUATION, kind)
        asks = [ask for ask in picture.asks if ask.category in categories or not categories and ask.category != "existence"]
        if asks:
            return picture, rng.choice(asks)


def charts(path: Path, rng: random.Random) -> None:
    records = []
    for index in range(ITEMS):
        picture, ask = drawn(rng, ("bars", "bars", "line", "pie")[index % 4])
        records.append({"index": index, "image": encoded(picture), "question": ask.question, "answer": ask.answer,
                        "split": "test_human" if index % 2 else "test_augmented"})
    table(path / "ChartQA_TEST.tsv", records)


def papers(path: Path, rng: random.Random) -> None:
    records = []
    for index in range(ITEMS):
        picture, ask = drawn(rng, "sign" if index % 4 == 3 else "form")
        references = list(dict.fromkeys((ask.answer, ask.answer.upper())))
        records.append({"index": index, "image": encoded(picture), "question": ask.question, "answer": repr(references)})
    table(path / "DocVQA_VAL.tsv", records)


def diagrams(path: Path, rng: random.Random) -> None:
    records = []
    for index in range(ITEMS):
        picture, ask = drawn(rng, "chain", ("order", "colour", "existence"))
        options, answer = gallery.options_of(rng, ask)
        named = {letter: option for letter, option in zip(LETTERS, [*options, ""])}
        records.append({"index": index, "image": encoded(picture), "question": ask.question, **named, "answer": LETTERS[answer]})
    table(path / "AI2D_TEST.tsv", records)


def circular(path: Path, rng: random.Random) -> None:
    """Base questions have an index below a million; rotations follow and name the row that holds the picture."""
    records = []
    for index in range(CIRCULAR_ITEMS):
        picture, ask = _with_four_options(rng, ("shapes", "sign", "bars", "form", "shapes")[index % 5])
        options, answer = gallery.options_of(rng, ask)
        for turn in range(len(options)):
            turned = options[turn:] + options[:turn]
            records.append({"index": index + turn * ROTATION, "image": encoded(picture) if turn == 0 else str(index), "hint": "",
                            "question": ask.question, **dict(zip(LETTERS, turned)), "answer": LETTERS[(answer - turn) % 4],
                            "category": ask.category, "l2-category": picture.kind, "split": "dev"})
    table(path / "MMBench_DEV_EN.tsv", sorted(records, key=lambda record: record["index"]))


def _with_four_options(rng: random.Random, kind: str) -> tuple[Picture, Ask]:
    while True:
        picture, ask = drawn(rng, kind)
        if len(ask.wrong) >= 3:
            return picture, ask


def yes_no(path: Path, rng: random.Random) -> None:
    records = []
    for name, (kind, category) in MME_KINDS.items():
        for number in range(MME_PICTURES):
            picture, ask = drawn(rng, kind, (category,))
            first = len(records)
            for answer, value in (("Yes", ask.answer), ("No", rng.choice(ask.wrong))):
                records.append({"index": len(records), "image": encoded(picture) if len(records) == first else str(first),
                                "image_path": f"{name}/{number:02}.png", "category": name, "answer": answer,
                                "question": ask.claim.format(value) + " Please answer yes or no."})
    table(path / "MME.tsv", records)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder / "benchmarks" / "pictures"
    for index, write in enumerate((charts, papers, diagrams, circular, yes_no)):
        write(folder, random.Random(400 + index))


if __name__ == "__main__":
    main()
