#!/usr/bin/env python3
"""Proves that every image that Helm would run is in the inventory.

Usage: .venv/bin/python scripts/prove_recall.py DIR…   (after scripts/setup-helm.sh)

Renders every chart under each DIR with real Helm, with its default values and with each of
its ci/*-values.yaml, and looks up every image of a pod spec (containers, initContainers,
ephemeralContainers, image volumes; in any kind) in `chart-images list`. Fails
when one is not there with the same reference, or when Helm renders no chart.

`auto` is no image: a service mesh puts its own in its place. What is no reference by the
grammar, as `name:[[ .Version ]]` or `/web:1` where a registry is not set, counts as `odd` and
is not looked up; it is shown where the report has no invalid-reference or unresolved-image
for the chart, which tell of the default values alone. Dependencies are not fetched; see scripts/vendor_dependencies.py. $CHART_IMAGES names another binary than Cargo's.
"""

import pathlib
import sys

import charts

NO_IMAGES = {"auto"}
# What says that an image cannot be told, or is none.
TELL_OF_NONE = {"invalid-reference", "unresolved-image"}


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
        if not renders:
            return chart, (0, 0, failed, 0, 0, 0), []
        report = charts.report(binary, chart)
        listed = {charts.normal(image["reference"]) for image in report["images"]}
        told = any(finding["rule"] in TELL_OF_NONE for finding in report["findings"])
        odd = {image for image in found if not charts.REFERENCE.fullmatch(image)}
        missed = {image for image in found.keys() - odd if charts.normal(image) not in listed}
        for image in set() if told else odd:
            print(f"odd, and not told: {image}  in {found[image][0]} with {found[image][1]}  ({chart})")
        lines = [f"missed: {image}  in {found[image][0]} with {found[image][1]}  ({chart})" for image in sorted(missed)]
        images = len(found) - len(odd)
        return chart, (1, renders, failed, images, len(odd), images - len(missed)), lines

    form = "{:>6}  {:>7}  {:>6}  {:>6}  {:>3}  {:>5}"
    print(form.format("charts", "renders", "failed", "images", "odd", "found"), "folder", sep="  ")
    total = [0] * 6
    missed_any = False
    for folder in map(pathlib.Path, sys.argv[1:]):
        sums, lines = [0] * 6, []
        for _, row, missed in charts.each(judge, charts.charts_under(folder)):
            sums = [a + b for a, b in zip(sums, row)]
            lines += missed
        print(form.format(*sums), folder, sep="  ")
        print(*lines, sep="\n", end="\n" if lines else "", flush=True)
        missed_any |= bool(lines)
        total = [a + b for a, b in zip(total, sums)]
    print(form.format(*total), "all", sep="  ")
    if not total[0]:
        sys.exit("Helm renders no chart in these folders")
    return 1 if missed_any else 0


if __name__ == "__main__":
    sys.exit(main())
