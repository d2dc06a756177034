"""Real Helm judges a migration of the charts below some folders.

Copies each folder, moves every image of docker.io, ghcr.io, gcr.io and quay.io to a made-up
mirror, renders every chart before and after with its default values, and takes the
migration back. Fails when

- a rendered line differs in anything but an image that was moved, the chart's version and
  checksums (`wrong`),
- a chart that rendered before does not afterwards,
- the rollback does not give every byte back.

Usage: .venv/bin/python scripts/prove_migration.py DIR…   (after scripts/setup-helm.sh)
"""

import collections
import filecmp
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from charts import ROOT, Helm, charts_under, each, program

POLICY = """\
version: 1
registries:
  allowed: [mirror.example.com]
  disallowed: [docker.io, ghcr.io, gcr.io, "*.gcr.io", quay.io]
replacements:
  - { from: "docker.io/**", to: "mirror.example.com/hub/**" }
  - { from: "ghcr.io/**", to: "mirror.example.com/ghcr/**" }
  - { from: "gcr.io/**", to: "mirror.example.com/gcr/**" }
  - { from: "*.gcr.io/**", to: "mirror.example.com/gcr/**" }
  - { from: "quay.io/**", to: "mirror.example.com/quay/**" }
"""


def render(chart):
    """Each template's lines, paired with those of a second render; None where Helm refuses the chart."""
    answer = Helm.render(chart, once=False)
    if "error" in answer:
        return None
    lines = ({path: text.split("\n") for path, text in answer[name].items()} for name in ("manifests", "again"))
    first, second = lines
    return {path: list(zip(first[path], second[path], strict=False)) for path in first}


def parts(reference: str):
    """A reference, its name, and its registry: what a line may hold of it."""
    name = re.sub(r"@.*", "", reference)
    name = re.sub(r":[^/:]*$", "", name)
    first = name.split("/")[0]
    return reference, name, first if re.search(r"[.:]", first) and "/" in name else None


def same(before: str, after: str, moved) -> str | None:
    """What makes the second line of the first one: `image`, `part` or `derived`."""
    if any(before.replace(old, new) == after for old, new in moved):
        return "image"
    line = before
    for old, new in sorted(moved, key=lambda pair: -len(pair[0])):
        line = line.replace(old, new)
    if line == after:
        return "image"
    for old, new in moved:
        (_, old_name, old_registry), (_, new_name, new_registry) = parts(old), parts(new)
        old_rest = old_name.removeprefix(f"{old_registry}/")
        new_rest = new_name.removeprefix(f"{new_registry}/")
        for was, now in ((old_name, new_name), (old_rest, new_rest), (old_registry, new_registry)):
            if was and line.replace(was, now) == after:
                return "part"
    hidden = [re.sub(r"[0-9a-f]{64}|[0-9a-f]{40}|\d+\.\d+\.\d+\S*", "…", text) for text in (before, after)]
    return "derived" if hidden[0] == hidden[1] else None


def tree(folder):
    return {
        path.relative_to(folder): path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts
    }


def judge(binary, folder, counts, wrong):
    with tempfile.TemporaryDirectory() as scratch:
        copy, policy = pathlib.Path(scratch) / "copy", pathlib.Path(scratch) / "policy.yaml"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        policy.write_text(POLICY)
        charts = charts_under(copy)
        before = dict(zip(charts, each(render, charts), strict=True))
        command = [binary, "migrate", copy, "--root", copy, "--policy", policy, "--unverified"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode not in (0, 3):
            wrong.append(f"{folder}: {said.stderr.strip()}")
            return
        after = dict(zip(charts, each(render, charts), strict=True))
        moved = [tuple(pair) for pair in re.findall(r"^  (\S+) -> (\S+)$", said.stdout, re.M)]
        counts["moved"] += sum(map(int, re.findall(r"^moved (\d+)", said.stdout, re.M)))
        for because in re.findall(r"^not moved: .*?:\d+: (.*)$", said.stderr, re.M):
            counts["refused: " + re.sub(r"`[^`]*`|\S*/\S*", "…", because)] += 1
        for chart, old in before.items():
            new = after[chart]
            if old is None:
                counts["charts that Helm refuses as they are"] += 1
                continue
            counts["charts rendered"] += 1
            if new is None or old.keys() != new.keys():
                wrong.append(f"{chart} does not render as before")
                continue
            for path in old:
                for (was, again), (now, _) in zip(old[path], new[path], strict=False):
                    if was != again:
                        counts["rendered lines: random"] += 1
                    elif was != now:
                        kind = same(was, now, moved)
                        counts[f"rendered lines: {kind or 'wrong'}"] += 1
                        if kind is None:
                            wrong.append(f"{path}:\n  {was.strip()}\n  {now.strip()}")
                if len(old[path]) != len(new[path]):
                    wrong.append(f"{path} has other lines")
        subprocess.run([binary, "rollback", "--root", copy], capture_output=True, check=True)
        original, given_back = tree(folder), tree(copy)
        if original.keys() != given_back.keys():
            wrong.append(f"{folder}: files were left or lost")
        for path in original.keys() & given_back.keys():
            if not filecmp.cmp(original[path], given_back[path], shallow=False):
                wrong.append(f"{folder}/{path} was not given back")


def main() -> int:
    binary, counts, wrong = program(), collections.Counter(), []
    for folder in sys.argv[1:] or [str(ROOT / "charts-fixtures/plan")]:
        judge(binary, pathlib.Path(folder).resolve(), counts, wrong)
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    print(f"{len(wrong):6} wrong")
    print("\n".join(wrong[:40]))
    return 1 if wrong or not counts["moved"] else 0


if __name__ == "__main__":
    sys.exit(main())
