"""Writes the demo's texts and its text benchmarks in the files of the real ones, from unseen combinations only."""

import argparse
import csv
import json
import random
from pathlib import Path

from world import choice, documents, howto, lexicon, reading, stories
from world.processes import PROCESSES, Process
from world.text import CALIBRATION, EVALUATION, shuffled_choices, split_of

ITEMS = 100
MMLU_ITEMS = 50
HELD_OUT = (EVALUATION, CALIBRATION)  # no question of either is ever trained on


def _lines(path: Path, records: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def _distinct(make, key, count: int) -> list:
    """`count` items that differ in `key`."""
    found: dict = {}
    while len(found) < count:
        item = make()
        found.setdefault(key(item), item)
    return list(found.values())


def piqa(folder: Path, rng: random.Random) -> None:
    goals = _distinct(lambda: howto.goal(rng, EVALUATION), lambda goal: goal.goal, ITEMS)
    records, labels = [], []
    for goal in goals:
        label = rng.randrange(2)
        first, second = (goal.right, goal.wrong) if label == 0 else (goal.wrong, goal.right)
        records.append({"goal": goal.goal, "sol1": first, "sol2": second})
        labels.append(label)
    _lines(folder / "valid.jsonl", records)
    (folder / "valid-labels.lst").write_text("".join(f"{label}\n" for label in labels))


def _arc_record(name: str, index: int, item: choice.Choice) -> dict:
    options = [{"text": text, "label": label} for label, text in zip(choice.LETTERS, item.options)]
    return {"id": f"{name}_{index}", "question": {"stem": item.question, "choices": options}, "answerKey": item.letter}


def arc(folder: Path, rng: random.Random) -> None:
    """Easy: facts of the Vale. Challenge: passages and sums, which no memory answers."""
    def hard() -> choice.Choice:
        return (choice.of_passage if rng.random() < 0.6 else choice.of_sum)(rng, EVALUATION)

    for name, make in (("Easy", lambda: choice.of_fact(rng, rng.choice(HELD_OUT))), ("Challenge", hard)):
        items = _distinct(make, lambda item: item.question, ITEMS)
        _lines(folder / f"ARC-{name}-Test.jsonl", [_arc_record(f"demo_{name.lower()}", i, item) for i, item in enumerate(items)])


def _ending(sentence: str, person: lexicon.Person) -> str:
    """A step as the rest of a sentence that began with the pronoun."""
    return sentence.removeprefix(person.pronoun.capitalize() + " ")


def _continuation(rng: random.Random) -> dict:
    person, process = rng.choice(lexicon.PEOPLE), rng.choice(PROCESSES)
    thing = rng.choice(process.things)
    steps = stories.process_sentences(person, process, thing)
    at = rng.randint(2, len(steps) - 1)
    elsewhere = rng.sample([p for p in PROCESSES if p is not process], 2)
    wrong = [_ending(_some_step(rng, person, other), person) for other in elsewhere]
    wrong.append(_ending(rng.choice(steps[1:at]), person))
    endings, label = shuffled_choices(rng, _ending(steps[at], person), wrong)
    return {"activity_label": process.title, "ctx_a": " ".join(steps[:at]), "ctx_b": person.pronoun,
            "ctx": " ".join([*steps[:at], person.pronoun]), "split": "val", "split_type": "indomain", "label": label,
            "endings": endings, "source_id": "demo"}


def _some_step(rng: random.Random, person: lexicon.Person, process: Process) -> str:
    return rng.choice(stories.process_sentences(person, process, rng.choice(process.things))[1:])


def hellaswag(folder: Path, rng: random.Random) -> None:
    """Contexts whose whole story belongs to the evaluation split."""
    def make() -> dict:
        while True:
            record = _continuation(rng)
            story = f"{record['activity_label']}: {record['ctx']} {record['endings'][record['label']]}"
            if split_of(story) == EVALUATION:
                return record

    records = _distinct(make, lambda record: record["ctx"], ITEMS)
    _lines(folder / "hellaswag_val.jsonl", [{"ind": index} | record for index, record in enumerate(records)])


def winogrande(folder: Path, rng: random.Random) -> None:
    items = _distinct(lambda: reading.contrast(rng, EVALUATION), lambda item: item.sentence, ITEMS)
    _lines(folder / "dev.jsonl", [{"qID": f"demo{index}", "sentence": item.sentence, "option1": item.first, "option2": item.second,
                                   "answer": str(item.answer + 1)} for index, item in enumerate(items)])


def mmlu(folder: Path, rng: random.Random) -> None:
    """Four subjects, one of each category. `dev` holds the five examples, from the training split."""
    for subject in choice.SUBJECTS:
        shots = _distinct(lambda: choice.draw(rng, subject=subject), lambda item: item.question, 5)
        tests = _distinct(lambda: choice.draw(rng, rng.choice(HELD_OUT), subject), lambda item: (item.question, *sorted(item.options)), MMLU_ITEMS)
        for split, items in (("dev", shots), ("test", tests)):
            (folder / split).mkdir(parents=True, exist_ok=True)
            with (folder / split / f"{subject}_{split}.csv").open("w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows([item.question, *item.options, item.letter] for item in items)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    (folder / "text").mkdir(parents=True, exist_ok=True)
    (folder / "text" / "calibration.txt").write_text(documents.corpus(101, CALIBRATION, 160_000, with_questions=True))
    (folder / "text" / "perplexity.txt").write_text(documents.corpus(202, EVALUATION, 80_000, with_questions=True))
    for index, write in enumerate((piqa, arc, hellaswag, winogrande, mmlu)):
        write(folder / "benchmarks" / write.__name__, random.Random(300 + index))


if __name__ == "__main__":
    main()
