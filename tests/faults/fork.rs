//! A child process that a thread has forked while others were in the middle of everything.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use pooldeque::{BufferPool, Janitor, Pool, clear_all, tick_all};

use crate::patience::RaiseOnDrop;
use crate::process::alone;

/// How long a child may take for what does not have to wait for anything.
const LIMIT: Duration = Duration::from_secs(20);

/// Does `work` in a child process, which ends without any destructors; whether it ended well in time.
fn in_a_child(work: impl FnOnce()) -> Result<(), String> {
    // SAFETY: what the child does is what is tested: it takes no lock that other threads of ours may hold but
    // those of the allocator, which the C library puts in order, and those of the pool.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let status = if catch_unwind(AssertUnwindSafe(work)).is_ok() { 0 } else { 1 };
        // SAFETY: it ends the process.
        unsafe { libc::_exit(status) };
    }
    assert!(child > 0, "a process can be forked");
    let began = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: a plain system call, with room for the status.
        let waited = unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) };
        if waited == child {
            return if status == 0 { Ok(()) } else { Err(format!("it ended with status {status}")) };
        }
        if began.elapsed() > LIMIT {
            // SAFETY: a plain system call, for our own child.
            unsafe { libc::kill(child, libc::SIGKILL) };
            // SAFETY: as above.
            unsafe { libc::waitpid(child, &mut status, 0) };
            return Err(format!("it had not ended after {LIMIT:?}"));
        }
        thread::sleep(Duration::from_micros(200));
    }
}

static USED: Pool<Vec<u8>> = Pool::new(Vec::new);
static BUFFERS: BufferPool = BufferPool::new();

fn use_pool(pool: &Pool<Vec<u8>>) {
    (0..20).for_each(|size| pool.put(Vec::with_capacity(size)));
    drop((pool.get(), pool.get(), pool.try_get()));
    drop((pool.take(), pool.take_local()));
}

/// Does `in_the_child` in 200 children, one after the other, while other threads do everything all the time.
fn amid_everything(in_the_child: fn()) {
    let is_over = AtomicBool::new(false);
    use_pool(&USED);
    drop(BUFFERS.get(1000));
    thread::scope(|scope| {
        let _over = RaiseOnDrop(&is_over);
        let all_the_time = |action: fn()| {
            let is_over = &is_over;
            scope.spawn(move || {
                while !is_over.load(SeqCst) {
                    action();
                }
            });
        };
        all_the_time(|| use_pool(&USED));
        all_the_time(|| {
            USED.tick();
            BUFFERS.tick();
        });
        all_the_time(tick_all);
        all_the_time(|| {
            let pool = <Pool<Vec<u8>>>::new(Vec::new);
            use_pool(&pool);
        });
        all_the_time(|| {
            // A thread that takes a slot and gives it back.
            let thread = thread::spawn(|| {
                use_pool(&USED);
                drop(BUFFERS.get(1000));
            });
            thread.join().expect("it does not panic");
        });
        for number in 0..200 {
            if let Err(what) = in_a_child(in_the_child) {
                panic!("child {number}: {what}");
            }
        }
    });
}

#[test]
fn a_child_uses_a_used_pool() {
    alone(|| amid_everything(|| use_pool(&USED)));
}

#[test]
fn a_child_uses_a_new_pool() {
    alone(|| {
        amid_everything(|| {
            let pool = <Pool<Vec<u8>>>::new(Vec::new);
            use_pool(&pool);
            pool.tick();
            drop(pool);
        });
    });
}

#[test]
fn a_child_ticks_and_clears() {
    alone(|| {
        amid_everything(|| {
            USED.tick();
            USED.clear();
            use_pool(&USED);
        });
    });
}

#[test]
fn a_child_ticks_and_clears_all_pools() {
    alone(|| {
        amid_everything(|| {
            tick_all();
            clear_all();
        });
    });
}

#[test]
fn a_child_uses_a_pool_of_buffers() {
    alone(|| {
        amid_everything(|| {
            drop((BUFFERS.get(1000), BUFFERS.get(1 << 19)));
            BUFFERS.tick();
            BUFFERS.clear();
            drop(BufferPool::new().get(1000));
        });
    });
}

