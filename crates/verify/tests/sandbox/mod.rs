//! A folder of its own in which the program runs, with nothing of the machine's settings
//! around it.
#![allow(dead_code, reason = "each test binary uses its part")]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub(crate) struct Sandbox(TempDir);

/// What a run said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            status: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Said {
    /// The answer for an image, with what was said of it.
    pub(crate) fn answer(&self, reference: &str) -> (String, String) {
        let document: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"));
        let mut rows = document["images"].as_array().unwrap().iter();
        let row = rows.find(|row| row["reference"] == reference);
        let row = row.unwrap_or_else(|| panic!("{reference}: {self:?}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match row["verified"].is_object() {
            true => (text(&row["verified"]["answer"]), text(&row["verified"]["said"])),
            false => ("not-asked".to_owned(), text(&row["skipped"])),
        }
    }
}

impl Sandbox {
    /// A chart that names these images, and a policy.
    pub(crate) fn of<S: AsRef<str>>(images: &[S], policy: &str) -> Self {
        let sandbox = Self(TempDir::new().unwrap());
        sandbox.write("Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n");
        sandbox.write("image-policy.yaml", policy);
        sandbox.images(images);
        sandbox
    }

    /// Makes the chart name these images.
    pub(crate) fn images<S: AsRef<str>>(&self, images: &[S]) {
        let lines = images.iter().enumerate();
        let lines = lines.map(|(n, image)| format!("i{n}:\n  image: {}\n", image.as_ref()));
        self.write("values.yaml", &lines.collect::<String>());
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// The program in the folder, to be given more.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chart-images-verify"));
        command.args(line.split_whitespace()).args(["--root", "."]);
        command.current_dir(self.root()).stdin(Stdio::null()).env_clear();
        // Helpers of Docker are looked for here, and credentials are none.
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("DOCKER_CONFIG", self.root().join("docker"));
        command
    }

    pub(crate) fn run(&self, line: &str) -> Said {
        Said::from(self.command(line).output().unwrap())
    }
}
