//! How often `membarrier` is called.
//!
//! A filter makes each such call a signal, whose handler counts it and answers for the kernel. That holds where the
//! call's number and answer can be reached in the signal's context.

#![cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use pooldeque::{BufferPool, Pool, clear_all, tick_all};
use seccompiler::SeccompAction;

use crate::kernel::answer_membarrier;
use crate::process::alone;
use crate::workers::{Worker, workers};

/// How often it was called.
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// Answers with success, in place of the kernel.
extern "C" fn count(_signal: i32, _info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    CALLS.fetch_add(1, SeqCst);
    let context = context.cast::<libc::ucontext_t>();
    // SAFETY: the kernel hands the handler its context, which is its own.
    let registers = unsafe { &mut (*context).uc_mcontext };
    #[cfg(target_arch = "x86_64")]
    {
        registers.gregs[libc::REG_RAX as usize] = 0;
    }
    #[cfg(target_arch = "aarch64")]
    {
        registers.regs[0] = 0;
    }
}

/// Counts from now on. The fences themselves are not made.
fn count_membarriers() {
    // SAFETY: all zeros are such an action.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = count as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: the handler is one that may be called at any time: it touches an atomic and its context.
    let result = unsafe { libc::sigaction(libc::SIGSYS, &action, std::ptr::null_mut()) };
    assert_eq!(result, 0);
    answer_membarrier(SeccompAction::Trap);
    // SAFETY: a plain system call.
    let answer = unsafe { libc::syscall(libc::SYS_membarrier, libc::MEMBARRIER_CMD_QUERY, 0, 0) };
    assert_eq!((answer, CALLS.swap(0, SeqCst)), (0, 1), "calls are counted");
}

/// How often it is called during `work`.
fn membarriers_during(work: impl FnOnce()) -> usize {
    let before = CALLS.load(SeqCst);
    work();
    CALLS.load(SeqCst) - before
}

#[test]
fn a_process_that_gets_and_puts_calls_for_no_fence() {
    alone(|| {
        count_membarriers();
        let use_pools = |pool: &Pool<u64>, buffers: &BufferPool| {
            pool.put(1);
            drop((pool.get(), pool.get(), pool.try_get()));
            assert!(pool.take().is_some());
            pool.prefill(10);
            drop((buffers.get(100), buffers.get(10_000)));
        };
        let calls = membarriers_during(|| {
            let (pool, buffers) =
                (Arc::new(Pool::new(<fn() -> u64>::from(|| 7))), Arc::new(BufferPool::new()));
            use_pools(&pool, &buffers);
            for _ in 0..10 {
                let (pool, buffers) = (Arc::clone(&pool), Arc::clone(&buffers));
                Worker::new().does(move || use_pools(&pool, &buffers));
            }
            _ = pool.stats();
        });
        assert_eq!(calls, 0);
    });
}

/// The same where a call would end the process.
#[test]
fn a_process_that_gets_and_puts_may_be_killed_for_a_fence() {
    alone(|| {
        answer_membarrier(SeccompAction::KillProcess);
        let pool = Pool::new(|| 7);
        drop((pool.get(), pool.get()));
        assert_eq!(pool.take(), Some(7));
    });
}

/// Nothing was put in, so there is nothing to fence for.
#[test]
fn ticks_of_no_pools_call_for_no_fence() {
    alone(|| {
        count_membarriers();
        let calls = membarriers_during(|| {
            let pool = Pool::new(|| 7);
            pool.tick();
            pool.clear();
            BufferPool::new().tick();
            tick_all();
            clear_all();
        });
        assert_eq!(calls, 0);
    });
}

/// What was put in was taken out again, or is not private.
#[test]
fn ticks_with_nothing_private_call_for_no_fence() {
    alone(|| {
        count_membarriers();
        let pool = Pool::new(|| 7);
        pool.put(1);
        assert_eq!(pool.take(), Some(1));
        pool.prefill(10);
        assert_eq!(membarriers_during(|| (0..2).for_each(|_| pool.tick())), 0);
        assert_eq!(pool.stats().idle, 0);
        pool.put(1);
        assert_ne!(
            membarriers_during(|| (0..2).for_each(|_| pool.tick())),
            0,
            "otherwise this shows nothing"
        );
    });
}

/// A handful, however many pools there are.
const FEW: usize = 20;

fn many_pools() -> (Arc<Vec<Pool<u64>>>, Vec<Worker>) {
    let pools: Arc<Vec<_>> = Arc::new((0..10_000).map(|_| Pool::new(<fn() -> u64>::from(|| 7))).collect());
    let workers = workers(2);
    pools.iter().for_each(|pool| pool.put(1));
    for worker in &workers {
        let pools = Arc::clone(&pools);
        worker.does(move || pools.iter().for_each(|pool| pool.put(1)));
    }
    (pools, workers)
}

fn idle(pools: &[Pool<u64>]) -> u64 {
    pools.iter().map(|pool| pool.stats().idle).sum()
}

#[test]
fn a_tick_of_ten_thousand_pools_calls_for_few_fences() {
    alone(|| {
        count_membarriers();
        let (pools, _workers) = many_pools();
        assert_eq!(idle(&pools), 30_000);
        for _ in 0..2 {
            let calls = membarriers_during(tick_all);
            assert!(calls <= FEW, "{calls} for 10,000 pools");
        }
        assert_eq!(idle(&pools), 0);
    });
}

#[test]
fn a_clear_of_ten_thousand_pools_calls_for_few_fences() {
    alone(|| {
        count_membarriers();
        let (pools, _workers) = many_pools();
        let calls = membarriers_during(clear_all);
        assert!(calls <= FEW, "{calls} for 10,000 pools");
        assert_eq!(idle(&pools), 0);
    });
}

/// A pool of buffers has many pools inside.
#[test]
fn a_tick_of_a_buffer_pool_calls_for_few_fences() {
    alone(|| {
        count_membarriers();
        let pool = Arc::new(BufferPool::new());
        let fill = |pool: &BufferPool| (6..=20).for_each(|bits| drop(pool.get(1 << bits)));
        fill(&pool);
        let worker = Worker::new();
        let its_pool = Arc::clone(&pool);
        worker.does(move || fill(&its_pool));
        for call in [BufferPool::tick, BufferPool::tick, BufferPool::clear] {
            let calls = membarriers_during(|| call(&pool));
            assert!(calls <= 4, "{calls} for one pool of buffers");
        }
        assert_eq!(pool.stats().idle, 0);
    });
}
