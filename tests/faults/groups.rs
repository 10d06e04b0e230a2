//! Pools that opt out of what happens to all pools: they are ticked as a group.

use std::time::{Duration, Instant};

use pooldeque::{BufferPool, Janitor, Pool, PoolGroup, clear_all, tick_all};

use crate::live::{Live, Living};
use crate::patience::patiently;
use crate::process::alone;

const INSTANT: Duration = Duration::from_millis(1);
const NEVER: Duration = Duration::from_secs(3600);

static GROUP: PoolGroup = PoolGroup::new();
static OTHERS: PoolGroup = PoolGroup::new();

/// Both can be made in a constant.
static NUMBERS: Pool<u64> = Pool::from_fn(|| 7).with_group(&GROUP);
static BUFFERS: BufferPool = BufferPool::new().with_group(&GROUP);

type Make = Box<dyn Fn() -> Live + Send + Sync>;

fn pool(living: &Living) -> Pool<Live, Make> {
    let living = living.clone();
    Pool::new(Box::new(move || living.make()))
}

/// A pool with five values, in a group if there is one.
fn filled(living: &Living, group: Option<&'static PoolGroup>) -> Pool<Live, Make> {
    let pool = match group {
        Some(group) => pool(living).with_group(group),
        None => pool(living),
    };
    (0..5).for_each(|_| pool.put(living.make()));
    pool
}

#[test]
fn ticks_and_clears_of_all_pools_leave_a_group_alone() {
    alone(|| {
        let (mine, others) = (Living::default(), Living::default());
        let (_in_group, _outside) = (filled(&mine, Some(&GROUP)), filled(&others, None));
        (0..3).for_each(|_| tick_all());
        assert_eq!((mine.count(), others.count()), (5, 0));
        clear_all();
        assert_eq!(mine.count(), 5);
    });
}

#[test]
fn ticks_and_clears_of_a_group_leave_all_others_alone() {
    alone(|| {
        let [mine, others, outside] = [(); 3].map(|()| Living::default());
        let in_group = filled(&mine, Some(&GROUP));
        let _pools = (filled(&others, Some(&OTHERS)), filled(&outside, None));
        GROUP.tick();
        assert_eq!(mine.count(), 5, "what was put before one tick only stays");
        GROUP.tick();
        assert_eq!((mine.count(), others.count(), outside.count()), (0, 5, 5));
        in_group.put(mine.make());
        GROUP.clear();
        assert_eq!((mine.count(), others.count(), outside.count()), (0, 5, 5));
        OTHERS.clear();
        assert_eq!((others.count(), outside.count()), (0, 5));
    });
}

#[test]
fn pools_in_statics_belong_to_a_group() {
    alone(|| {
        let fill = || {
            (0..5).for_each(|value| NUMBERS.put(value));
            drop((BUFFERS.get(100), BUFFERS.get(10_000)));
        };
        let idle = || (NUMBERS.stats().idle, BUFFERS.stats().idle);
        fill();
        tick_all();
        clear_all();
        assert_eq!(idle(), (5, 2));
        GROUP.tick();
        GROUP.tick();
        assert_eq!(idle(), (0, 0));
        fill();
        GROUP.clear();
        assert_eq!(idle(), (0, 0));
    });
}

#[test]
fn a_pool_of_a_group_ticks_by_itself_too() {
    alone(|| {
        let living = Living::default();
        let pool = filled(&living, Some(&GROUP));
        pool.tick();
        GROUP.tick();
        assert_eq!(living.count(), 0);
        pool.put(living.make());
        pool.clear();
        assert_eq!(living.count(), 0);
    });
}

#[test]
fn pools_of_a_group_that_are_gone_are_not_ticked() {
    alone(|| {
        let living = Living::default();
        for _ in 0..1000 {
            drop(filled(&living, Some(&GROUP)));
            assert_eq!(living.count(), 0);
        }
        GROUP.tick();
        GROUP.clear();
    });
}

