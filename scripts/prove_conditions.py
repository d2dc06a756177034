#!/usr/bin/env python3
"""Proves by experiment that an image named as conditional runs when its condition holds.

Usage: .venv/bin/python scripts/prove_conditions.py [--seed N] [--images N] [--by-hand FILE] DIR…   (after scripts/setup-helm.sh)

Draws images with a named condition from the charts under each DIR that Helm renders, sets the
values that the condition reads so that it holds, renders with real Helm, and looks for the
image. What cannot be set by a rule (a variable, a function that computes) is skipped and
counted, and so are charts that ask for more than the condition (a certificate, a branch) and
fail without it, unless FILE says what to set: a JSON object of conditions to lists of
expressions as for `helm --set`. Fails when fewer than 95% of
the images show, or fewer than --images were tried.
"""

import argparse
import json
import pathlib
import random
import re
import sys

import charts
from render_with_helm import merge

SHARE = 0.95
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|[()]|[^\s()]+')


class ByHand(Exception):
    """A condition that no rule sets."""


def parse(text):
    """A pipeline as nested lists of words; `a | b` is `b a`."""
    tokens = TOKEN.findall(text)

    def group():
        words = []
        while tokens:
            token = tokens.pop(0)
            if token == ")":
                return words
            if token == "|":
                words = [tokens.pop(0), words]
            else:
                words.append(group() if token == "(" else token)
        return words

    return group()


def path_of(node):
    """The keys that a field names in the values; none where it is no field of them."""
    if isinstance(node, list):
        words = [word for word in node if isinstance(word, (str, list))]
        if len(words) == 1:
            return path_of(words[0])
        if len(words) == 2 and isinstance(words[1], str) and words[1].startswith("."):
            first = path_of(words[0])
            return first and first + words[1][1:].split(".")
        return None
    match = re.fullmatch(r"[$.\w]*?\.Values\.([\w.-]+)", node)
    return match[1].split(".") if match else None


def defaults(chart):
    """A chart's own values over those of its vendored subcharts."""
    values = charts.read_yaml(chart / "values.yaml")
    aliases = {entry["name"]: entry.get("alias") or entry["name"] for entry in charts.dependencies(chart)}
    for folder in chart.glob("charts/*/Chart.yaml"):
        name = str(charts.read_yaml(folder).get("name", folder.parent.name))
        name = aliases.get(name, name)
        over = values.get(name)
        values[name] = merge(defaults(folder.parent), over if isinstance(over, dict) else {})
    return values


class Chart:
    """What a chart's values are by default, its subcharts' under theirs: conditions name them from the top."""

    def __init__(self, chart):
        self.defaults = defaults(chart)

    @staticmethod
    def set(path, value):
        """The expression that sets a value."""
        return ".".join(key.replace(".", r"\.") for key in path) + f"={value}"

    def value(self, path):
        """What a value is by default."""
        node = self.defaults
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def truth(self, path, holds):
        """The expressions that make a value true, or false, and leave it what it was made for."""
        node = self.value(path)
        if not holds:
            nothing = "null" if isinstance(node, (dict, list)) else "" if isinstance(node, str) else "false"
            return [self.set(path, nothing)]
        if isinstance(node, (dict, list)):
            if not node:
                raise ByHand("a list or a map of what?")
            return []
        number = isinstance(node, (int, float)) and not isinstance(node, bool)
        return [self.set(path, "proof" if isinstance(node, str) else 1 if number else "true")]

    def settings(self, node, holds=True):
        """The expressions that make a condition hold, or not."""
        if path := path_of(node):
            return self.truth(path, holds)
        if not isinstance(node, list):
            raise ByHand(f"{node} is no value")
        word, *rest = node
        if not rest and isinstance(word, list):
            return self.settings(word, holds)
        if word in ("not", "empty") and len(rest) == 1:
            return self.settings(rest[0], not holds)
        if word in ("and", "or"):
            every = (word == "and") == holds
            return [one for part in (rest if every else rest[:1]) for one in self.settings(part, holds)]
        if word in ("eq", "ne") and len(rest) == 2:
            path, literal = (path_of(rest[0]), rest[1]) if path_of(rest[0]) else (path_of(rest[1]), rest[0])
            if path and isinstance(literal, str) and re.fullmatch(r'"[\w.-]*"|true|false|\d+', literal):
                equal = (word == "eq") == holds
                if not equal and self.value(path) not in (None, literal.strip('"')):
                    return []
                return [self.set(path, literal.strip('"') if equal else "proof")]
        raise ByHand(f"{word} computes")


def settings(chart, image, written):
    """The values file and the expressions that make all conditions of an image hold."""
    if written is not None:
        return [], written
    context = Chart(chart)
    files, expressions = [], []
    for word, code in re.findall(r"(when|unless|with) (?<!`)`((?:[^`])+)`", image["condition"]):
        if word == "with":
            files.append(chart / code)
        else:
            expressions += context.settings(parse(code), word == "when")
    if not files and not expressions:
        raise ByHand("nothing to set")
    return files, expressions


def shows(answer, reference):
    """True when a render runs the image, or names it anywhere else."""
    wanted = charts.normal(reference)
    pods = {charts.normal(image) for image in charts.images_in(answer).values()}
    return wanted in pods or any(reference in text for text in answer["manifests"].values())


def experiment(drawn, by_hand):
    """What came of an image: `shows`, `skipped` or `fails`, whether it was set by hand, and why."""
    chart, image = drawn
    written = by_hand.get(image["condition"])
    try:
        files, expressions = settings(chart, image, written)
    except ByHand as reason:
        return "skipped", False, str(reason)
    answer = charts.Helm.render(chart, files, expressions)
    said = " ".join([*map(str, files), *expressions])
    if "error" in answer:
        return "fails", written is not None, f"{said}: {answer['error'].strip().splitlines()[-1]}"
    return ("shows" if shows(answer, image["reference"]) else "fails"), written is not None, said


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
    hands = 0
    lines = []
    for drawn in images:
        if counts["shows"] + counts["fails"] == asked.images:
            break
        result, hand, why = experiment(drawn, by_hand)
        counts[result] += 1
        hands += hand
        if result != "shows":
            chart, image = drawn
            lines.append(f"{result}: {image['reference']}  {image['condition']}: {why}  ({chart})")
    print(f"seed {asked.seed}: {len(images)} images with a condition in {len(found)} charts")
    print("shows  fails  skipped  by hand")
    print("{shows:>5}  {fails:>5}  {skipped:>7}  {:>7}".format(hands, **counts))
    print(*lines, sep="\n")
    tried = counts["shows"] + counts["fails"]
    if tried < asked.images:
        print(f"only {tried} could be tried")
        return 1
    return 0 if counts["shows"] >= SHARE * tried else 1


if __name__ == "__main__":
    sys.exit(main())
