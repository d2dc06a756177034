//! `plan --history` judges of each commit what changed; here all of each is judged, too.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{BAD, LOOSE, STRICT, Sandbox};
use serde_json::Value;
use std::fs;
use std::path::Path;

const GOOD: &str = "image: public.ecr.aws/acme/web:1\n";

/// A template that uses the value `image`.
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n\
                   spec: {containers: [{name: a, image: {{ .Values.image | quote }}}]}\n";

/// A repository with a commit for each day.
struct Days {
    sandbox: Sandbox,
    count: u64,
}

impl Days {
    fn new() -> Self {
        Self { sandbox: Sandbox::with_git(), count: 0 }
    }

    /// Commits what there is, a day after the last commit.
    fn commit(&mut self) {
        let clock = format!("{} +0000", 1_767_225_600 + 86_400 * self.count);
        self.count += 1;
        self.sandbox.git(&["add", "--all", "--force"]);
        let mut git = self.sandbox.command_of("git", ".");
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        git.args(identity).args(["commit", "--quiet", "--allow-empty", "--message=x"]);
        git.env("GIT_AUTHOR_DATE", &clock).env("GIT_COMMITTER_DATE", &clock);
        assert!(git.status().unwrap().success());
    }

    fn remove(&self, path: &str) {
        let path = self.sandbox.root().join(path);
        match path.symlink_metadata().unwrap().is_dir() {
            true => fs::remove_dir_all(path).unwrap(),
            false => fs::remove_file(path).unwrap(),
        }
    }

    fn rename(&self, from: &str, to: &str) {
        let root = self.sandbox.root();
        fs::rename(root.join(from), root.join(to)).unwrap();
    }

    fn chart_with_pod(&self, folder: &str, values: &str) {
        self.sandbox.chart(folder, values);
        self.sandbox.write(&format!("{folder}/templates/pod.yaml"), POD);
    }

    /// Fails unless each point of the history has the figures of its commit, checked out and
    /// judged as a whole by the present policies. Gives the number of points.
    fn compare(&self, question: &str) -> usize {
        let line = format!("plan --format json {question}");
        let plan = self.sandbox.run(&format!("{line} --history"));
        let plan: Value = serde_json::from_str(&plan.out).unwrap();
        let points = plan["history"]["points"].as_array().unwrap();
        // What is not committed goes unseen by the history.
        self.sandbox.git(&["clone", "--quiet", ".", ".git/full"]);
        let full = self.sandbox.root().join(".git/full");
        for point in points {
            let commit = point["commit"].as_str().unwrap();
            self.sandbox.git(&["-C", ".git/full", "checkout", "--quiet", "--force", commit]);
            exchange_policies(self.sandbox.root(), &full);
            let whole = self.sandbox.run_in(".git/full", &line, &[]);
            match serde_json::from_str::<Value>(&whole.out) {
                Ok(whole) => assert_eq!(point["figures"], whole["figures"], "{question}: {point}"),
                // A run that is asked for charts that are not there refuses to answer.
                Err(_) => {
                    whole.exits(2);
                    assert_eq!(
                        (&point["figures"]["images"], &point["figures"]["charts"]),
                        (&0.into(), &0.into())
                    );
                }
            }
            self.sandbox.git(&["-C", ".git/full", "clean", "--quiet", "--force", "-d", "-x"]);
        }
        fs::remove_dir_all(full).unwrap();
        points.len()
    }
}

/// Gives a copy the policies that a folder has, and no others.
fn exchange_policies(from: &Path, to: &Path) {
    let policies = |top: &Path| {
        let mut found = Vec::new();
        let mut folders = vec![top.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_name() == ".git" {
                } else if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name() == "image-policy.yaml" {
                    found.push(entry.path());
                }
            }
        }
        found
    };
    policies(to).iter().for_each(|policy| fs::remove_file(policy).unwrap());
    for policy in policies(from) {
        let target = to.join(policy.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(policy, target).unwrap();
    }
}

