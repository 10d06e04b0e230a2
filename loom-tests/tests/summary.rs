//! Tests of the lines that the scenarios print for people. The scenarios' own program has no test harness.

#[allow(dead_code, reason = "the scenarios' program prints what is tested here")]
#[path = "scenarios/summary.rs"]
mod summary;
