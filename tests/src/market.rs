//! Markets to test on: the seed files, a copy of them whose days lie ahead (the seed's own lie in the past, when
//! nothing can be published or booked any more), and data folders prepared up to a stage.

use crate::{
    machine,
    run::{LIMIT, Run},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};
use tempfile::TempDir;

/// Files with days of the event in them.
const DATED: [&str; 5] = [
    "market.toml",
    "staffing.csv",
    "buyers.csv",
    "sessions.csv",
    "unavailable.csv",
];

/// How far a market has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Everything imported, wishes included.
    Imported,
    /// Version 1 proposed.
    Proposed,
    /// Version 1 published.
    Published,
}

/// A data folder, gone with its handle.
#[derive(Debug)]
pub struct Folder {
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// A folder that goes with its handle, also when a test fails.
fn temporary() -> TempDir {
    tempfile::Builder::new()
        .prefix("ichiba-")
        .tempdir()
        .expect("a temporary folder")
}

/// The seed files as they are.
pub fn seed() -> PathBuf {
    machine::root().join("seed-data")
}

/// The seed files, their days moved ahead.
pub fn ahead() -> Folder {
    let folder = Folder::new();
    for entry in fs::read_dir(seed()).expect("seed-data") {
        let path = entry.expect("seed-data").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut text = fs::read_to_string(&path).expect("a text");
        if DATED.contains(&name.as_str()) {
            text = text.replace("2025-11-0", "2099-11-0");
        }
        folder.write(&name, &text);
    }
    folder
}

/// A market of a few wishes, proposed and published: for what takes as long as there are rows.
pub fn small() -> Folder {
    let files = ahead();
    let few = |line: &&str| line.starts_with("by,") || line.contains("B00") || line.contains("B01");
    let wishes: Vec<String> = files
        .read("wishes.csv")
        .lines()
        .filter(few)
        .map(str::to_owned)
        .collect();
    files.write("wishes.csv", wishes.join("\n"));
    let folder = Folder::new();
    folder.run(&["import", files.text()]).say().good();
    folder.run(&["timetable", "propose", "--seconds", "1"]).say().good();
    folder.run(&["timetable", "publish", "1"]).say().good();
    folder
}

/// The mail address of a person of the seed files.
pub fn email(code: &str) -> String {
    for file in ["people.csv", "staff.csv", "buyers.csv"] {
        let text = fs::read_to_string(seed().join(file)).expect("seed-data");
        let row = text.lines().find(|line| line.split(',').next() == Some(code));
        if let Some(cell) = row.and_then(|row| row.split(',').find(|cell| cell.contains('@'))) {
            return cell.to_owned();
        }
    }
    panic!("nobody in the seed files has the code {code}");
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            folder: temporary(),
            env: Vec::new(),
        }
    }

    /// An empty one, its data in this database.
    pub fn on(database_url: &str) -> Self {
        let mut folder = Self::new();
        folder
            .env
            .push(("ICHIBA_DATABASE_URL".to_owned(), database_url.to_owned()));
        folder
    }

    /// With a copy of a market whose days lie ahead.
    pub fn at(stage: Stage) -> Self {
        static IMPORTED: OnceLock<Kept> = OnceLock::new();
        static PROPOSED: OnceLock<Kept> = OnceLock::new();
        static PUBLISHED: OnceLock<Kept> = OnceLock::new();
        let kept = match stage {
            Stage::Imported => IMPORTED.get_or_init(|| {
                let folder = Self::new();
                let files = ahead();
                folder.run(&["import", files.text()]).say().good();
                Kept::of(&folder)
            }),
            Stage::Proposed => PROPOSED.get_or_init(|| {
                let folder = Self::at(Stage::Imported);
                folder.run(&["timetable", "propose", "--seconds", "1"]).say().good();
                Kept::of(&folder)
            }),
            Stage::Published => PUBLISHED.get_or_init(|| {
                let folder = Self::at(Stage::Proposed);
                folder.run(&["timetable", "publish", "1"]).say().good();
                Kept::of(&folder)
            }),
        };
        let folder = Self::new();
        for (name, bytes) in &kept.0 {
            fs::write(folder.path().join(name), bytes).expect("a copy");
        }
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where it is, as text.
    pub fn text(&self) -> &str {
        self.path().to_str().expect("temporary folders have plain names")
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.text())
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), bytes).expect("a file can be written");
    }

    /// Reads a file in it.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file can be read")
    }

    /// A command of the product with this folder as its data.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::new(self.path(), args).envs(&self.env)
    }

    /// A sign-in link for a person of the seed files.
    pub fn link(&self, code: &str) -> String {
        self.link_to(&email(code))
    }

    /// A sign-in link for whoever has this mail address.
    pub fn link_to(&self, email: &str) -> String {
        let said = self.run(&["link", email]).say().good();
        said.lines().next().expect("a link").to_owned()
    }

    /// The mails in it, as files, oldest first.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.path().join("mail")) else {
            return Vec::new();
        };
        let eml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "eml");
        let files = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(eml);
        let age = |path: &PathBuf| fs::metadata(path).and_then(|about| about.modified()).ok();
        let mut files: Vec<_> = files.map(|path| (age(&path), path)).collect();
        files.sort();
        files.iter().map(|(_, path)| fs::read(path).expect("a mail")).collect()
    }

    /// Waits until so many mails lie in it.
    pub fn mails_to_be(&self, count: usize) -> Vec<Vec<u8>> {
        machine::until("mail", LIMIT, || {
            let mails = self.mails();
            let whole = mails.iter().all(|mail| mail.ends_with(b"\n"));
            (mails.len() >= count && whole).then_some(mails)
        })
    }

    /// Every byte of the database and of what lies beside it.
    pub fn database_bytes(&self) -> Vec<u8> {
        let files = ["ichiba.db", "ichiba.db-wal", "ichiba.db-shm"];
        let read = |name: &&str| fs::read(self.path().join(name)).ok();
        files.iter().filter_map(read).flatten().collect()
    }
}

/// A prepared database in memory, so that nothing of it outlives the tests.
struct Kept(Vec<(String, Vec<u8>)>);

impl Kept {
    fn of(folder: &Folder) -> Self {
        let files = ["ichiba.db", "ichiba.db-wal"].iter();
        let read = |name: &&str| Some(((*name).to_owned(), fs::read(folder.path().join(name)).ok()?));
        Self(files.filter_map(read).collect())
    }
}
