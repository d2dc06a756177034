"""Real Helm judges a migration of the charts below some folders.

Copies each folder, moves every image of docker.io, ghcr.io, gcr.io and quay.io to a made-up
mirror, and renders every chart with its default values: migrated, and as it was but for its
version, which a migration raises. Then takes the migration back. Fails when

- a rendered line differs in anything but an image that was moved, a part of it where a key says
  that it is one, and what a template makes of it: a checksum, text in base64, what NOTES.txt says
  of it (`wrong`),
- a chart that rendered before does not afterwards,
- Helm's linter has an error or a warning that it did not have before,
- a test of a helm-unittest suite that passed before does not pass afterwards, its snapshots
  updated where the migration says that they have to be (where scripts/setup-unittest.sh has
  installed the runner; else it is said that none ran),
- a migrated file differs in a line that names no image and no version,
- a second migration would change something,
- the rollback does not give every byte back,
- less than --least (95) percent of the images moved whose bytes lie in files that are no copies.

Usage: .venv/bin/python scripts/prove_migration.py [--least PERCENT] [--refused FILE] DIR…
(after scripts/setup-helm.sh); --refused writes each image that stays to FILE.
"""

import argparse
import base64
import binascii
import collections
import filecmp
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import suites
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

FIXTURES = [ROOT / "charts-fixtures/plan", ROOT / "charts-fixtures/suites"]


def render(chart):
    """The lines of each template; None where Helm refuses the chart."""
    answer = Helm.render(chart)
    if "error" in answer:
        return None
    return {path: text.split("\n") for path, text in answer["manifests"].items()}


def lint(chart):
    """What the linter says, wherever the chart is, and in whatever order it lists things."""
    ordered = lambda text: " ".join(sorted(re.split(r"[\s,]+", text.replace(str(chart), ""))))
    return {(severity, ordered(path), ordered(text)) for severity, path, text in Helm.lint(chart)}


def parts(reference: str):
    """A reference, its name, and its registry: what a line may hold of it."""
    name = re.sub(r"@.*", "", reference)
    name = re.sub(r":[^/:]*$", "", name)
    first = name.split("/")[0]
    return reference, name, first if re.search(r"[.:]", first) and "/" in name else None


ABOUT_IMAGES = re.compile(r"image|registry|repo|hub", re.I)
KEY = r"([\w.-]*)[\"'\\]*\s*[:=\s]\s*[\"'\\]*$"


def is_of_image(above: str, before: str) -> bool:
    """True when what comes next in a line is the value of a key that is about images."""
    key = re.search(KEY, before)
    if not key:
        return False
    if key[1] == "value":
        return bool(ABOUT_IMAGES.search(above.rsplit(None, 1)[-1] if above.strip() else ""))
    if key[1] == "name":
        return above.rstrip().endswith(":") and bool(ABOUT_IMAGES.search(above))
    return bool(ABOUT_IMAGES.search(key[1]))


def with_part(above: str, line: str, was: str, now: str) -> str:
    """A line with a part of an image replaced where a key says that it is one."""
    replace = lambda found: now if is_of_image(above, line[: found.start()]) else was
    return re.sub(rf"(?<![\w./@-]){re.escape(was)}(?![\w/-])", replace, line)


def same(path, before: str, after: str, moved, above="", depth=0) -> str | None:
    """What makes the second line of the first one: `image`, `part`, `derived` or `notes`."""
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
        # The registry may have taken the path along.
        new_home = new_name.removesuffix(f"/{old_rest}")
        pairs = [(old_name, new_name), (old_rest, new_rest), (old_registry, new_registry), (old_registry, new_home)]
        # The first parts of a path may be a value of their own.
        folders = old_rest.split("/")[:-1]
        pairs += [(part, f"{new_home}/{part}") for part in ("/".join(folders[: n + 1]) for n in range(len(folders)))]
        if old_registry and line.replace(old_name, new_name) == after:
            return "image"
        if any(was and with_part(above, line, was, now) == after for was, now in pairs if now):
            return "part"
    hidden = [re.sub(r"[0-9a-f]{40,64}", "…", text) for text in (before, after)]
    if hidden[0] == hidden[1] or (depth == 0 and decoded(path, before, after, moved)):
        return "derived"
    return "notes" if path.endswith("NOTES.txt") else None


