//! What an operation costs as the deque grows: values pushed and taken out in the order they lie in.
//!
//! Past the caches' size everybody pays for the memory; what that is alone, the floor measures.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};

use crate::names;
use crate::subjects::{self, Deque};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// From ten values to ten million.
const SIZES: [u64; 7] = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// Measures a deque that has held as many values before: what growing costs is in the row `fresh`.
fn measure_one<D: Deque<u64>>(
    group: &mut Group<'_>,
    name: &str,
    make: impl Fn(usize) -> D,
    take: impl Fn(&mut D) -> Option<u64>,
) {
    for size in SIZES {
        group.throughput(Throughput::Elements(size));
        let mut deque = None;
        group.bench_function(BenchmarkId::new(name, size), |bencher| {
            let deque = deque.get_or_insert_with(|| {
                let mut deque = make(size.next_power_of_two() as usize);
                // An unbounded deque has made the ring that it will stay with after two rounds.
                for _ in 0..2 {
                    fill_and_empty(&mut deque, size, &take);
                }
                deque
            });
            bencher.iter(|| fill_and_empty(deque, size, &take));
        });
    }
}

#[inline]
fn fill_and_empty<D: Deque<u64>>(deque: &mut D, size: u64, take: impl Fn(&mut D) -> Option<u64>) {
    for value in 0..size {
        deque.push(value);
    }
    let mut sum = 0_u64;
    for _ in 0..size {
        sum = sum.wrapping_add(take(deque).unwrap_or(0));
    }
    black_box(sum);
}

/// Measures the rows.
pub(super) fn measure(criterion: &mut Criterion) {
    for (row, at_head) in [(names::GROWTH_HEAD, true), (names::GROWTH_TAIL, false)] {
        let mut group = criterion.benchmark_group(row);
        // A sample at the large sizes is one turn.
        group.sample_size(10).sampling_mode(SamplingMode::Flat);
        macro_rules! both_ends {
            ($name:expr, $make:expr) => {
                if at_head {
                    measure_one(&mut group, $name, $make, |deque| deque.pop());
                } else {
                    measure_one(&mut group, $name, $make, |deque| deque.steal());
                }
            };
        }
        both_ends!(names::FLOOR_AND_MEMORY, subjects::PackedWordAndMemory::new);
        both_ends!(names::BOUNDED, subjects::bounded);
        both_ends!(names::UNBOUNDED, |_| subjects::unbounded());
        both_ends!(names::CROSSBEAM_LIFO, |_| subjects::crossbeam_lifo());
        group.finish();
    }
}
