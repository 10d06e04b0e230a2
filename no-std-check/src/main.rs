//! A program without the standard library around the bounded deque.
//!
//! Built with `--profile no-std`, which aborts on panic, it brings its own panic handler, allocator
//! and `main`. A handler of that name exists once in a program, and the standard library has one: the
//! build fails if anything in the tree below links it. Exit status 0 says that the deque worked.
//!
//! Built with any other profile it is an ordinary program that runs the same checks and shows
//! nothing about `no_std`; so commands over the whole workspace need not leave it out.

#![cfg_attr(panic = "abort", no_std, no_main)]

mod deque_at_work;

#[cfg(panic = "abort")]
mod freestanding;

#[cfg(panic = "unwind")]
fn main() {
    deque_at_work::all();
    println!("the deque works, but the standard library is linked: build with --profile no-std");
}
