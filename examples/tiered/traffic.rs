//! Requests of mixed sizes, and what they cost.

use std::collections::VecDeque;
use std::fmt;
use std::hint::black_box;
use std::io;
use std::ops::AddAssign;
use std::sync::Barrier;
use std::time::Duration;

use cpu_time::ThreadTime;
use fastrand::Rng;
use indicatif::HumanCount;

use crate::allocations::{self, Allocations};
use crate::contenders::Buffers;
use crate::crew;

/// The load for each contender, the same each time.
pub(crate) struct Traffic {
    pub(crate) threads: u32,
    pub(crate) warm_up: u32,
    pub(crate) requests: u32,
    pub(crate) at_once: usize,
}

/// The result of a run.
pub(crate) struct Outcome {
    pub(crate) cost: Cost,
    /// The pool's hit rate, if there is a pool.
    pub(crate) hit_rate: Option<f64>,
    /// Bytes that are idle in the pool after the last request.
    pub(crate) idle: u64,
}

/// The cost of requests.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    requests: u64,
    time: Duration,
    allocations: Allocations,
    /// Bytes requested, and the capacity of the buffers that served them.
    asked: u64,
    capacity: u64,
}

/// The longest answer; requests get a prefix of it.
static ANSWER: [u8; LARGEST] = [1; LARGEST];
const LARGEST: usize = 256 << 10;

/// The size of a request.
fn size(rng: &mut Rng) -> usize {
    match rng.u8(..10) {
        0..5 => rng.usize(1..1 << 10),
        5..8 => rng.usize(1 << 10..16 << 10),
        _ => rng.usize(16 << 10..LARGEST),
    }
}

impl Traffic {
    /// Serves the requests.
    ///
    /// # Errors
    ///
    /// A thread cannot be started.
    pub(crate) fn run<B: Buffers>(&self, buffers: &B) -> io::Result<Outcome> {
        let all_warm = Barrier::new(self.threads as usize);
        let requests = |seed: u32| {
            let mut rng = Rng::with_seed(seed.into());
            let mut in_flight = VecDeque::with_capacity(self.at_once + 1);
            self.serve(buffers, self.warm_up, &mut rng, &mut in_flight);
            all_warm.wait();
            self.serve(buffers, self.requests, &mut rng, &mut in_flight)
        };
        let mut cost = Cost::default();
        for its_cost in crew::on_each(self.threads, requests)? {
            cost += its_cost;
        }
        let hit_rate = buffers.stats().map(|stats| 1.0 - stats.miss_rate());
        // Clearing the pool frees exactly the idle memory.
        let idle = allocations::during(|| buffers.clear()).1.freed;
        Ok(Outcome { cost, hit_rate, idle })
    }

    /// Serves one thread's requests. A request ends once `at_once` newer ones have begun.
    fn serve<'a, B: Buffers + 'a>(
        &self,
        buffers: &'a B,
        requests: u32,
        rng: &mut Rng,
        in_flight: &mut VecDeque<B::Buffer<'a>>,
    ) -> Cost {
        let mut cost = Cost { requests: requests.into(), ..Cost::default() };
        let start = ThreadTime::now();
        let ((), allocations) = allocations::during(|| {
            for _ in 0..requests {
                let asked = size(rng);
                let mut buffer = buffers.get(asked);
                buffer.extend_from_slice(&ANSWER[..asked]);
                black_box(&**buffer);
                cost.asked += asked as u64;
                cost.capacity += buffer.capacity() as u64;
                in_flight.push_back(buffer);
                if in_flight.len() > self.at_once {
                    in_flight.pop_front();
                }
            }
        });
        Cost { time: start.elapsed(), allocations, ..cost }
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, warm_up, requests, at_once } = self;
        let [warm_up, requests] = [*warm_up, *requests].map(|count| HumanCount(count.into()));
        write!(
            formatter,
            "{requests} requests on each of {threads} threads, {at_once} at once, after {warm_up} to warm up: 50 % \
             below 1 KiB, 30 % to 16 KiB, 20 % to 256 KiB. Times are CPU times.",
        )
    }
}

impl Cost {
    fn per_request(&self, whole: f64) -> f64 {
        whole / self.requests as f64
    }

    pub(crate) fn nanoseconds(&self) -> f64 {
        self.per_request(self.time.as_nanos() as f64)
    }

    pub(crate) fn allocations(&self) -> f64 {
        self.per_request(self.allocations.count as f64)
    }

    pub(crate) fn bytes(&self) -> f64 {
        self.per_request(self.allocations.bytes as f64)
    }

    pub(crate) fn capacity_per_byte(&self) -> f64 {
        self.capacity as f64 / self.asked as f64
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.time += other.time;
        self.allocations += other.allocations;
        self.asked += other.asked;
        self.capacity += other.capacity;
    }
}
