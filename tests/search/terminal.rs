//! A terminal for the program to write to.

use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Stdio;
use std::thread::{self, JoinHandle};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// The program's end of a pseudo-terminal, and a thread that reads what is written to it.
pub(crate) struct Terminal {
    programs_side: File,
    screen: JoinHandle<String>,
}

impl Terminal {
    pub(crate) fn open() -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&ours).expect("the pseudo-terminal is granted");
        unlockpt(&ours).expect("the pseudo-terminal is unlocked");
        let name = ptsname(&ours, Vec::new()).expect("the pseudo-terminal has a name");
        let path = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let programs_side = File::options().read(true).write(true).open(path).expect("the other side opens");
        let screen = thread::spawn(move || read_to_end(File::from(ours)));
        Self { programs_side, screen }
    }

    /// A handle for one of the program's streams.
    pub(crate) fn stream(&self) -> Stdio {
        self.programs_side.try_clone().expect("a handle can be copied").into()
    }

    /// Everything that was written. The program must have exited, and its `Command` must be dropped.
    pub(crate) fn screen(self) -> String {
        drop(self.programs_side);
        self.screen.join().expect("the screen was read")
    }
}

/// Reads until the other side is closed, of which Linux tells by an error.
fn read_to_end(mut ours: File) -> String {
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while let Ok(len @ 1..) = ours.read(&mut part) {
        seen.extend_from_slice(&part[..len]);
    }
    String::from_utf8_lossy(&seen).into_owned()
}
