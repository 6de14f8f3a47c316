"""Weighted text, splits and small helpers that every generator shares."""

import random
import zlib
from dataclasses import dataclass

EVALUATION, CALIBRATION, TRAINING = 0, 1, 2


@dataclass(frozen=True)
class Segment:
    """A piece of a document; `weight` scales its loss (0: context only). Cuts lie on pre-token borders."""

    text: str
    weight: float = 1.0


Document = list[Segment]


def plain(document: Document) -> str:
    return "".join(segment.text for segment in document)


def split_of(key: str) -> int:
    """Which split a question, picture or story belongs to: decided by its own bytes, so that nothing leaks."""
    bucket = zlib.crc32(key.encode()) % 12
    return bucket if bucket < TRAINING else TRAINING


def a(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def others(rng: random.Random, pool, answer, count: int) -> list:
    """`count` different members of the pool that are not the answer."""
    candidates = sorted({str(entry) for entry in pool} - {str(answer)})
    return rng.sample(candidates, count)


def shuffled_choices(rng: random.Random, answer: str, wrong: list[str]) -> tuple[list[str], int]:
    """The options in random order and where the answer landed."""
    choices = [answer, *wrong]
    rng.shuffle(choices)
    return choices, choices.index(answer)
