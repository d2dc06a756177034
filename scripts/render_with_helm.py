"""Renders charts with real Helm, for `cargo xtask conformance`.

Reads one JSON object a line, {"chart": DIR, "files": [VALUES_FILE…], "set": [EXPRESSION…],
"once": BOOLEAN, "upgrade": BOOLEAN}, and writes one a line: {"manifests": {PATH: TEXT}, "again": {PATH: TEXT}} or
{"error": TEXT}. "again" is a second render, without "once": what differs from the first is random. With "lint": true
it has the linter's word instead: {"lint": [[SEVERITY, PATH, TEXT]…]}, where severity 2 is a warning and 3 an error.

Usage: .venv/bin/python scripts/render_with_helm.py   (after scripts/setup-helm.sh)
"""

import json
import pathlib
import re
import sys

try:
    import helm_python as helm
except ImportError:
    sys.exit("real Helm is missing: run scripts/setup-helm.sh, and this with .venv/bin/python")


def merge(under, over):
    """Helm's MergeMaps: maps over maps, anything else in the place of what was there."""
    out = dict(under)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            value = merge(out[key], value)
        out[key] = value
    return out


def render(request):
    values = {}
    for path in request.get("files", []):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        # The command line merges the documents of a file; this function reads the first.
        for document in re.split(r"(?m)^---(?:[ \t].*)?$", text):
            values = merge(values, helm.values_from_yaml(document) or {})
    for expression in request.get("set", []):
        values = merge(values, helm.parse_set_string(expression))
    with helm.Chart.load(request["chart"]) as chart:
        options = {"name": "demo", "namespace": "default"}
        if request.get("upgrade"):
            options |= {"is_install": False, "is_upgrade": True}
        answer = {"manifests": chart.render(values, **options)}
        if not request.get("once"):
            answer["again"] = chart.render(values, **options)
        return answer


def lint(request):
    report = helm.lint(request["chart"])
    messages = [[message["severity"], message["path"], message["error"]] for message in report["messages"]]
    # What keeps Helm from the chart is no message, but an error all the same.
    known = {text for _, _, text in messages}
    others = [[3, "", text] for text in report["errors"] if not any(said in text for said in known)]
    return {"lint": messages + others}


def main():
    helm.disable_logging()
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = lint(request) if request.get("lint") else render(request)
        except (helm.HelmError, OSError, UnicodeDecodeError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
