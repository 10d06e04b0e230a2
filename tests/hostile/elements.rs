//! Elements of odd sizes and alignments, with borrows in them, or bound to one thread.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::num::NonZeroU8;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::deques::{Deque, Owner, Thief, on_each_deque};
use crate::support::patience::RaiseOnDrop;

#[derive(Clone, Copy, PartialEq, Debug)]
struct Nothing;

#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(align(4096))]
struct AlignedNothing;

#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(align(4096))]
struct Page(u8);

#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(align(64))]
struct Line([u64; 3]);

/// Puts 40 values through every operation of a deque, and through two at once, by comparison with a
/// `VecDeque`.
fn round_trip<D: Deque, T: Clone + PartialEq + Debug + Send>(make: impl Fn(u8) -> T) {
    let (mut worker, stealer) = D::with_room(64);
    let (mut other, _) = D::with_room(64);
    let mut expected = VecDeque::new();
    for number in 0..20 {
        worker.push(make(number)).unwrap();
        expected.push_back(make(number));
    }
    worker.push_batch(&mut (20..40).map(&make));
    expected.extend((20..40).map(&make));

    assert_eq!(worker.pop(), expected.pop_back());
    assert_eq!(stealer.steal(), expected.pop_front());
    assert_eq!(thread::scope(|scope| scope.spawn(|| stealer.steal()).join().unwrap()), expected.pop_front());
    assert!(stealer.steal_batch(9).eq(expected.drain(..9)));
    let newest = expected.split_off(expected.len() - 9);
    assert!(worker.pop_batch(9).eq(newest.into_iter().rev()));
    assert_eq!(stealer.steal_into(&other, 9), 9);
    assert!(other.pop_batch(9).eq(expected.drain(..9).rev()));
    assert_eq!(worker.len(), expected.len());
    assert_eq!(worker.len(), 10);
    // These go with the deque.
}

on_each_deque! {
    fn zero_sized<D>() {
        const { assert!(size_of::<Nothing>() == 0 && size_of::<AlignedNothing>() == 0) };
        round_trip::<D, _>(|_| ());
        round_trip::<D, _>(|_| Nothing);
        round_trip::<D, _>(|_| [0_u64; 0]);
        round_trip::<D, _>(|_| AlignedNothing);
    }

    fn over_aligned<D>() {
        round_trip::<D, _>(|number| Line([u64::from(number); 3]));
        round_trip::<D, _>(Page);
    }

    fn of_one_byte<D>() {
        round_trip::<D, _>(|number| number);
        round_trip::<D, _>(|number| number % 3 == 0);
        round_trip::<D, _>(NonZeroU8::new);
    }

    fn huge<D>() {
        round_trip::<D, _>(|number| [number; 20_000]);
        round_trip::<D, _>(|number| [u64::from(number); 4_000]);
    }

    fn that_own_memory<D>() {
        round_trip::<D, _>(Box::new);
        round_trip::<D, _>(|number| number.to_string());
        round_trip::<D, _>(|number| vec![vec![number; 3]; usize::from(number)]);
        round_trip::<D, _>(|number| Some(Box::<dyn Shown>::from(Box::new(number))));
    }

    fn that_borrow<D>() {
        let words = Vec::from_iter((0..40).map(|number: u8| number.to_string()));
        round_trip::<D, &str>(|number| &words[usize::from(number)]);
        round_trip::<D, &String>(|number| &words[usize::from(number)]);
    }

    fn that_borrow_to_write<D>() {
        let mut numbers = [0; 40];
        {
            let (mut worker, stealer) = D::with_room(64);
            worker.push_batch(&mut numbers.iter_mut());
            thread::scope(|scope| {
                scope.spawn(|| stealer.steal_batch(20).for_each(|number| *number += 1));
                worker.pop_batch(20).for_each(|number| *number += 2);
            });
        }
        // Each was written once, by the one it went to.
        assert!(numbers.iter().all(|number| [1, 2].contains(number)));
        assert_eq!(numbers.iter().sum::<i32>(), 60);
    }
}

on_each_deque! {
    // A thief that let go of a slot before it had read it could see the value change halfway, or see
    // the next one in its place, and then again.
    fn that_take_long_to_copy_are_read_whole_and_once<D>() {
        const COUNT: u32 = 50_000;
        let (mut worker, stealer) = D::with_room(1);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut last = 0;
                let mut check = |value: [u32; 1024]| {
                    assert!(value.iter().all(|part| *part == value[0]), "a torn value");
                    assert!(last < value[0], "a value read twice");
                    last = value[0];
                };
                while !done.load(Ordering::Acquire) {
                    stealer.steal().into_iter().for_each(&mut check);
                    stealer.steal_batch(2).for_each(&mut check);
                }
            });
            let _stop_the_thief = RaiseOnDrop(&done);
            for number in 1..COUNT {
                // Refused while the thief is still reading; what is refused is not missed.
                _ = worker.push([number; 1024]);
            }
        });
    }
}

/// Something to make trait objects of.
trait Shown: Debug + Send {
    fn shown(&self) -> String {
        format!("{self:?}")
    }
    fn boxed(&self) -> Box<dyn Shown>;
}

impl Shown for u8 {
    fn boxed(&self) -> Box<dyn Shown> {
        Box::new(*self)
    }
}

impl Clone for Box<dyn Shown> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

impl PartialEq for Box<dyn Shown> {
    fn eq(&self, other: &Self) -> bool {
        self.shown() == other.shown()
    }
}

#[test]
fn bound_to_their_thread() {
    let shared = Rc::new(Cell::new(0));
    {
        let (mut worker, stealer) = pooldeque::unbounded();
        worker.push_batch(&mut std::iter::repeat_with(|| Rc::clone(&shared)).take(30));
        for rc in stealer.steal_batch(10) {
            rc.set(rc.get() + 1);
        }
        assert_eq!(Rc::strong_count(&shared), 21);

        let (mut worker, stealer) = pooldeque::bounded(32);
        worker.push_batch(&mut std::iter::repeat_with(|| Rc::clone(&shared)).take(32));
        for rc in worker.pop_batch(10) {
            rc.set(rc.get() + 1);
        }
        assert!(stealer.steal().is_some());
        assert_eq!(Rc::strong_count(&shared), 42);
    }
    assert_eq!(Rc::strong_count(&shared), 1);
    assert_eq!(shared.get(), 20);
}