#[test]
fn a_child_starts_a_thread_that_uses_pools() {
    alone(|| {
        amid_everything(|| {
            // Not by the standard library, in which a thread that begins takes a lock that another thread of the
            // parent may hold.
            extern "C" fn work(_: *mut libc::c_void) -> *mut libc::c_void {
                use_pool(&USED);
                USED.tick();
                std::ptr::null_mut()
            }
            let mut thread = 0;
            let none: *mut libc::c_void = std::ptr::null_mut();
            // SAFETY: a function without an argument, and room for the thread's number.
            let status = unsafe { libc::pthread_create(&mut thread, none.cast(), work, none) };
            assert_eq!(status, 0, "a thread can be made");
            // SAFETY: the thread was made, and nobody else waits for it.
            let status = unsafe { libc::pthread_join(thread, none.cast()) };
            assert_eq!(status, 0, "it ends");
        });
    });
}

/// A pool that other threads were ticking, now dropped in the child.
#[test]
fn a_child_drops_a_pool_that_was_being_ticked() {
    alone(|| {
        static LENT: Pool<Vec<u8>> = Pool::new(Vec::new);
        let is_over = AtomicBool::new(false);
        use_pool(&LENT);
        thread::scope(|scope| {
            let _over = RaiseOnDrop(&is_over);
            scope.spawn(|| {
                while !is_over.load(SeqCst) {
                    LENT.tick();
                    use_pool(&LENT);
                }
            });
            for number in 0..200 {
                let drops = || {
                    // SAFETY: the child has one thread, which does not use the pool afterwards.
                    drop(unsafe { std::ptr::read(&raw const LENT) });
                };
                if let Err(what) = in_a_child(drops) {
                    panic!("child {number}: {what}");
                }
            }
        });
    });
}

/// Does `work` in a thread of its own, not by the standard library.
fn in_a_thread(work: fn()) -> libc::pthread_t {
    extern "C" fn call(work: *mut libc::c_void) -> *mut libc::c_void {
        // SAFETY: what was passed below.
        let work: fn() = unsafe { std::mem::transmute(work) };
        work();
        std::ptr::null_mut()
    }
    let mut thread = 0;
    // SAFETY: room for the thread's number, and a function that takes what is passed to it.
    let status =
        unsafe { libc::pthread_create(&mut thread, std::ptr::null(), call, work as *mut libc::c_void) };
    assert_eq!(status, 0, "a thread can be made");
    thread
}

/// A value whose destructor takes long, once it is armed.
struct Slow(bool);

static IS_DROPPING: AtomicBool = AtomicBool::new(false);

impl Drop for Slow {
    fn drop(&mut self) {
        if self.0 {
            IS_DROPPING.store(true, SeqCst);
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The child's own threads are waited for, however long they hold a lock.
#[test]
fn a_child_waits_for_its_own_threads() {
    alone(|| {
        static SLOW: Pool<Slow> = Pool::new(|| Slow(false));
        SLOW.put(Slow(true));
        let waits = || {
            let thread = in_a_thread(|| SLOW.clear());
            while !IS_DROPPING.load(SeqCst) {
                thread::yield_now();
            }
            SLOW.put(Slow(false));
            SLOW.clear();
            assert!(SLOW.take().is_none(), "it has waited, and cleared");
            // SAFETY: the thread was made, and nobody else waits for it.
            unsafe { libc::pthread_join(thread, std::ptr::null_mut()) };
        };
        in_a_child(waits).expect("the child");
    });
}

/// The parent was ticking all pools, and had none.
#[test]
fn a_child_makes_the_first_pool() {
    alone(|| {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let _over = RaiseOnDrop(&is_over);
            scope.spawn(|| {
                while !is_over.load(SeqCst) {
                    tick_all();
                }
            });
            for number in 0..200 {
                if let Err(what) = in_a_child(|| use_pool(&USED)) {
                    panic!("child {number}: {what}");
                }
            }
        });
    });
}

#[test]
fn a_child_drops_a_janitor_of_its_parent() {
    alone(|| {
        let janitor = Janitor::every(Duration::from_micros(10)).spawn().expect("a thread for the janitor");
        for number in 0..50 {
            let drops = || {
                // SAFETY: the child does not use it afterwards.
                drop(unsafe { std::ptr::read(&raw const janitor) });
            };
            if let Err(what) = in_a_child(drops) {
                panic!("child {number}: {what}");
            }
        }
    });
}
