#!/usr/bin/env python3
"""Proves by experiment that an image named as conditional runs when its condition holds.

Usage: .venv/bin/python scripts/prove_conditions.py [--seed N] [--images N] [--by-hand FILE] DIR…   (after scripts/setup-helm.sh)

Draws images with a named condition from the charts under each DIR that Helm renders, sets the
values that the condition reads so that it holds (scripts/conditions.py), renders with real
Helm, and looks for the image. A condition says that a value is to hold, not whether it is a
text, a list or a map: where the chart has none, each of these is tried. Where the chart then
refuses, and its error names values, these are set as well, and counted. What no rule sets (a
variable, a function that computes) is skipped and counted, unless FILE says what to set: a
JSON object of conditions to lists of expressions as for `helm --set`. Fails when fewer than
95% of the images show, or fewer than --images were tried.
"""

import argparse
import json
import pathlib
import random
import re
import sys

import charts
import conditions

SHARE = 0.95
# How often a chart that refuses is given what it asks for.
MOST_ASKED = 4


def shows(answer, before, reference):
    """True when a render runs the image, or names it anywhere where the defaults do not."""
    wanted = charts.normal(reference)
    if wanted in {charts.normal(image) for image in charts.images_in(answer).values()}:
        return True
    whole = re.compile(rf"(?<![\w./-]){re.escape(reference)}(?![\w./:@-])")
    named = lambda render: any(whole.search(text) for text in render["manifests"].values())
    return named(answer) and not named(before)


def asked_for(error):
    """What a chart that refuses says should be set; a subchart says it of its own values."""
    above = re.search(r"\([\w.-]+((?:/charts/[\w.-]+)*)/templates/", error)
    below = "".join(f"{name}." for name in above[1].split("/charts/")[1:]) if above else ""
    for flag, value, name in re.findall(r"--set ([\w.\[\]-]+)=|\.Values\.([\w.-]*\w)|\b([a-z]\w*(?:\.\w+)+)\b", error):
        path = flag or value or name
        is_file = path.endswith((".yaml", ".yml", ".tpl", ".txt")) and not flag
        if not is_file:
            yield f"{below}{path}={'proof' if value else 'true'}"


class Trial:
    """The attempts to show one image."""

    def __init__(self, chart, image, by_hand):
        self.chart, self.image = chart, image
        self.by_hand = by_hand.get(image["condition"])
        self.asked = False
        self.before = charts.Helm.render(chart)

    def render(self, files, expressions):
        """A render, with what the chart asks for besides."""
        more = []
        for _ in range(MOST_ASKED):
            given = [*more, *expressions]
            upgrade = conditions.UPGRADE in given
            given = [one for one in given if one != conditions.UPGRADE]
            answer = charts.Helm.render(self.chart, files, given, upgrade=upgrade)
            wanted = [one for one in asked_for(answer.get("error", "")) if one not in more]
            if not wanted:
                break
            more += wanted
        self.asked = bool(more)
        return answer

    def run(self):
        """What came of it: `shows`, `skipped` or `fails`, and why."""
        if self.by_hand is None:
            try:
                files, ways = conditions.ways(self.chart, self.image["condition"])
            except conditions.ByHand as reason:
                return "skipped", str(reason)
        else:
            files, ways = [], [self.by_hand]
        for way in ways:
            answer = self.render(files, way)
            said = " ".join([*map(str, files), *way])
            if "error" in answer:
                said += f": {answer['error'].strip().splitlines()[-1]}"
            elif shows(answer, self.before, self.image["reference"]):
                return "shows", said
        return "fails", said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--by-hand", type=pathlib.Path)
    parser.add_argument("folders", metavar="DIR", nargs="+", type=pathlib.Path)
    asked = parser.parse_args()
    by_hand = json.loads(asked.by_hand.read_text(encoding="utf-8")) if asked.by_hand else {}
    binary = charts.program()

    def conditional(chart):
        if "error" in charts.Helm.render(chart):
            return []
        return [(chart, image) for image in charts.inventory(binary, chart) if image.get("condition") and image["uses"]]

    found = [chart for folder in asked.folders for chart in charts.charts_under(folder)]
    images = [image for some in charts.each(conditional, found) for image in some]
    random.Random(asked.seed).shuffle(images)
    counts = {"shows": 0, "fails": 0, "skipped": 0}
    hands = asked_besides = 0
    lines = []
    for drawn in images:
        if counts["shows"] + counts["fails"] == asked.images:
            break
        chart, image = drawn
        trial = Trial(chart, image, by_hand)
        result, why = trial.run()
        counts[result] += 1
        hands += result == "shows" and trial.by_hand is not None
        asked_besides += result == "shows" and trial.asked
        if result != "shows":
            lines.append(f"{result}: {image['reference']}  {image['condition']}: {why}  ({chart})")
    print(f"seed {asked.seed}: {len(images)} images with a condition in {len(found)} charts")
    print("shows  fails  skipped  by hand  with what the chart asks for")
    print("{shows:>5}  {fails:>5}  {skipped:>7}  {:>7}  {:>4}".format(hands, asked_besides, **counts))
    print(*lines, sep="\n")
    tried = counts["shows"] + counts["fails"]
    if tried < asked.images:
        print(f"only {tried} could be tried")
        return 1
    return 0 if counts["shows"] >= SHARE * tried else 1


if __name__ == "__main__":
    sys.exit(main())
