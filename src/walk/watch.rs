//! Says when something changes below folders: by the events of the system, or by the clock where there are none.
//!
//! What changed is not said: who is told walks again, and finds out. So nothing can be missed for long: neither what
//! comes while a new folder is not watched yet, nor what is lost when too many events come at once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};

/// A burst of changes is over when nothing came for this time,
const QUIET: Duration = Duration::from_millis(300);
/// or this time after its start.
const LONGEST: Duration = Duration::from_secs(5);
/// How often somebody looks whether the watch is to end, and whether a root was put in place of another.
const TICK: Duration = Duration::from_millis(100);
/// How often to look where the system tells nothing.
pub const POLL: Duration = Duration::from_secs(10);

/// File systems on which others change files and this system is not told.
const REMOTE: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fuse.",
    "fuse",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb2",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "prl_fs",
];

/// How a watch knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The system tells.
    Events,
    /// It looks every so often.
    Polling {
        /// How often.
        every: Duration,
        /// Why it does not rely on the system; nothing where the user asked for it.
        why: Option<String>,
    },
}

/// Why a watch woke up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Something changed, or may have.
    Changed,
    /// More changed than the system could tell.
    Overflow,
    /// From now on it knows in another way.
    Otherwise(How),
    /// It is to end.
    Stopped,
}

/// A watch over roots.
pub struct Watch {
    roots: Vec<Root>,
    how: How,
    watcher: Option<RecommendedWatcher>,
    events: Receiver<notify::Result<Event>>,
    /// A folder in which changes are our own.
    except: Option<PathBuf>,
}

struct Root {
    path: PathBuf,
    /// Which folder was watched under that path: another one may take its place.
    identity: Option<(u64, u64)>,
}

impl Watch {
    /// Starts to watch. Every `poll`, where that is said; else by events where they work.
    pub fn start(roots: &[PathBuf], follow: bool, poll: Option<Duration>) -> Watch {
        let roots = roots.iter().map(|path| Root { path: path.clone(), identity: None }).collect();
        let (sender, events) = unbounded();
        let how = How::Events;
        let mut watch = Watch { roots, how, watcher: None, events, except: None };
        if let Some(every) = poll {
            watch.how = How::Polling { every, why: None };
        } else if let Err(why) = watch.listen(follow, sender) {
            watch.poll(why);
        }
        watch
    }

    /// Changes in this folder do not count from now on.
    pub fn pass_over(&mut self, folder: &Path) {
        self.except = folder.canonicalize().ok();
    }

    /// Returns how the watch knows.
    pub fn how(&self) -> &How {
        &self.how
    }

    fn poll(&mut self, why: String) {
        self.watcher = None;
        self.how = How::Polling { every: POLL, why: Some(why) };
    }

    /// Asks the system to tell; says why that does not work.
    fn listen(&mut self, follow: bool, sender: Sender<notify::Result<Event>>) -> Result<(), String> {
        for root in &self.roots {
            if let Some(kind) = file_system(&root.path).filter(|kind| is_remote(kind)) {
                return Err(format!("`{}` lies on {kind}, where the system does not tell", root.path.display()));
            }
        }
        let tell = move |event: notify::Result<Event>| {
            if event.as_ref().map_or(true, is_no_reading) {
                // It fails when nobody listens any more.
                let _ = sender.send(event);
            }
        };
        let watcher = RecommendedWatcher::new(tell, Config::default().with_follow_symlinks(follow));
        self.watcher = Some(watcher.map_err(|error| words(&error))?);
        self.renew()?;
        Ok(())
    }

    /// Watches roots that are there and were not, or that are others than before; says whether there are any.
    fn renew(&mut self) -> Result<bool, String> {
        let Some(watcher) = &mut self.watcher else { return Ok(false) };
        let mut renewed = false;
        for root in &mut self.roots {
            let identity = identity(&root.path);
            if identity == root.identity {
                continue;
            }
            if root.identity.is_some() {
                // What is gone need not be watched any more, and may be forgotten already.
                let _ = watcher.unwatch(&root.path);
            }
            if identity.is_some() {
                match watcher.watch(&root.path, RecursiveMode::Recursive) {
                    Ok(()) => {}
                    Err(error) if is_fatal(&error) => return Err(words(&error)),
                    // It is gone again: the next look finds out.
                    Err(_) => continue,
                }
            }
            root.identity = identity;
            renewed = true;
        }
        Ok(renewed)
    }

