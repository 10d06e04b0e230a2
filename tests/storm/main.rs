//! A storm over the pool: 200 threads that come and go do everything at once to pools of three kinds, whose values'
//! destructors do the same. At the end every value that was made has been dropped, or was forgotten on purpose.
//!
//! `storm SECONDS` sets the duration, as does `POOLDEQUE_STORM_SECONDS`; it is 3 seconds otherwise. A plain program,
//! so that sanitizers can watch it.

#[cfg(not(any(loom, shuttle)))]
mod counts;
#[cfg(not(any(loom, shuttle)))]
#[path = "../support/panic_message.rs"]
mod panic_message;
#[cfg(not(any(loom, shuttle)))]
mod random;
#[cfg(not(any(loom, shuttle)))]
mod weather;
#[cfg(not(any(loom, shuttle)))]
mod work;
#[cfg(not(any(loom, shuttle)))]
mod world;

#[cfg(not(any(loom, shuttle)))]
fn main() -> std::process::ExitCode {
    weather::main()
}

/// Under a model checker there is nothing to do.
#[cfg(any(loom, shuttle))]
fn main() {}
