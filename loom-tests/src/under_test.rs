//! The crate's deques, as programs see them.

mod handles;
mod port;

pub use handles::{Bounded, Unbounded};
pub use port::{Chain, Ring};
