//! A table that grows without moving: an entry for each thread slot.
//!
//! Entries lie in rows of 1, 2, 4, … of them, each row allocated when one of its entries is first asked
//! for and freed with the table. So an entry's address stays, and finding it takes two loads.

use alloc::boxed::Box;
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

use crate::order;
use crate::sync::{AtomicPtr, AtomicUsize};

/// How many rows there may be: entries for 2^32 − 1 slots, more than any system has threads.
const ROWS: usize = 32;

/// Where an entry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    row: usize,
    column: usize,
}

/// Entries that are made when their row is.
pub(crate) struct Table<E> {
    rows: [AtomicPtr<E>; ROWS],
    /// One more than the highest number in any row that is there.
    extent: AtomicUsize,
    /// The table owns its entries.
    entries: PhantomData<E>,
}

impl Place {
    /// In no table.
    pub(super) const NOWHERE: Self = Self { row: usize::MAX, column: 0 };

    /// The place of the entry with this number.
    #[inline]
    pub(super) const fn of(number: usize) -> Self {
        let row = (number + 1).ilog2() as usize;
        Self { row, column: number + 1 - (1 << row) }
    }

    /// The number of the entry that lies there.
    #[inline]
    pub(super) const fn number(self) -> usize {
        (1 << self.row) - 1 + self.column
    }
}

// SAFETY: the table owns its entries and lends them out shared; threads that share it share them, and
// any of them may be the one to make or drop them.
unsafe impl<E: Send + Sync> Sync for Table<E> {}

impl<E> Table<E> {
    pub(super) fn new() -> Self {
        Self {
            rows: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            extent: AtomicUsize::new(0),
            entries: PhantomData,
        }
    }

    /// The entry at `place`, if its row is there.
    #[inline(always)]
    pub(super) fn get(&self, place: Place) -> Option<&E> {
        // SAFETY: a row has 2^row entries, and a place's column is one of them.
        let entry = unsafe { self.row(place.row)?.add(place.column) };
        // SAFETY: rows are freed with the table.
        Some(unsafe { entry.as_ref() })
    }

    /// The first entry of a row that is there.
    #[inline(always)]
    fn row(&self, row: usize) -> Option<NonNull<E>> {
        NonNull::new(self.rows.get(row)?.load(order::ROW_READ.get()))
    }

    /// The entry at `place`, whose row is filled by `make`, number by number, if it is not there.
    #[cold]
    pub(super) fn get_or_make(&self, place: Place, make: impl FnMut(usize) -> E) -> &E {
        if self.get(place).is_none() {
            self.place_row(place.row, make);
        }
        self.get(place).expect("a row stays once it is there")
    }

    fn place_row(&self, row: usize, make: impl FnMut(usize) -> E) {
        let first = Place { row, column: 0 }.number();
        let entries: Box<[E]> = (first..first + (1 << row)).map(make).collect();
        let mine = Box::into_raw(entries).cast::<E>();
        self.extent.fetch_max((1 << (row + 1)) - 1, order::EXTENT_RAISE.get());
        let placed = self.rows[row].compare_exchange(
            ptr::null_mut(),
            mine,
            order::ROW_PLACE.get(),
            order::ROW_PLACE_LOST.get(),
        );
        if placed.is_err() {
            // SAFETY: made above, and nobody has seen it.
            unsafe { Self::free_row(row, mine) };
        }
    }

    /// # Safety
    ///
    /// `entries` was placed as `row`, or was to be, and nobody can reach it.
    unsafe fn free_row(row: usize, entries: *mut E) {
        let entries = ptr::slice_from_raw_parts_mut(entries, 1 << row);
        // SAFETY: the slice that was boxed.
        drop(unsafe { Box::from_raw(entries) });
    }

    /// No entry that the caller can know of has this number or a higher one.
    #[inline]
    pub(super) fn extent(&self) -> usize {
        self.extent.load(order::EXTENT_LOOK.get())
    }

    /// Every entry there is, with its number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &E)> {
        (0..self.extent()).filter_map(|number| Some((number, self.get(Place::of(number))?)))
    }

    /// The rows that are there, by number.
    fn rows(&self) -> impl Iterator<Item = (usize, *mut E)> {
        (0..ROWS).filter_map(|row| Some((row, self.row(row)?.as_ptr())))
    }

    /// Every entry there is, for somebody who has the table alone.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut E> {
        self.rows().flat_map(|(row, entries)| {
            let entries = ptr::slice_from_raw_parts_mut(entries, 1 << row);
            // SAFETY: the slice that was boxed, and `&mut self`.
            unsafe { &mut *entries }
        })
    }
}

impl<E> Drop for Table<E> {
    fn drop(&mut self) {
        for (row, entries) in self.rows() {
            // SAFETY: nobody else is left.
            unsafe { Self::free_row(row, entries) };
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn places_and_numbers_correspond() {
        crate::sync::test(|| {
            for number in (0..2000).chain([(1 << 32) - 2]) {
                let place = Place::of(number);
                assert_eq!(place.number(), number);
                assert!(place.row < ROWS && place.column < 1 << place.row);
            }
        });
    }

    #[test]
    fn an_entry_is_made_once_with_its_row_and_keeps_its_address() {
        crate::sync::test(|| {
            let table = Table::new();
            assert!(table.get(Place::of(5)).is_none());
            assert!(table.get(Place::NOWHERE).is_none());
            let fifth: *const usize = table.get_or_make(Place::of(5), |number| number * 10);
            assert_eq!(fifth, table.get_or_make(Place::of(5), |_| 8));
            let entries: Vec<_> = table.iter().collect();
            assert_eq!(entries, [(3, &30), (4, &40), (5, &50), (6, &60)]);
        });
    }
}
