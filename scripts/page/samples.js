// Repositories of charts whose plan the tests look at.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.CHART_IMAGES;

/** A folder that goes away with the process. */
export class Sample {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "page-"));
    process.on("exit", () => rmSync(this.folder, { recursive: true, force: true }));
  }

  write(path, text) {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  chart(name, files) {
    this.write(`charts/${name}/Chart.yaml`,
      `apiVersion: v2\nname: ${JSON.stringify(name)}\nversion: 1.0.0\n`);
    for (const [path, text] of Object.entries(files)) this.write(`charts/${name}/${path}`, text);
  }

  /** Charts of a fixture, in the place of what they were. */
  take(fixture, ...charts) {
    for (const chart of charts) {
      const from = join(top, "charts-fixtures", fixture, "charts", chart);
      cpSync(from, join(this.folder, "charts", chart), { recursive: true });
    }
  }

  git(day, ...words) {
    const clock = `${day}T12:00:00Z`;
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_DATE: clock, GIT_COMMITTER_DATE: clock },
    });
  }

  commit(day) {
    this.git(day, "add", "--all");
    this.git(day, "commit", "--quiet", "--message=x");
  }

  run(...words) {
    return execFileSync(program, words, {
      cwd: this.folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: this.folder, CHART_IMAGES_TODAY: "2026-11-25" },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Writes the page and gives its file. */
  page() {
    const html = this.run("plan", "--root", ".", "--format", "html", "--history");
    // Beside the repository, so that nothing of it is judged.
    const file = `${this.folder}.html`;
    process.on("exit", () => rmSync(file, { force: true }));
    writeFileSync(file, html);
    return file;
  }
}

const POLICY = `version: 1
registries:
  allowed: [public.ecr.aws]
  disallowed: [docker.io, ghcr.io, gcr.io]
  unlisted: warning
exceptions:
  - images: ["gcr.io/projectsigstore/**", "ghcr.io/sigstore/**"]
    requires: digest
    reason: Sigstore publishes no mirror on Public ECR
    expires: 2027-06-30
replacements:
  - { from: "docker.io/library/*", to: "public.ecr.aws/docker/library/*" }
  - { from: "docker.io/amazon/aws-cli", to: "public.ecr.aws/aws-cli/aws-cli" }
  - { from: "docker.io/**", to: "public.ecr.aws/**" }
  - { from: "ghcr.io/testifysec/*", to: "public.ecr.aws/testifysec/*" }
  - { from: "ghcr.io/dexidp/dex", to: "public.ecr.aws/dexidp/dex" }
priorities:
  - { images: ["docker.io/oryd/k8s-toolbox"], charts: [kratos], priority: medium, reason: a utility beside the service }
`;

/** A migration that is half done, with its history and a verification. */
export function halfDone() {
  const sample = new Sample();
  sample.git("2026-06-01", "init", "--quiet", "--initial-branch=main");
  sample.write("image-policy.yaml", POLICY);
  sample.take("plan", "dex", "fulcio", "judge-preflight", "kratos", "kratos-selfservice-ui-node",
    "localstack", "postgresql", "tsa");
  sample.commit("2026-06-01");
  sample.take("plan", "ollama", "judge-ai-proxy");
  sample.commit("2026-06-22");
  sample.take("migrated", "localstack");
  sample.commit("2026-07-20");
  sample.take("migrated", "judge-preflight", "kratos-selfservice-ui-node");
  sample.commit("2026-09-07");
  sample.chart("reports", {
    "values.yaml": `image: ghcr.io/acme/reports:3.1
exporter:
  image: quay.io/prometheus/statsd-exporter:v0.28.0
agent:
  # chart-images: allow disallowed-registry until 2027-01-31 -- the vendor moves in January
  image: ghcr.io/vendor/agent:1.2
`,
  });
  sample.commit("2026-10-12");
  sample.take("migrated", "dex");
  sample.commit("2026-11-16");
  const { images } = JSON.parse(sample.run("list", "--root", ".", "--format", "json"));
  const answers = { ollama: "missing-tag", kubectl: "different", "k8s-toolbox": "unauthorised" };
  const entries = images.filter((image) => image.status !== "unlisted").flatMap((image) => {
    const target = image.status === "disallowed" ? image.replacement : image.reference;
    const [, answer] = Object.entries(answers).find(([word]) => image.reference.includes(word)) ?? [, "identical"];
    return target ? [{ reference: image.reference, target, answer, asked: "2026-11-24T09:00:00Z" }] : [];
  });
  sample.write(".chart-images/verified.json", JSON.stringify({ version: 1, entries }));
  return sample;
}

/** A chart that names no image, and nothing is committed. */
export function empty() {
  const sample = new Sample();
  sample.git("2026-06-01", "init", "--quiet", "--initial-branch=main");
  sample.write("README.md", "");
  sample.commit("2026-06-01");
  sample.chart("config", { "values.yaml": "a: 1\n" });
  return sample;
}

// What would run if it were markup, in each place that a page shows.
export const HOSTILE = [
  "<script>ran('script')</script>",
  "\"><img src=x onerror=ran('image')>",
  "'><svg onload=ran('svg')>",
  "</style></title></textarea><script>ran('end')</script>",
  "<a href=javascript:ran('link')>x</a>",
  "{{ran}}${ran('template')}",
  "&lt;script&gt;ran('entity')&lt;/script&gt;",
];
/** Turns the direction of what follows, where a page lets it. */
export const TURNED = "abc\u202egpj.exe\u2066\u200f";

/** Charts whose every name is hostile, and long. */
export function hostile() {
  const sample = new Sample();
  sample.git("2026-06-01", "init", "--quiet", "--initial-branch=main");
  const quoted = (text) => JSON.stringify(text);
  const long = "a-very-long-name".repeat(8);
  sample.write("image-policy.yaml", `version: 1
registries: { allowed: [public.ecr.aws], disallowed: [ghcr.io] }
exceptions:
  - { images: ["ghcr.io/kept/**"], reason: ${quoted(HOSTILE.join(" ") + TURNED)} }
  - images: ["ghcr.io/acme/folder"]
    reason: ${quoted(HOSTILE.join(" ") + TURNED)}
    expires: 2020-01-01
    owner: ${quoted(HOSTILE.join(" ") + TURNED)}
priorities:
  - { images: ["ghcr.io/acme/web"], priority: low, reason: ${quoted(HOSTILE.join(" "))} }
`);
  [...HOSTILE, TURNED, long].forEach((text, index) => {
    // A name of a file holds no slash.
    const name = text.replaceAll("/", "∕");
    sample.write(`charts/${index}/Chart.yaml`,
      `apiVersion: v2\nname: ${quoted(text)}\nversion: 1.0.0\n`);
    sample.write(`charts/${index}/values.yaml`, [
      `web: { image: "ghcr.io/acme/web:1" }`,
      `kept: { image: "ghcr.io/kept/agent:${index}" }`,
      `a: { image: { registry: ghcr.io, repository: ${quoted(`acme/${text}`)}, tag: "1" } }`,
      `b: { image: { registry: ${quoted(text)}, repository: acme/x, tag: "1" } }`,
      `c: { image: { registry: ghcr.io, repository: acme/y, tag: ${quoted(text)} } }`,
      `d: { image: ${quoted(`ghcr.io/acme/${text}:1`)} }`,
      `# chart-images: allow disallowed-registry -- ${HOSTILE.join(" ")}`,
      `e: { image: "ghcr.io/acme/permitted:1" }`, "",
    ].join("\n"));
    sample.write(`charts/folder ${name}/Chart.yaml`,
      `apiVersion: v2\nname: f${index}\nversion: 1.0.0\n`);
    sample.write(`charts/folder ${name}/values.yaml`, "image: ghcr.io/acme/folder:1\n");
    sample.write(`charts/folder ${name}/values-${name}.yaml`, "image: ghcr.io/acme/file:1\n");
    // What a condition names is shown, too.
    sample.write(`charts/${index}/templates/job.yaml`, `{{ if index .Values ${quoted(text)} }}
apiVersion: batch/v1
kind: Job
metadata: { name: a }
spec: { template: { spec: { containers: [{ name: a, image: "ghcr.io/acme/job:1" }] } } }
{{ end }}
`);
    sample.commit(`2026-06-${String(index + 1).padStart(2, "0")}`);
  });
  return sample;
}
