"""How long a migration takes beside a lint of the same charts.

Generates charts with a helper, a Deployment and a Job each, 1,000 images in 300 of them by
default, in a copy for each run, and gives the time of `lint --no-evaluate`, `lint`,
`migrate --dry-run` and `migrate`: by the clock, the least and the median of the runs, and of the
processor. Fails when by the clock a migration takes more than --most times a lint (medians).

The copies are made first and brought to the disk, since a migration waits for its own files to
get there, and for whatever else is on the way: measure on a machine that does nothing else. TMPDIR
tells where. An ext4 without a journal, which some virtual machines have, makes files slowly where
others were removed within the last minute, as each migration does; there give --pause 65.

Usage: python3 scripts/bench_migration.py [--charts N] [--images N] [--runs N] [--pause SECONDS] [--most FACTOR]
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from charts import program  # noqa: E402

POLICY = """\
version: 1
registries: { allowed: [mirror.example.com], disallowed: [ghcr.io, docker.io] }
replacements:
  - { from: "ghcr.io/**", to: "mirror.example.com/gh/**" }
  - { from: "docker.io/**", to: "mirror.example.com/hub/**" }
"""

HELPERS = """\
{{- define "app.image" -}}
{{- $tag := .image.tag | default .root.Chart.AppVersion -}}
{{- if .image.registry }}{{ .image.registry }}/{{ end }}{{ .image.repository }}:{{ $tag }}
{{- end }}
{{- define "app.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}
"""

POD = """\
apiVersion: {api}
kind: {kind}
metadata:
  name: {{{{ .Release.Name }}}}-{number}
  labels: {{{{- include "app.labels" . | nindent 4 }}}}
spec:
  template:
    spec:
      containers:
        - name: main
          image: {{{{ include "app.image" (dict "image" .Values.part{number}.image "root" $) }}}}
          {{{{- with .Values.part{number}.resources }}}}
          resources: {{{{- toYaml . | nindent 12 }}}}
          {{{{- end }}}}
"""

VALUES = """\
part{number}:
  image:
    registry: {registry}
    repository: acme/part{number} # the image
    tag: "1.{number}"
  resources:
    limits: {{ cpu: 1, memory: 1Gi }}
"""


def generate(root, charts, images):
    (root / "image-policy.yaml").write_text(POLICY)
    for chart in range(charts):
        folder = root / f"charts/app{chart}"
        (folder / "templates").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: app{chart}\nversion: 1.0.0\nappVersion: v1\n")
        (folder / "templates/_helpers.tpl").write_text(HELPERS)
        values = ""
        # As many as are left, shared out evenly.
        for number in range(images * (chart + 1) // charts - images * chart // charts):
            api, kind = ("apps/v1", "Deployment") if number % 2 == 0 else ("batch/v1", "Job")
            values += VALUES.format(number=number, registry="ghcr.io" if number % 3 else "docker.io")
            text = POD.format(api=api, kind=kind, number=number)
            (folder / f"templates/part{number}.yaml").write_text(text)
        (folder / "values.yaml").write_text(values)


VERBS = ["lint --no-evaluate", "lint", "migrate --unverified --dry-run", "migrate --unverified"]


def seconds(command, root):
    """By the clock, the program's own, and the system's for it."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in (0, 1):
        sys.exit(f"{command}: {run.stderr}")
    return took, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--charts", type=int, default=300)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--pause", type=float, default=0)
    parser.add_argument("--most", type=float, default=3)
    given = parser.parse_args()
    binary = program()
    with tempfile.TemporaryDirectory() as scratch:
        copies = [pathlib.Path(scratch) / str(number) for number in range(given.runs)]
        for copy in copies:
            copy.mkdir()
            generate(copy, given.charts, given.images)
        os.sync()
        times = []
        for copy in copies:
            time.sleep(given.pause)
            times.append([seconds([binary, *verb.split(), "--root", "."], copy) for verb in VERBS])
    medians = {}
    for verb, runs in zip(VERBS, zip(*times, strict=True), strict=True):
        clock, own, system = (sorted(kind) for kind in zip(*runs, strict=True))
        medians[verb] = statistics.median(clock)
        print(
            f"{clock[0]:7.3f} s, median {medians[verb]:.3f} s, of the processor {statistics.median(own):.2f} s "
            f"and {statistics.median(system):.2f} s of the system's: {verb}"
        )
    factor = medians["migrate --unverified"] / medians["lint"]
    print(f"{factor:7.2f} times the lint ({given.images} images, {given.charts} charts, {given.runs} runs)")
    return 0 if factor < given.most else 1


if __name__ == "__main__":
    sys.exit(main())
