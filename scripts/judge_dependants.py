"""Real Helm judges what a migration does to charts that depend on the one that it raises.

Makes a repository of charts that depend on `app` in every way, by `file://` and by URL, with
what Helm vendors of it and without, and the locks that Helm writes. Migrates it, and has Helm
build what they depend on, anew where the migration says so. Fails unless

- Helm builds and renders each of them, with the image of the new place, and the old one only
  where the chart is taken from what was published,
- what Helm says of one that it does not build is what the migration said,
- a rollback to new versions leaves all of them for Helm to build and to render as they were,
  or says what is to be done,
- the rollback gives every byte back.

Usage: .venv/bin/python scripts/judge_dependants.py   (after scripts/setup-helm.sh)
"""

import functools
import http.server
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

import helm_python as helm

from charts import program

POLICY = """\
version: 1
registries: { allowed: [mirror.example.com], disallowed: [ghcr.io] }
replacements:
  - { from: "ghcr.io/**", to: "mirror.example.com/gh/**" }
"""
OLD, NEW = "ghcr.io/acme/web:1", "mirror.example.com/gh/acme/web:1"

# What each depends on, and whether the version that it then has is one for Helm.
FILE = "file://../app"
DEPENDANTS = {
    "exact": [("app", "1.0.0", FILE, "")],
    "equal": [("app", "=1.0.0", FILE, "")],
    "range": [("app", "^1.0.0", FILE, "")],
    "newest": [("app", ">=0.0.0", FILE, "")],
    "twice": [("app", "1.0.0", FILE, "one"), ("app", "^1.0.0", FILE, "two")],
    "next": [("exact", "2.0.0", "file://../exact", "")],
    "both": [("app", "~1.0.0", FILE, ""), ("next", "2.0.0", "file://../next", "")],
    "old": [("app", "<=1.0.0", FILE, "")],
    "url": [("app", "1.0.0", "URL", "")],
    "url-range": [("app", "^1.0.0", "URL", "")],
}
STUCK = {"old"}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def chart(root, name, version, depends=(), url=""):
    text = f"apiVersion: v2\nname: {name}\nversion: {version}\n"
    if depends:
        text += "dependencies:\n"
    for dependency, asked, repository, alias in depends:
        text += f'  - name: {dependency}\n    version: "{asked}" # ours\n    repository: {repository.replace("URL", url)}\n'
        text += f"    alias: {alias}\n" if alias else ""
    write(root / name / "Chart.yaml", text)


def repository(root, url, vendored):
    write(root / "image-policy.yaml", POLICY)
    chart(root, "app", "1.0.0")
    write(root / "app/values.yaml", f"image: {OLD}\n")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - {name: web, image: {{ .Values.image }}}\n"
    write(root / "app/templates/pod.yaml", pod)
    if not (root.parent / "published/index.yaml").exists():
        helm.package(str(root / "app"), destination=str(root.parent / "published"))
        helm.repo_index_generate(str(root.parent / "published"), base_url=url)
    for name, depends in DEPENDANTS.items():
        chart(root, name, "2.0.0", depends, url)
        helm.dependency_update(str(root / name))
    for name in DEPENDANTS if not vendored else ():
        shutil.rmtree(root / name / "charts")


def tree(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def images(folder):
    with helm.Chart.load(str(folder)) as loaded:
        manifests = loaded.render({}, name="demo", namespace="default")
    return {image for image in (OLD, NEW) if any(image in text for text in manifests.values())}


def build(copy, told, version, image, wrong):
    """Has Helm build the charts, with what the notes say, and render them."""
    # What a chart depends on is built before it.
    for name in DEPENDANTS:
        by_hand = [
            # An alias of a version that the copy is not.
            f"note: {name} depends on a chart whose version went up, and cannot follow",
            # It could not follow to the version before either.
            f"note: {name}/Chart.yaml depends on app `1.0.0`, which does not admit",
        ]
        if any(note in told for note in by_hand):
            file = copy / name / "Chart.yaml"
            file.write_text(file.read_text().replace('"1.0.0" # ours', f'"{version}" # ours'))
        try:
            is_told = f"run `helm dependency update {name}`" in told
            if (is_told or by_hand[1] in told) and "url" not in name:
                helm.dependency_update(str(copy / name))
            else:
                helm.dependency_build(str(copy / name))
            rendered = images(copy / name)
        except helm.HelmError as error:
            if name not in STUCK or f"`helm dependency update {name}` fails" not in told:
                wrong.append(f"{name}: {error}")
            continue
        if rendered != {image(name)}:
            wrong.append(f"{name} renders {rendered}, not {image(name)}")


def judge(binary, root, vendored, wrong):
    before = tree(root)
    command = [binary, "migrate", root, "--root", root, "--unverified"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    print(said.stdout + said.stderr)
    if said.returncode:
        wrong.append(f"status {said.returncode}")
    if again := subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=False).stdout:
        wrong.append(f"a second migration would change\n{again}")
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch) / "copy"
        shutil.copytree(root, copy)
        # What was published is as it was, but where values go over the copy of it.
        build(copy, said.stderr, "1.0.1", lambda name: OLD if "url" in name and not vendored else NEW, wrong)
        for chosen in ([], ["--chart", "app"]):
            copy = pathlib.Path(scratch) / f"raised{len(chosen)}"
            shutil.copytree(root, copy)
            back = [binary, "rollback", "--bump", "--root", copy, *chosen]
            said = subprocess.run(back, capture_output=True, text=True, check=False)
            print(said.stdout + said.stderr)
            mistakes = []
            if said.returncode or bool(chosen) != (copy / ".chart-images").exists():
                mistakes.append(f"status {said.returncode}")
            # Where its own migration stays, so do the values that it has over a copy.
            build(copy, said.stderr, "1.0.2", lambda _: NEW if chosen and vendored else OLD, mistakes)
            wrong += [f"after rollback --bump {' '.join(chosen)}: {mistake}" for mistake in mistakes]
    undone = subprocess.run([binary, "rollback", "--root", root], capture_output=True, text=True, check=False)
    if undone.returncode or tree(root) != before:
        wrong.append(f"the rollback does not give all back: {undone.stderr}")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main() -> int:
    helm.disable_logging()
    binary, wrong = program(), []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "published").mkdir()
        handler = functools.partial(Quiet, directory=scratch / "published")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        for vendored in (False, True):
            mistakes = []
            root = scratch / ("vendored" if vendored else "locked")
            print(f"-- charts/ {'there' if vendored else 'to be built'}")
            repository(root, url, vendored)
            judge(binary, root, vendored, mistakes)
            wrong += [f"{root.name}: {mistake}" for mistake in mistakes]
        server.shutdown()
    for line in wrong:
        print("wrong:", line, file=sys.stderr)
    print(f"{2 * len(DEPENDANTS)} dependants; {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
