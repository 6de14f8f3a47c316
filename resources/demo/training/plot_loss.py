"""Draws the loss log of train.py as a small SVG."""

import argparse
import csv
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 260, 44, 34
COLOURS = {"text": "#2a54c8", "pictures": "#d02c2c"}


def _points(steps: list[int], values: list[float], top: float) -> str:
    across, down = (WIDTH - LEFT - 12) / max(steps), (HEIGHT - BOTTOM - 12) / top
    return " ".join(f"{LEFT + step * across:.1f},{HEIGHT - BOTTOM - min(value, top) * down:.1f}" for step, value in zip(steps, values))


def draw(rows: list[list[float]]) -> str:
    steps, top = [int(row[0]) for row in rows], 4.0
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for tick in range(5):
        y = HEIGHT - BOTTOM - tick * (HEIGHT - BOTTOM - 12) / top
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 12}" stroke="#dddddd"/><text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>')
    for index, (name, colour) in enumerate(COLOURS.items()):
        line = _points(steps, [row[1 + index] for row in rows], top)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{WIDTH - 90}" y="{24 + 16 * index}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 10}">0</text><text x="{WIDTH - 12}" y="{HEIGHT - 10}" text-anchor="end">step {max(steps)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path, help="loss.csv of train.py")
    parser.add_argument("drawing", type=Path)
    arguments = parser.parse_args()
    with arguments.log.open() as file:
        rows = [[float(cell) for cell in row] for row in csv.reader(file)]
    arguments.drawing.write_text(draw(rows))


if __name__ == "__main__":
    main()