def decoded(path, before, after, moved):
    """True when two lines of base64 say the same but for images."""
    texts = []
    for line in (before, after):
        word = line.strip().rsplit(" ", 1)[-1].strip("\"'")
        try:
            texts.append(base64.b64decode(word, validate=True).decode().split("\n"))
        except (binascii.Error, UnicodeDecodeError):
            return False
    pairs = list(zip(*texts, strict=False))
    if len(texts[0]) != len(texts[1]):
        return False
    above = ["", *texts[0]]
    return all(was == now or same(path, was, now, moved, above[at], 1) for at, (was, now) in enumerate(pairs))


def raise_versions(copy, said):
    """Gives the charts of a copy the versions that a migration gave them."""
    for folder, old, new in re.findall(r"^(\S+) (\S+) -> (\S+)$", said, re.M):
        file = copy / folder / "Chart.yaml"
        text = file.read_bytes().decode()
        file.write_bytes(re.sub(rf"(?m)^(version:\s*[\"']?){re.escape(old)}", rf"\g<1>{new}", text).encode())


def tree(folder):
    return {
        path.relative_to(folder): path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts
    }


def compare(before, again, after, moved, counts, wrong):
    """Holds the manifests of a chart against those of the migrated one."""
    if after is None or before.keys() != after.keys():
        wrong.append("does not render as before")
        return
    for path in before:
        old, random, new = before[path], (again or before)[path], after[path]
        if len(old) != len(new):
            if path.endswith("NOTES.txt"):
                counts["rendered: notes that have other lines"] += 1
            elif [line for line in old if line.strip()] != [line for line in new if line.strip()]:
                wrong.append(f"{path} has other lines")
            continue
        for above, was, too, now in zip(["", *old], old, random, new, strict=False):
            if was != too:
                counts["rendered lines: random"] += 1
            elif was != now:
                kind = same(path, was, now, moved, above)
                counts[f"rendered lines: {kind or 'wrong'}"] += 1
                if kind is None:
                    wrong.append(f"{path}:\n  {was.strip()[:200]}\n  {now.strip()[:200]}")


def tested(before, after, update, counts, wrong):
    """Holds the tests of a chart's suites against those of the migrated one."""
    (old, said_before), (new, said) = before, after
    how = ", the snapshots updated as it said" if update else ""
    if not old:
        if said_before:
            counts["charts whose suites do not run"] += 1
        return
    counts["charts with suites"] += 1
    if [test for test, _ in old] != [test for test, _ in new]:
        wrong.append(f"other tests ran: {said[-500:]}")
        return
    for (test, passed), (_, passes) in zip(old, new, strict=True):
        counts[f"suites: tests that {'passed' if passed else 'failed'} before and {'pass' if passes else 'fail'} after{how}"] += 1
        if passed and not passes:
            wrong.append(f"the test {' / '.join(test)} fails")


def edited(original, migrated, moved, versions, wrong):
    """Fails on a changed line of a source that names neither an image nor a version."""
    names = set()
    for _, new in moved:
        _, name, registry = parts(new)
        rest = name.removeprefix(f"{registry}/")
        # A chart may put the last parts together.
        names |= {name, registry, rest, rest.rpartition("/")[0] or rest}
    for path in original.keys() & migrated.keys():
        if filecmp.cmp(original[path], migrated[path], shallow=False):
            continue
        command = ["git", "diff", "--no-index", "--minimal", "--unified=0", original[path], migrated[path]]
        diff = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout.decode(errors="replace")
        for line in diff.split("\n")[4:]:
            text = line[1:].rstrip("\r")
            # The keys of an override lead to the image.
            known = re.fullmatch(r"\s*[^\s:]+:\s*", text) or any(name in text for name in (*names, *versions))
            # A dependant's lock has its own digest of the version.
            known = known or (path.suffix == ".lock" and text.startswith("digest: "))
            # A snapshot has the checksums of what it was taken of.
            known = known or (path.suffix == ".snap" and re.search(r"\b[0-9a-f]{40,64}\b", text))
            if line.startswith("+") and not known:
                wrong.append(f"{path}: the source changed: {text[:200]}")