    /// Waits until something changed and then until the burst is over, or until `stop` is set.
    pub fn wait(&mut self, stop: &AtomicBool) -> Wake {
        let started = Instant::now();
        let mut burst: Option<(Instant, Instant)> = None;
        let mut overflow = false;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Wake::Stopped;
            }
            if let How::Polling { every, .. } = &self.how {
                if started.elapsed() >= *every {
                    return Wake::Changed;
                }
                std::thread::sleep(TICK.min(*every));
                continue;
            }
            match self.events.recv_timeout(TICK) {
                Ok(Ok(event)) => {
                    overflow |= event.need_rescan();
                    if overflow || self.counts(&event) {
                        let now = Instant::now();
                        burst = Some((burst.map_or(now, |(first, _)| first), now));
                    }
                }
                Ok(Err(error)) if is_fatal(&error) => return self.otherwise(words(&error)),
                // Something vanished that was to be watched.
                Ok(Err(_)) => burst = Some(burst.unwrap_or_else(|| (Instant::now(), Instant::now()))),
                Err(RecvTimeoutError::Disconnected) => return self.otherwise("the system stopped telling".to_owned()),
                Err(RecvTimeoutError::Timeout) => match self.renew() {
                    Ok(true) => burst = Some(burst.unwrap_or_else(|| (Instant::now(), Instant::now()))),
                    Ok(false) => {}
                    Err(why) => return self.otherwise(why),
                },
            }
            if burst.is_some_and(|(first, last)| last.elapsed() >= QUIET || first.elapsed() >= LONGEST) {
                return if overflow { Wake::Overflow } else { Wake::Changed };
            }
        }
    }

    fn otherwise(&mut self, why: String) -> Wake {
        self.poll(why);
        Wake::Otherwise(self.how.clone())
    }

    /// Returns whether an event is not about what we write ourselves.
    fn counts(&self, event: &Event) -> bool {
        let ours = |path: &PathBuf| self.except.as_ref().is_some_and(|except| path.starts_with(except));
        event.paths.is_empty() || !event.paths.iter().all(ours)
    }
}

/// Returns whether an event is more than somebody reading.
fn is_no_reading(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// Returns whether an error says that the system cannot tell of everything.
fn is_fatal(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::MaxFilesWatch | ErrorKind::Generic(_) | ErrorKind::InvalidConfig(_) => true,
        ErrorKind::Io(cause) => !matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        ErrorKind::PathNotFound | ErrorKind::WatchNotFound => false,
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|data| (data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|_| (0, 0))
}

/// Returns what the system said, and what to do about it where that is not what it says.
fn words(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            "the system watches no more folders for you (see `sysctl fs.inotify.max_user_watches`)".to_owned()
        }
        ErrorKind::Io(cause) => format!("the system does not tell ({})", super::plain(cause)),
        other => format!("the system does not tell ({other:?})").to_lowercase(),
    }
}

fn is_remote(kind: &str) -> bool {
    REMOTE.iter().any(|remote| kind == *remote || remote.ends_with('.') && kind.starts_with(remote))
}

/// Returns the kind of file system that a path lies on, where the system says so.
fn file_system(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    kind_in(&fs::read_to_string("/proc/self/mounts").ok()?, &path)
}

