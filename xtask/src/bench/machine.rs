//! What the figures were measured on.

use std::process::Command;

use anyhow::Result;
use sysinfo::{CpuRefreshKind, RefreshKind, System};

use super::go::Go;

/// The processor, its cores, the system and the compilers: one line.
pub(super) fn description(go: Option<&Go>) -> Result<String> {
    let system = System::new_with_specifics(RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()));
    let brand = system.cpus().first().map_or("unknown processor", |cpu| cpu.brand().trim());
    let cores = std::thread::available_parallelism()?;
    let os = System::long_os_version().unwrap_or_else(|| "unknown system".to_owned());
    let arch = System::cpu_arch();
    let rustc = String::from_utf8(Command::new("rustc").arg("--version").output()?.stdout)?;
    let go = go.map_or("no Go".to_owned(), |go| go.version.clone());
    Ok(format!("{brand} ({arch}), {cores} cores; {os}; {}; {go}", rustc.trim()))
}
