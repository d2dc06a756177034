#!/usr/bin/env python3
"""Proves that every image that Helm would run is in the inventory.

Usage: .venv/bin/python scripts/prove_recall.py DIR…   (after scripts/setup-helm.sh)

Renders every chart under each DIR with real Helm, with its default values and with each of
its ci/*-values.yaml, and looks up every image of a pod spec (containers, initContainers,
ephemeralContainers, image volumes; in any kind) in `chart-images list --evaluate`. Fails
when one is not there with the same reference, or when Helm renders no chart.

`auto` is no image: a service mesh puts its own in its place. What is no reference by the
grammar, as `name:[[ .Version ]]`, is shown and not looked up: the rule invalid-reference
is about it. Dependencies are not fetched;
see scripts/vendor_dependencies.py. $CHART_IMAGES names another binary than Cargo's.
"""

import pathlib
import sys

import charts

NO_IMAGES = {"auto"}


def rendered(chart):
    """The images that Helm gives, each with the render it is in; and how many renders failed."""
    found, failed, renders = {}, 0, 0
    for values in [None, *sorted(chart.glob("ci/*-values.yaml"))]:
        answer = charts.Helm.render(chart, [values] if values else [])
        if "error" in answer:
            failed += 1
            continue
        renders += 1
        for ((path, _), _), image in charts.images_in(answer).items():
            if image not in NO_IMAGES:
                found.setdefault(image, (path, values.name if values else "default values"))
    return found, renders, failed


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = charts.program()

    def judge(chart):
        found, renders, failed = rendered(chart)
        listed = {charts.normal(image["reference"]) for image in charts.inventory(binary, chart)} if renders else set()
        odd = {image for image in found if not charts.REFERENCE.fullmatch(image)}
        for image in odd:
            print(f"no reference: {image}  in {found.pop(image)[0]}  ({chart})")
        missed = [(image, *where) for image, where in found.items() if charts.normal(image) not in listed]
        return chart, renders, failed, len(found), missed

    print("charts  renders  failed  images  found  folder")
    total = [0] * 5
    missed_any = False
    for folder in map(pathlib.Path, sys.argv[1:]):
        sums, lines = [0] * 5, []
        for chart, renders, failed, images, missed in charts.each(judge, charts.charts_under(folder)):
            row = (renders > 0, renders, failed, images, images - len(missed))
            sums = [a + b for a, b in zip(sums, row)]
            lines += [f"missed: {image}  in {path} with {values}  ({chart})" for image, path, values in missed]
        print("{:>6}  {:>7}  {:>6}  {:>6}  {:>5}".format(*sums), folder, sep="  ")
        print(*lines, sep="\n", end="\n" if lines else "", flush=True)
        missed_any |= bool(lines)
        total = [a + b for a, b in zip(total, sums)]
    print("{:>6}  {:>7}  {:>6}  {:>6}  {:>5}".format(*total), "all", sep="  ")
    if not total[0]:
        sys.exit("Helm renders no chart in these folders")
    return 1 if missed_any else 0


if __name__ == "__main__":
    sys.exit(main())
