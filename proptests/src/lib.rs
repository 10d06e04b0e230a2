//! What the deques must do, said by an oracle: properties over random programs, and the traces of
//! real Go.
//!
//! - [`go`] replays what Go 1.27.3's own `poolDequeue` and `poolChain` did, operation by operation.
//! - [`sequential`] runs random programs over two deques of one kind and compares each answer, each
//!   index, each ring and each drop with those of [`oracle`].
//! - [`concurrent`] runs random programs on real threads, records what each thread saw, and checks the
//!   histories afterwards.
//!
//! Elements are [`item::Item`]s: each has an identity and reports its end, so that a value lost,
//! doubled, invented or dropped by the wrong party is told from all others.
#![cfg(not(any(loom, shuttle)))]

pub mod campaign;
pub mod concurrent;
pub mod go;
pub mod item;
pub mod kind;
pub mod oracle;
pub mod sequential;
