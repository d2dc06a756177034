"""Real Helm judges the charts of charts-fixtures/forms and charts-fixtures/silent.

Every image that Helm renders into a container with the default values has to be
in forms/expected.json; charts that are to be silent have to render, and render
no image.

Usage: .venv/bin/python scripts/judge_forms.py   (after scripts/setup-helm.sh)
"""

import json
import sys

import yaml
from judge_plan import FIXTURES, containers, render


def rendered(chart):
    """The images of a chart's containers."""
    found = set()
    for path, text in render(chart).items():
        if path.endswith("NOTES.txt"):
            continue
        for document in yaml.safe_load_all(text):
            found |= {container["image"] for container in containers(document)}
    return found


def main() -> int:
    wrong, images, charts = [], 0, 0
    forms = json.loads((FIXTURES / "forms" / "expected.json").read_text())
    for group in ("forms", "silent"):
        for chart in sorted(path for path in (FIXTURES / group).iterdir() if path.is_dir()):
            expected = forms[chart.name] if group == "forms" else {"images": [], "needs_evaluation": []}
            known = {image["reference"] for image in expected["images"]} | set(expected["needs_evaluation"])
            runs = rendered(chart)
            images, charts = images + len(runs), charts + 1
            wrong += [f"{group}/{chart.name}: Helm runs {image}" for image in sorted(runs - known)]
    for line in wrong:
        print("wrong:", line, file=sys.stderr)
    print(f"{images} images that Helm runs in {charts} charts; {len(wrong)} not expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
