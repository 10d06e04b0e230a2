//! Small runs of the pooling examples, and checks of their output.
//!
//! The search example has tests of its own.

#![cfg(all(feature = "stats", not(any(loom, shuttle))))]

#[path = "support/example.rs"]
mod example;

#[path = "examples/program.rs"]
mod program;
#[path = "examples/table.rs"]
mod table;

#[path = "examples/arguments.rs"]
mod arguments;
#[path = "examples/cache.rs"]
mod cache;
#[path = "examples/help.rs"]
mod help;
#[path = "examples/metrics.rs"]
mod metrics;
#[path = "examples/pipeline.rs"]
mod pipeline;
#[path = "examples/pressure.rs"]
mod pressure;
#[path = "examples/streams.rs"]
mod streams;
#[path = "examples/tiered.rs"]
mod tiered;
