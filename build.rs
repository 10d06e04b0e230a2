//! Tells rustdoc what rustc already knows.
//!
//! `RUSTFLAGS="--cfg loom"` reaches rustc but not rustdoc, so a doctest would be built against the
//! model's atomics without knowing it and panic outside a model. A cfg set by a build script reaches
//! both; `lib.rs` uses it to take the doctests out of such a run.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(pooldeque_model)");
    let modelled = ["CARGO_CFG_LOOM", "CARGO_CFG_SHUTTLE"];
    if modelled.into_iter().any(|cfg| env::var_os(cfg).is_some()) {
        println!("cargo::rustc-cfg=pooldeque_model");
    }
}
