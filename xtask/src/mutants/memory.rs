//! How much memory a mutant may take: one that allocates without end must not take the machine's.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Far more than the tests need, and the compiler, which is under the limit too.
#[cfg(unix)]
const MOST: u64 = 4 << 30;

/// Limits this process and all that it starts from now on.
#[cfg(unix)]
pub(super) fn limit() -> anyhow::Result<()> {
    let Rlimit { current, maximum } = getrlimit(Resource::Data);
    let most = current.map_or(MOST, |current| current.min(MOST));
    Ok(setrlimit(Resource::Data, Rlimit { current: Some(most), maximum })?)
}

/// Says that nothing is limited.
#[cfg(not(unix))]
pub(super) fn limit() -> anyhow::Result<()> {
    println!("a mutant's memory is not limited on this system: watch it");
    Ok(())
}
