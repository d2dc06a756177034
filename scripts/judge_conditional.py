"""Real Helm judges the charts of charts-fixtures/conditional.

With the default values Helm runs what expected.json calls exact and nothing that it
calls conditional; with the values under `shown_by` it runs the image that they are
for. An image that Helm cannot be made to show here says why under `not_shown`.

Usage: .venv/bin/python scripts/judge_conditional.py   (after scripts/setup-helm.sh)
"""

import json
import sys

import helm_python as helm
import yaml
from judge_plan import FIXTURES, containers

FOLDER = FIXTURES / "conditional"


def rendered(chart, values):
    """The images that Helm runs; none where it refuses the chart."""
    with helm.Chart.load(str(chart)) as loaded:
        manifests = loaded.render(values, name="demo", namespace="default")
    found = set()
    for path, text in manifests.items():
        if not path.endswith("NOTES.txt"):
            for document in yaml.safe_load_all(text):
                found |= {container["image"] for container in containers(document)}
    return found


def judge(chart, expected):
    """What is wrong with one chart's expectations."""
    try:
        default = rendered(chart, {})
    except helm.HelmError:
        default = set()
    if default != set(expected["exact"]):
        yield f"Helm runs {sorted(default)} by default"
    conditional = expected["conditional"].keys() - expected["exact"]
    told = expected["shown_by"].keys() | expected.get("not_shown", {}).keys()
    for image in sorted(conditional - told):
        yield f"nothing tells how {image} is shown"
    for image, values in expected["shown_by"].items():
        if image in default:
            yield f"{image} is run by default"
        if image not in rendered(chart, values):
            yield f"{image} is not run with {values}"


def main() -> int:
    helm.disable_logging()
    every = json.loads((FOLDER / "expected.json").read_text())
    charts = sorted(path.name for path in (FOLDER / "charts").iterdir())
    wrong = [f"{chart}: {fault}" for chart in charts for fault in judge(FOLDER / "charts" / chart, every[chart])]
    for line in wrong:
        print("wrong:", line, file=sys.stderr)
    shown = sum(len(expected["shown_by"]) for expected in every.values())
    print(f"{shown} conditional images in {len(charts)} charts, each shown by Helm when its values are set; {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