#[test]
fn a_janitor_of_a_group_leaves_all_others_alone() {
    alone(|| {
        let (mine, others) = (Living::default(), Living::default());
        let _pools = (filled(&mine, Some(&GROUP)), filled(&others, None));
        let janitor = Janitor::every(INSTANT).of(&GROUP).spawn().expect("a thread for the janitor");
        patiently(|| (mine.count() == 0).then_some(()));
        let ticks = janitor.ticks();
        patiently(|| (janitor.ticks() > ticks + 3).then_some(()));
        assert_eq!(others.count(), 5);
    });
}

#[test]
fn a_janitor_without_a_group_leaves_groups_alone() {
    alone(|| {
        let (mine, others) = (Living::default(), Living::default());
        let _pools = (filled(&mine, Some(&GROUP)), filled(&others, None));
        let janitor = Janitor::every(INSTANT).spawn().expect("a thread for the janitor");
        patiently(|| (others.count() == 0).then_some(()));
        let ticks = janitor.ticks();
        patiently(|| (janitor.ticks() > ticks + 3).then_some(()));
        assert_eq!(mine.count(), 5);
    });
}

/// Where memory is short, every pool gives up what it has.
#[test]
fn a_janitor_under_pressure_clears_groups_too() {
    alone(|| {
        let (mine, others) = (Living::default(), Living::default());
        let _pools = (filled(&mine, Some(&GROUP)), filled(&others, None));
        let janitor = Janitor::every(INSTANT).memory_budget_by(100, || Some(100)).spawn();
        patiently(|| (mine.count() + others.count() == 0).then_some(()));
        drop(janitor);
    });
}

/// Lets janitors of these intervals run for `intervals` times the shortest. How often a pool was ticked, and how
/// often it may have been: never twice within that time, however slow the machine is.
fn ticks_by_janitors(milliseconds: &[u64], intervals: u32) -> (u64, u64) {
    let living = Living::default();
    let pool = filled(&living, None);
    let shortest = milliseconds.iter().copied().map(Duration::from_millis).min().expect("a janitor");
    let began = Instant::now();
    let janitors = milliseconds.iter().map(|&milliseconds| {
        Janitor::every(Duration::from_millis(milliseconds)).spawn().expect("a thread for the janitor")
    });
    let janitors: Vec<_> = janitors.collect();
    patiently(|| (began.elapsed() > shortest * intervals && pool.stats().ticks >= 5).then_some(()));
    drop(janitors);
    let passed = began.elapsed().as_nanos() / shortest.as_nanos();
    (pool.stats().ticks, u64::try_from(passed).expect("a short time") + 2)
}

#[test]
fn several_janitors_tick_a_pool_no_more_often_than_one() {
    alone(|| {
        let (ticks, most) = ticks_by_janitors(&[20; 10], 20);
        assert!(ticks <= most, "{ticks} ticks in {most} intervals");
    });
}

#[test]
fn a_slow_janitor_adds_no_ticks_to_those_of_a_fast_one() {
    alone(|| {
        let (ticks, most) = ticks_by_janitors(&[10, 11, 30, 50], 50);
        assert!(ticks <= most, "{ticks} ticks in {most} intervals of the fastest");
    });
}

/// A janitor of one group and one of another do not keep each other from ticking.
#[test]
fn janitors_of_different_pools_do_not_heed_each_other() {
    alone(|| {
        let [mine, others, outside] = [(); 3].map(|()| Living::default());
        let _pools = (filled(&mine, Some(&GROUP)), filled(&others, Some(&OTHERS)), filled(&outside, None));
        let janitors = [
            Janitor::every(INSTANT).of(&GROUP),
            Janitor::every(INSTANT).of(&OTHERS),
            Janitor::every(INSTANT),
            Janitor::every(NEVER),
        ];
        let janitors = janitors.map(|janitor| janitor.spawn().expect("a thread for the janitor"));
        patiently(|| (mine.count() + others.count() + outside.count() == 0).then_some(()));
        drop(janitors);
    });
}
