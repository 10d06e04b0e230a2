//! A tick or a clear ends, whatever is put in meanwhile: it drops what was there when it began.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

use pooldeque::Pool;

use crate::patience::RaiseOnDrop;
use crate::process::alone;
use crate::workers::Worker;

/// How many destructors may run before a test takes it that there is no end.
const ENDLESS: usize = 20_000;

thread_local! {
    /// How many destructors have run on this thread.
    static DROPPED: Cell<usize> = const { Cell::new(0) };
}

/// A value that puts a new one into its pool when it is dropped.
struct Reborn;

static REBORN: Pool<Reborn> = <Pool<Reborn>>::new(|| Reborn);

impl Drop for Reborn {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
        if DROPPED.get() < ENDLESS {
            REBORN.put(Reborn);
        }
    }
}

/// How many destructors run on this thread during `work`.
fn dropped_during(work: impl FnOnce()) -> usize {
    let before = DROPPED.get();
    work();
    DROPPED.get() - before
}

fn put_reborn(count: usize) {
    (0..count).for_each(|_| REBORN.put(Reborn));
}

#[test]
fn a_clear_ends_though_each_destructor_puts_a_value() {
    alone(|| {
        put_reborn(3);
        for _ in 0..10 {
            assert_eq!(dropped_during(|| REBORN.clear()), 3);
        }
    });
}

#[test]
fn a_clear_ends_with_any_number_of_values() {
    alone(|| {
        for count in [1, 2, 9, 300, 1025] {
            put_reborn(count);
            let idle = usize::try_from(REBORN.stats().idle).unwrap();
            let dropped = dropped_during(|| REBORN.clear());
            assert!(dropped <= idle, "{dropped} were dropped where {idle} had been");
        }
    });
}

#[test]
fn a_clear_after_ticks_ends_with_values_on_both_sides() {
    alone(|| {
        put_reborn(2);
        for _ in 0..3 {
            assert!(dropped_during(|| REBORN.tick()) <= 2);
        }
        put_reborn(2);
        let idle = usize::try_from(REBORN.stats().idle).unwrap();
        assert_eq!(idle, 4);
        assert!(dropped_during(|| REBORN.clear()) <= idle);
    });
}

#[test]
fn a_tick_drops_what_was_there_when_it_began() {
    alone(|| {
        put_reborn(500);
        for _ in 0..20 {
            assert!(dropped_during(|| REBORN.tick()) <= 500);
            assert_eq!(REBORN.stats().idle, 500);
        }
    });
}

/// The values lie in the parts of several threads, of which some have ended.
#[test]
fn a_clear_ends_with_values_in_many_parts() {
    alone(|| {
        let workers = [(); 5].map(|()| Worker::new());
        workers.iter().for_each(|worker| worker.does(|| put_reborn(40)));
        let mut workers = Vec::from(workers);
        workers.truncate(2);
        put_reborn(40);
        for _ in 0..3 {
            let dropped = dropped_during(|| REBORN.clear());
            assert!((200..=240).contains(&dropped), "{dropped} were dropped where 240 had been");
        }
    });
}

/// A pool whose last values put new ones when it is dropped. Those die with it.
#[test]
fn the_drop_of_a_pool_ends_though_each_destructor_puts_a_value() {
    struct Stubborn(Arc<Shared>);
    struct Shared {
        pool: std::sync::Weak<Pool<Stubborn>>,
        living: AtomicUsize,
        dropped: AtomicUsize,
    }
    impl Stubborn {
        fn new(shared: &Arc<Shared>) -> Self {
            shared.living.fetch_add(1, SeqCst);
            Self(Arc::clone(shared))
        }
    }
    impl Drop for Stubborn {
        fn drop(&mut self) {
            self.0.living.fetch_sub(1, SeqCst);
            if self.0.dropped.fetch_add(1, SeqCst) < ENDLESS
                && let Some(pool) = self.0.pool.upgrade()
            {
                pool.put(Self::new(&self.0));
            }
        }
    }

    alone(|| {
        let pool = Arc::new(<Pool<Stubborn>>::new(|| unreachable!("nothing is created")));
        let shared =
            Arc::new(Shared { pool: Arc::downgrade(&pool), living: 0.into(), dropped: AtomicUsize::new(0) });
        (0..100).for_each(|_| pool.put(Stubborn::new(&shared)));
        pool.clear();
        assert!(shared.dropped.load(SeqCst) <= 100);
        drop(pool);
        assert_eq!(shared.living.load(SeqCst), 0);
        assert!(shared.dropped.load(SeqCst) <= 300);
    });
}

/// What one thread puts while another clears.
struct Counted {
    /// Whether it was there before the clear.
    is_old: bool,
    books: Arc<Books>,
}

#[derive(Default)]
struct Books {
    /// How many the other thread shall have put.
    wanted: AtomicUsize,
    put: AtomicUsize,
    old: AtomicUsize,
    is_over: AtomicBool,
}

impl Books {
    fn value(self: &Arc<Self>, is_old: bool) -> Counted {
        self.old.fetch_add(is_old.into(), SeqCst);
        Counted { is_old, books: Arc::clone(self) }
    }

    /// Waits until the other thread has put so many more, unless it is not to put any more.
    fn want(&self, more: usize) {
        let wanted = self.wanted.fetch_add(more, SeqCst) + more;
        while !self.is_over.load(SeqCst) && self.put.load(SeqCst) < wanted {
            thread::yield_now();
        }
    }
}

/// Before it is gone the other thread puts two more.
impl Drop for Counted {
    fn drop(&mut self) {
        self.books.old.fetch_sub(self.is_old.into(), SeqCst);
        DROPPED.set(DROPPED.get() + 1);
        if DROPPED.get() < ENDLESS {
            self.books.want(2);
        }
    }
}

/// How many values more than were there a clear may drop for each thread slot in use: what is put in while it
/// looks into that slot.
const SLACK: usize = 256;

fn while_another_thread_puts(drop_all: impl Fn(&Pool<Counted>)) {
    const THERE: usize = 1025;
    let books = Arc::new(Books::default());
    let pool = <Pool<Counted>>::new(|| unreachable!("nothing is created"));
    let dropped = thread::scope(|scope| {
        let _over = RaiseOnDrop(&books.is_over);
        scope.spawn(|| {
            (0..THERE).for_each(|_| pool.put(books.value(true)));
            while !books.is_over.load(SeqCst) {
                if books.put.load(SeqCst) < books.wanted.load(SeqCst) {
                    pool.put(books.value(false));
                    books.put.fetch_add(1, SeqCst);
                } else {
                    thread::yield_now();
                }
            }
        });
        books.want(1);
        dropped_during(|| drop_all(&pool))
    });
    assert_eq!(books.old.load(SeqCst), 0, "all that was there is dropped");
    assert!(dropped <= THERE + 1 + 2 * SLACK, "{dropped} were dropped where {THERE} had been");
}

#[test]
fn a_clear_ends_though_another_thread_puts_all_the_time() {
    alone(|| while_another_thread_puts(Pool::clear));
}

#[test]
fn ticks_end_though_another_thread_puts_all_the_time() {
    alone(|| {
        while_another_thread_puts(|pool| {
            pool.tick();
            pool.tick();
        });
    });
}
