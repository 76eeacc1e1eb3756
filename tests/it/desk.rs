//! A place to work at: a temporary folder that goes away, and the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A temporary folder with articles and an index, and the `onrecord` command run in it.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a command answered.
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Returns a desk with an index over so many articles.
    #[track_caller]
    pub fn indexed(articles: usize) -> Desk {
        let desk = Desk::new();
        for n in 0..articles {
            desk.write(&format!("news/{n}.txt"), article(n));
        }
        desk.expect(0, &["index", "news"]);
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, its folders included.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("a file to remove");
    }

    /// Returns the command, to be run in the folder with nothing of the user's environment that matters.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = onrecord(self.folder.path());
        command.args(arguments);
        command
    }

    /// Runs the command.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        answer(self.command(arguments).output().expect("the command runs"))
    }

    /// Runs the command and expects an exit code.
    #[track_caller]
    pub fn expect(&self, code: i32, arguments: &[&str]) -> Answer {
        let answer = self.run(arguments);
        assert_eq!(answer.code, code, "onrecord {arguments:?}\n{}\n{}", answer.out, answer.err);
        answer
    }
}

/// What of the environment settles anything.
pub const SETTINGS: &[&str] = &[
    "ONRECORD_INDEX",
    "ONRECORD_IDENTITIES",
    "ONRECORD_PAGER",
    "ONRECORD_PROFILE",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "COMPLETE",
    "PAGER",
];

/// Returns the command, to be run in a folder.
pub fn onrecord(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in SETTINGS {
        command.env_remove(name);
    }
    // Empty is no file: what the user has settled is not ours.
    command.env("ONRECORD_CONFIG", "");
    command
}

pub fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Returns an article in the shape of the corpus, number `n` of a series, with a quote by an unnamed official.
pub fn article(n: usize) -> String {
    let topic = ["harvest", "ferry", "budget", "bridge", "reservoir", "strike", "museum"][n % 7];
    format!(
        "Council Weighs the {topic} Plan, Part {n}\n\nA short line about the {topic}.\n\n\
         The council of Port Marrow met on Tuesday to discuss the {topic}. Number {n} on the list drew a crowd.\n\n\
         \"We have looked at the {topic} from every side, item {n} included,\" a senior ministry official said. \
         The official added that a vote would follow.\n\n\
         Mayor Ines Calder said the town could wait. \"It can wait a week,\" Calder said.\n"
    )
}
