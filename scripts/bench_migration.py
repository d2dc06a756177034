"""How long a migration takes beside a lint of the same charts.

Generates charts with a helper, a Deployment and a Job each, 1,000 images in 300 of them by
default, and gives the processor time of `lint --no-evaluate`, `lint` and `migrate` (the least of
three runs): the program's own, and the system's, most of which makes and removes files and
says more of the file system. Fails when the program's own time is more than --most times that
of the evaluation, which a migration repeats to prove itself.

Usage: python3 scripts/bench_migration.py [--charts N] [--images N] [--most FACTOR]
"""

import argparse
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

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


def seconds(command, root):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in (0, 1):
        sys.exit(f"{command}: {run.stderr}")
    return after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--charts", type=int, default=300)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--most", type=float, default=3)
    given = parser.parse_args()
    binary, times = program(), {}
    with tempfile.TemporaryDirectory() as scratch:
        original = pathlib.Path(scratch) / "original"
        original.mkdir()
        generate(original, given.charts, given.images)
        for _ in range(3):
            copy = pathlib.Path(scratch) / "copy"
            shutil.copytree(original, copy)
            for words in ("lint --no-evaluate", "lint", "migrate --unverified"):
                took = seconds([binary, *words.split(), "--root", "."], copy)
                times[words] = min(took, times.get(words, took))
            shutil.rmtree(copy)
    for words, (own, system) in times.items():
        print(f"{own:7.2f} s, and {system:.2f} s of the system's: {words}")
    factor = times["migrate --unverified"][0] / times["lint"][0]
    print(f"{factor:7.2f} times the lint ({given.images} images, {given.charts} charts)")
    return 0 if factor < given.most else 1


if __name__ == "__main__":
    sys.exit(main())