/// Returns the kind of the innermost mount around a path, of lines `device folder kind …`.
fn kind_in(mounts: &str, path: &Path) -> Option<String> {
    let rows = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ').skip(1);
        // Spaces and tabs are written as octal numbers.
        let folder = parts.next()?.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        Some((folder, parts.next()?.to_owned()))
    });
    let around = rows.filter(|(folder, _)| path.starts_with(folder));
    // Of two mounts on one folder the later one is seen.
    around.enumerate().max_by_key(|(number, (folder, _))| (folder.len(), *number)).map(|(_, (_, kind))| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_where_events_do_not_come_from() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/x /mnt/press\\040desk nfs4 rw 0 0\nnone /mnt/s fuse.sshfs rw 0 0\n\
                      tmpfs /mnt/s/t tmpfs rw 0 0\nother /mnt/s/t cifs rw 0 0\n";
        for (path, kind, remote) in [
            ("/news", "ext4", false),
            ("/mnt/press desk/2024", "nfs4", true),
            ("/mnt/press", "ext4", false),
            ("/mnt/s/a", "fuse.sshfs", true),
            ("/mnt/s/t/a", "cifs", true),
        ] {
            let found = kind_in(mounts, Path::new(path));
            assert_eq!(found.as_deref(), Some(kind), "{path}");
            assert_eq!(is_remote(kind), remote, "{path}");
        }
    }

    /// Waits for word of a change, for a while.
    fn wait(watch: &mut Watch) -> Wake {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let started = Instant::now();
                while started.elapsed() < Duration::from_secs(20) && !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                stop.store(true, Ordering::Relaxed);
            });
            let wake = watch.wait(&stop);
            stop.store(true, Ordering::Relaxed);
            wake
        })
    }

    #[test]
    fn wakes_up_when_something_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("news");
        let index = root.join("index");
        fs::create_dir_all(&index).expect("a folder");
        fs::write(root.join("old.txt"), "words").expect("a file");
        let mut watch = Watch::start(std::slice::from_ref(&root), false, None);
        watch.pass_over(&index);
        assert_eq!(watch.how(), &How::Events);
        // What is read, and what is written into the index, wakes nobody.
        fs::read(root.join("old.txt")).expect("a file");
        fs::write(index.join("meta.json"), "{}").expect("a file");
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(800));
                stop.store(true, Ordering::Relaxed);
            });
            assert_eq!(watch.wait(&stop), Wake::Stopped);
        });
        for change in [
            &|| fs::write(root.join("new.txt"), "words").expect("a file"),
            &|| fs::rename(root.join("new.txt"), root.join("newer.txt")).expect("a rename"),
            &|| fs::create_dir_all(root.join("deep/deeper")).expect("a folder"),
            &|| fs::remove_file(root.join("newer.txt")).expect("a file"),
            &|| fs::rename(&root, folder.path().join("away")).expect("a rename"),
            &|| fs::create_dir(&root).expect("a folder"),
            &|| fs::write(root.join("again.txt"), "words").expect("a file"),
        ] as [&dyn Fn(); 7]
        {
            change();
            assert_eq!(wait(&mut watch), Wake::Changed);
        }
    }

    #[test]
    fn looks_by_itself_where_that_is_asked() {
        let mut watch = Watch::start(&[PathBuf::from("/")], false, Some(Duration::from_millis(20)));
        assert_eq!(wait(&mut watch), Wake::Changed);
    }

    #[test]
    fn says_when_it_cannot_know() {
        let (sender, events) = unbounded();
        let how = How::Events;
        let mut watch = Watch { roots: Vec::new(), how, watcher: None, events, except: None };
        let lost = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        sender.send(Ok(lost)).expect("a listener");
        assert_eq!(wait(&mut watch), Wake::Overflow);
        // A folder that vanished before it was watched is a change like others.
        sender.send(Err(notify::Error::path_not_found())).expect("a listener");
        assert_eq!(wait(&mut watch), Wake::Changed);
        sender.send(Err(notify::Error::new(ErrorKind::MaxFilesWatch))).expect("a listener");
        let why = "the system watches no more folders for you (see `sysctl fs.inotify.max_user_watches`)";
        let polling = How::Polling { every: POLL, why: Some(why.to_owned()) };
        assert_eq!(wait(&mut watch), Wake::Otherwise(polling.clone()));
        assert_eq!(watch.how(), &polling);
    }
}
