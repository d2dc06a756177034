"""Real Helm judges the charts of the migration plan.

Renders every chart of charts-fixtures/plan and charts-fixtures/migrated with its
default values, and fails unless

- Helm's linter has no error,
- each row of rows.json stands at its line, and its image in a container of the
  row's kind and name,
- no other image is rendered,
- the migrated charts render the same but for the images, the chart's version
  and checksums.

Usage: .venv/bin/python scripts/judge_plan.py   (after scripts/setup-helm.sh)
"""

import json
import re
import sys
from pathlib import Path

import helm_python
import yaml

FIXTURES = Path(__file__).resolve().parent.parent / "charts-fixtures"
PLAN = FIXTURES / "plan"
MIGRATED = FIXTURES / "migrated"
LISTS = ("initContainers", "containers", "ephemeralContainers")


def render(chart: Path) -> dict[str, str]:
    """Each template's text with the default values."""
    with helm_python.Chart.load(str(chart)) as loaded:
        return loaded.render({}, name="demo", namespace="default")


def containers(node):
    """Every container below a node."""
    if isinstance(node, dict):
        for key in LISTS:
            if isinstance(node.get(key), list):
                yield from node[key]
        for value in node.values():
            yield from containers(value)
    elif isinstance(node, list):
        for value in node:
            yield from containers(value)


def images(chart: Path) -> set[tuple[str, str, str]]:
    """Kind, container and image of everything that a chart runs."""
    found = set()
    for text in render(chart).values():
        for document in yaml.safe_load_all(text):
            if isinstance(document, dict):
                found |= {(document["kind"], c["name"], c["image"]) for c in containers(document)}
    return found


def lint(chart: Path) -> list[str]:
    """What Helm's linter calls an error."""
    result = helm_python.lint(str(chart))
    worst = [m for m in result["messages"] if m["severity"] >= 3]  # 1 is info, 2 a warning
    return [str(m) for m in result["errors"] + worst]


def without_versions(text: str) -> str:
    text = re.sub(r"helm\.sh/chart: \S+", "helm.sh/chart: …", text)
    return re.sub(r"(checksum/\S+): [0-9a-f]{64}", r"\1: …", text)


def main() -> int:
    rows = json.loads((PLAN / "rows.json").read_text())
    wrong = []
    for row in rows["migrate"] + rows["excepted"] + rows["allowed"]:
        line = (PLAN / row["path"]).read_text().splitlines()[row["line"] - 1]
        name = row.get("image") or re.split(r"[:@]", row["reference"])[0].split("/")[-1]
        if name not in line:
            wrong.append(f'{row["path"]}:{row["line"]}: {name} is not there: {line.strip()}')
    for chart in sorted((PLAN / "charts").iterdir()):
        runs = images(chart)
        expected = {
            (r["kind"], r["container"], r["reference"])
            for r in rows["migrate"] + rows["allowed"]
            if r["chart"] == chart.name
        }
        wrong += [f"{chart.name}: not rendered: {e}" for e in sorted(expected - runs)]
        known = {image for _, _, image in expected}
        wrong += [f"{chart.name}: not in the plan: {e}" for e in sorted(runs) if e[2] not in known]
        wrong += [f"{chart.name}: helm lint: {m}" for m in lint(chart)]
        moved = {r["reference"]: r["replacement"] for r in rows["migrate"] if r["chart"] == chart.name}
        before, after = render(chart), render(MIGRATED / "charts" / chart.name)
        wrong += [f"{chart.name}: migrated: helm lint: {m}" for m in lint(MIGRATED / "charts" / chart.name)]
        for path in sorted(before.keys() | after.keys()):
            want = without_versions(before.get(path, ""))
            for old, new in sorted(moved.items(), key=lambda pair: -len(pair[0])):
                want = re.sub(rf'(image: "?){re.escape(old)}("?)$', rf"\g<1>{new}\g<2>", want, flags=re.M)
            if want != without_versions(after.get(path, "")):
                wrong.append(f"{chart.name}: {path} differs in more than its images")
        for kind, container, image in sorted(runs):
            print(f"{chart.name:28} {kind:12} {container:18} {image}")
    for line in wrong:
        print("wrong:", line, file=sys.stderr)
    count = len(rows["migrate"])
    print(f"{count} rows to migrate, {len(rows['excepted'])} excepted, {len(rows['allowed'])} allowed; {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