def judge(binary, folder, counts, wrong, refused):
    with tempfile.TemporaryDirectory() as scratch:
        copy, plain = pathlib.Path(scratch) / "copy", pathlib.Path(scratch) / "plain"
        policy = pathlib.Path(scratch) / "policy.yaml"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        shutil.copytree(folder, plain, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        policy.write_text(POLICY)
        command = [binary, "migrate", copy, "--root", copy, "--policy", policy, "--unverified"]
        began = time.monotonic()
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        counts["seconds of migrating"] += round(time.monotonic() - began)
        if said.returncode not in (0, 3):
            wrong.append(f"{folder}: {said.stderr.strip()}")
            return
        again = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=False)
        if again.stdout:
            wrong.append(f"{folder}: a second migration would change\n{again.stdout[:2000]}")
        raise_versions(plain, said.stdout)
        charts = [chart.relative_to(copy) for chart in charts_under(copy)]
        renders = {}
        for name, root in (("before", plain), ("after", copy), ("again", plain)):
            renders[name] = list(each(render, [root / chart for chart in charts]))
            # What a template makes of the time differs in the next second.
            time.sleep(1.1)
        lints = [list(each(lint, [root / chart for chart in charts])) for root in (plain, copy)]
        for chart, before, after in zip(charts, *lints, strict=True):
            counts["linter: charts without an error"] += not any(severity == 3 for severity, _, _ in after)
            counts["linter: charts with errors, the same as before"] += any(severity == 3 for severity, _, _ in before)
            wrong.extend(f"{folder.name}/{chart}: the linter says: {text}" for text in sorted(after - before))
        copies = {chart / "charts" for chart in charts}
        moved = [tuple(pair) for pair in re.findall(r"^  (\S+) -> (\S+)$", said.stdout, re.M)]
        for all_moved, by_values in re.findall(r"^moved (\d+)(?: \((\d+) by values)?", said.stdout, re.M):
            counts["own: moved"] += int(all_moved) - int(by_values or 0)
            counts["copies: moved by values over theirs"] += int(by_values or 0)
        for stays, because in re.findall(r"^not moved: (.* at .*?:\d+): (.*)$", said.stderr, re.M):
            place = pathlib.Path(stays.rsplit(" at ", 1)[1].rsplit(":", 1)[0])
            whose = "copies" if copies.intersection(place.parents) else "own"
            counts[f"{whose}: refused"] += 1
            counts["refused: " + re.sub(r"`[^`]*`|\S*/\S*", "…", because)[:100]] += 1
            refused.append(f"{folder.name}: {stays}: {because}")
        for chart, before, after, again in zip(charts, renders["before"], renders["after"], renders["again"], strict=True):
            if before is None:
                counts["charts that Helm refuses as they are"] += 1
                continue
            counts["charts rendered"] += 1
            mistakes = []
            compare(before, again, after, moved, counts, mistakes)
            wrong.extend(f"{folder.name}/{chart}: {mistake}" for mistake in mistakes)
        if suites.runner():
            updates = [f"`helm unittest --update-snapshot {chart}`" in said.stderr for chart in charts]
            olds = each(suites.run, [plain / chart for chart in charts])
            news = each(lambda pair: suites.run(copy / pair[0], pair[1]), list(zip(charts, updates, strict=True)))
            for chart, before, after, update in zip(charts, olds, news, updates, strict=True):
                mistakes = []
                tested(before, after, update, counts, mistakes)
                wrong.extend(f"{folder.name}/{chart}: {mistake}" for mistake in mistakes)
        versions = re.findall(r"^\S+ \S+ -> (\S+)$", said.stdout, re.M)
        edited(tree(folder), tree(copy), moved, versions, wrong)
        undone = subprocess.run([binary, "rollback", "--root", copy], capture_output=True, text=True, check=False)
        if undone.returncode:
            wrong.append(f"{folder}: {undone.stderr.strip()}")
        original, given_back = tree(folder), tree(copy)
        if original.keys() != given_back.keys():
            wrong.append(f"{folder}: files were left or lost")
        for path in original.keys() & given_back.keys():
            if not filecmp.cmp(original[path], given_back[path], shallow=False):
                wrong.append(f"{folder}/{path} was not given back")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DIR", nargs="*", default=FIXTURES)
    parser.add_argument("--least", type=float, default=95, metavar="PERCENT")
    parser.add_argument("--refused", type=pathlib.Path, metavar="FILE")
    given = parser.parse_args()
    binary, counts, wrong, refused = program(), collections.Counter(), [], []
    for folder in given.folders:
        judge(binary, pathlib.Path(folder).resolve(), counts, wrong, refused)
    if given.refused:
        given.refused.write_text("".join(f"{line}\n" for line in refused))
    if not suites.runner():
        print("no suite was run: the runner of helm-unittest is missing; scripts/setup-unittest.sh installs it")
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    share = 100 * counts["own: moved"] / max(counts["own: moved"] + counts["own: refused"], 1)
    print(f"{share:6.1f} percent of the images of charts' own files moved")
    print(f"{len(wrong):6} wrong")
    print("\n".join(wrong[:60]))
    return 1 if wrong or share < given.least else 0


if __name__ == "__main__":
    sys.exit(main())
