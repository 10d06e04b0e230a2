//! A `core` with nothing in it but `compile_error!`.
//!
//! It stands in for the real one when the library is compiled for a target that is not installed, to
//! see whether it refuses. Only what a refusal needs is here; everything else in the library is an
//! error then, as is to be expected.

#![feature(no_core, rustc_attrs)]
#![no_core]
#![allow(internal_features)]

#[macro_export]
#[rustc_builtin_macro]
macro_rules! compile_error {
    () => {};
}

pub mod prelude {
    pub mod rust_2024 {
        pub use crate::compile_error;
    }
}