#[test]
fn a_chart_is_judged_anew_when_anything_that_it_depends_on_changed() {
    let mut days = Days::new();
    days.sandbox.write("image-policy.yaml", STRICT);
    for name in ["a", "b", "c"] {
        days.chart_with_pod(&format!("charts/{name}"), BAD);
    }
    days.sandbox.write("deploy/prod.yaml", "other: 1\n");
    days.commit();
    // One chart of three; two; none.
    days.sandbox.write("charts/a/values.yaml", GOOD);
    days.commit();
    days.sandbox.write("charts/b/templates/pod.yaml", &POD.replace(".Values.image", "\"x/y:1\""));
    days.sandbox
        .write("charts/c/values.yaml", &format!("{BAD}more: {{{GOOD}}}\n").replace("\n}", "}"));
    days.commit();
    days.sandbox.write("README.md", "nothing of a chart's");
    days.commit();
    // A subchart comes, as a folder that a `file://` dependency names, and changes.
    let depends = "apiVersion: v2\nname: a\nversion: 0.1.0\ndependencies:\n  \
                   - {name: sub, version: 0.1.0, repository: \"file://../b\"}\n";
    days.sandbox.write("charts/a/Chart.yaml", depends);
    days.commit();
    days.chart_with_pod("charts/a/charts/sub", BAD);
    days.commit();
    days.sandbox.write("charts/a/charts/sub/values.yaml", GOOD);
    days.commit();
    // A chart that stands in another one, and goes.
    days.chart_with_pod("charts/b/examples/own", BAD);
    days.commit();
    days.sandbox.write("charts/b/examples/own/values.yaml", GOOD);
    days.commit();
    days.remove("charts/b/examples");
    days.commit();
    // The values that the deployment gives, and what Helm does not take.
    days.sandbox.write("deploy/prod.yaml", "image: docker.io/acme/prod:1\n");
    days.commit();
    days.sandbox.write("deploy/prod.yaml", "image: [\n");
    days.commit();
    days.sandbox.write("deploy/prod.yaml", "image: public.ecr.aws/acme/prod:1\n");
    days.commit();
    // Policies change, and the present ones judge.
    days.sandbox.write("charts/b/image-policy.yaml", LOOSE);
    days.commit();
    days.sandbox.write("image-policy.yaml", LOOSE);
    days.commit();
    // Names change hands; all goes; all comes back.
    days.rename("charts/b", "charts/new");
    days.commit();
    days.rename("charts/a", "charts/b");
    days.commit();
    days.sandbox.write("charts/c/values.yaml", "image: [\n");
    days.commit();
    days.sandbox.write("charts/c/.helmignore", "templates/\n");
    days.commit();
    days.rename("charts", "elsewhere");
    days.commit();
    days.rename("elsewhere", "charts");
    days.sandbox.write("charts/c/values.yaml", GOOD);
    days.commit();
    assert_eq!(days.compare(""), 17);
    assert!(days.compare("charts/b") > 5);
    assert!(days.compare("--root charts charts") > 10);
    // Of a revision whose values Helm does not take nothing is given; a run refuses them.
    let broken = days.sandbox.run("plan --history --values deploy/prod.yaml").exits(0);
    broken.errs("cannot be read");
    days.sandbox.write("image-policy.yaml", STRICT);
    assert_eq!(days.compare(""), 17);
}

#[test]
fn the_values_of_a_deployment_judge_every_chart_anew() {
    let mut days = Days::new();
    days.chart_with_pod("charts/a", BAD);
    days.chart_with_pod("charts/b", GOOD);
    for image in ["docker.io/acme/prod:1", "public.ecr.aws/acme/prod:1", "ghcr.io/acme/prod:1"] {
        days.sandbox.write("deploy/prod.yaml", &format!("image: {image}\n"));
        days.commit();
    }
    assert_eq!(days.compare("--values deploy/prod.yaml"), 3);
}

#[cfg(unix)]
#[test]
fn a_chart_with_a_link_follows_what_the_link_leads_to() {
    use std::os::unix::fs::symlink;
    let mut days = Days::new();
    days.sandbox.write("shared/values.yaml", BAD);
    days.chart_with_pod("charts/a", BAD);
    days.chart_with_pod("charts/b", BAD);
    let root = days.sandbox.root().to_owned();
    let link = |target: &str, at: &str| symlink(target, root.join(at)).unwrap();
    days.remove("charts/a/values.yaml");
    link("../../shared/values.yaml", "charts/a/values.yaml");
    link("../../parts", "charts/b/parts");
    days.commit();
    // Only what links lead to changes: a file, a chart's, a folder that was not there.
    days.sandbox.write("shared/values.yaml", GOOD);
    days.commit();
    days.sandbox.write("parts/values.yaml", BAD);
    days.commit();
    days.remove("shared/values.yaml");
    link("../charts/b/values.yaml", "shared/values.yaml");
    days.commit();
    days.sandbox.write("charts/b/values.yaml", GOOD);
    days.commit();
    days.remove("parts");
    days.commit();
    // A link through a link, and one to a folder with a link in it.
    days.remove("charts/a/values.yaml");
    link("../../by/way/values.yaml", "charts/a/values.yaml");
    fs::create_dir(days.sandbox.root().join("by")).unwrap();
    link("../far", "by/way");
    days.sandbox.write("far/values.yaml", GOOD);
    days.commit();
    days.sandbox.write("far/values.yaml", BAD);
    days.commit();
    link("../../by", "charts/b/templates/by");
    days.sandbox.write("far/pod.yaml", POD);
    days.commit();
    days.sandbox.write("far/pod.yaml", &POD.replace(".Values.image", "\"docker.io/x/y:1\""));
    days.commit();
    assert_eq!(days.compare(""), 10);
}

/// Many days of changes that nobody thought of.
#[test]
fn any_days_in_any_order_are_judged_as_if_each_was_the_only_one() {
    let mut days = Days::new();
    days.sandbox.write("image-policy.yaml", STRICT);
    days.chart_with_pod("charts/0", BAD);
    days.commit();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let folders = ["charts/0", "charts/1", "charts/0/charts/1", "charts/0/examples/2", "other/0"];
    while days.count < 30 {
        for _ in 0..=next(2) {
            let folder = folders[next(5) as usize];
            let exists = days.sandbox.root().join(folder).exists();
            let values = format!("image: ghcr.io/acme/{}:1\nat: {}\n", next(3), days.count);
            match next(8) {
                0 if exists => days.remove(folder),
                1 if exists => days.sandbox.write(&format!("{folder}/templates/_x.tpl"), &values),
                2 if exists => days.sandbox.write(&format!("{folder}/.helmignore"), "charts/\n"),
                3 if exists => days.sandbox.write(&format!("{folder}/Chart.yaml"), "name: [\n"),
                4 => days.sandbox.chart(folder, &values),
                _ => days.chart_with_pod(folder, &values),
            }
        }
        days.commit();
    }
    assert!(days.compare("") > 20);
    assert!(days.compare("charts") > 20);
}
