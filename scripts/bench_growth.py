#!/usr/bin/env python3
"""How the time of `lint` grows with a chart: its dependencies, its values
file, its templates. Each is made in four sizes; what grows linearly takes the same time
for each unit.

Usage: scripts/bench_growth.py [BINARY]     (target/release/chart-images)
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 3

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "full" . }}
spec:
  template:
    spec:
      containers:
        - name: main
          image: "{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}"
      {{- if .Values.extra }}
        - name: extra
          image: "quay.io/acme/extra:{{ .Values.image.tag }}"
      {{- end }}
"""
HELPERS = '{{ define "full" }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 }}{{ end }}\n'
VALUES = "image:\n  registry: docker.io\n  repository: acme/app\n  tag: 1.2.3\nextra: false\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def chart(folder, name, templates=1, values=VALUES, helpers=HELPERS):
    write(folder / "Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
    write(folder / "values.yaml", values)
    write(folder / "templates/_helpers.tpl", helpers)
    for index in range(templates):
        write(folder / f"templates/t{index}.yaml", DEPLOYMENT)


def dependencies(folder, count):
    chart(folder, "parent")
    declared = ""
    for index in range(count):
        name = f"sub{index}"
        chart(folder / "charts" / name, name)
        declared += f'  - {{name: {name}, version: 1.0.0, repository: ""}}\n'
    with (folder / "Chart.yaml").open("a", encoding="utf-8") as file:
        file.write(f"dependencies:\n{declared}")


def values(folder, tenths):
    text, index = [VALUES, "services:\n"], 0
    size = 0
    while size < tenths * 100_000:
        entry = (
            f"  service{index}:\n    # What it runs.\n    image:\n      registry: ghcr.io\n"
            f"      repository: acme/service{index}\n      tag: 1.0.{index}\n    args: [a, b]\n"
        )
        text.append(entry)
        size += len(entry)
        index += 1
    chart(folder, "values", values="".join(text))
    write(
        folder / "templates/services.yaml",
        "{{- range $name, $s := .Values.services }}\n---\napiVersion: v1\nkind: Pod\n"
        "metadata: {name: {{ $name }}}\nspec:\n  containers:\n    - name: main\n"
        '      image: "{{ $s.image.registry }}/{{ $s.image.repository }}:{{ $s.image.tag }}"\n{{- end }}\n',
    )


def templates(folder, count):
    chart(folder, "templates", templates=count)


GROWTHS = [
    ("dependencies", dependencies, [25, 50, 100, 200], 1, ""),
    ("values file", values, [6, 12, 25, 50], 10, " MB"),
    ("templates", templates, [250, 500, 1000, 2000], 1, ""),
]


def measure(binary, folder):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(
            [binary, "lint", "--format", "json", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        times.append(time.perf_counter() - start)
        if done.returncode not in (0, 1):
            sys.exit(f"lint ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return statistics.median(times)


def main():
    top = pathlib.Path(__file__).resolve().parent.parent
    binary = sys.argv[1] if len(sys.argv) > 1 else str(top / "target/release/chart-images")
    for name, make, sizes, divisor, unit in GROWTHS:
        print(f"{name:14} {'seconds':>9} {'ms a unit':>10}")
        for size in sizes:
            with tempfile.TemporaryDirectory() as temporary:
                folder = pathlib.Path(temporary) / "chart"
                make(folder, size)
                seconds = measure(binary, folder)
                amount = size / divisor
                print(f"{amount:>10g}{unit:4} {seconds:9.3f} {seconds * 1000 / amount:10.3f}")


if __name__ == "__main__":
    main()
