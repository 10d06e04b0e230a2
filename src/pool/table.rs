//! A table that grows without moving, in rows of 1, 2, 4, … entries.
//!
//! Each row is allocated when one of its entries is first asked for, and freed with the table. So the address of
//! an entry never changes, and finding it takes two loads.

use alloc::boxed::Box;
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

use crate::order;
use crate::sync::{AtomicPtr, ROWS_OF_BLOCKS};

/// Entries that are made with their row.
pub(super) struct Table<E> {
    rows: [AtomicPtr<E>; ROWS_OF_BLOCKS],
    /// The table owns its entries.
    entries: PhantomData<E>,
}

// SAFETY: the table owns its entries and guard_impls them out shared; threads that share it share them, and
// any of them may be the one to make or drop them.
unsafe impl<E: Send + Sync> Sync for Table<E> {}

/// The row and the column of an entry.
#[inline]
const fn position(index: usize) -> (usize, usize) {
    let row = index.saturating_add(1).ilog2() as usize;
    (row, index.saturating_add(1) - (1 << row))
}

impl<E> Table<E> {
    pub(super) fn new() -> Self {
        Self { rows: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())), entries: PhantomData }
    }

    /// The entry at `index`, if its row exists.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&E> {
        let (row, column) = position(index);
        // SAFETY: a row has 2^row entries, and the column is below that.
        let entry = unsafe { self.row(row)?.add(column) };
        // SAFETY: rows are freed with the table.
        Some(unsafe { entry.as_ref() })
    }

    /// The first entry of a row, if the row exists.
    #[inline]
    fn row(&self, row: usize) -> Option<NonNull<E>> {
        // Acquire: pairs with ROW_PLACE.
        NonNull::new(self.rows.get(row)?.load(order::ROW_READ.get()))
    }

    /// The entry at `index`, whose row is filled by `make` if it does not exist.
    ///
    /// # Panics
    ///
    /// If there can be no such row.
    #[cold]
    pub(super) fn get_or_make(&self, index: usize, make: impl FnMut() -> E) -> &E {
        if self.get(index).is_none() {
            self.place_row(position(index).0, make);
        }
        self.get(index).expect("a row stays once it is there")
    }

    fn place_row(&self, row: usize, mut make: impl FnMut() -> E) {
        let entries: Box<[E]> = (0..1_usize << row).map(|_| make()).collect();
        let mine = Box::into_raw(entries).cast::<E>();
        let placed = self.rows[row].compare_exchange(
            ptr::null_mut(),
            mine,
            // Release: pairs with ROW_READ.
            order::ROW_PLACE.get(),
            // Relaxed: the other's row is read afterwards.
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
}

impl<E> Drop for Table<E> {
    fn drop(&mut self) {
        for row in 0..ROWS_OF_BLOCKS {
            if let Some(entries) = self.row(row) {
                // SAFETY: nobody else is left.
                unsafe { Self::free_row(row, entries.as_ptr()) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_dense() {
        let mut expected = (0..10).flat_map(|row| (0..1 << row).map(move |column| (row, column)));
        assert!((0..1023).all(|index| Some(position(index)) == expected.next()));
    }

    #[test]
    fn an_entry_is_made_with_its_row_and_keeps_its_address() {
        crate::sync::test(|| {
            let table = Table::new();
            assert!(table.get(3).is_none() && table.get(usize::MAX).is_none());
            let fourth: *const i32 = table.get_or_make(3, || 7);
            assert_eq!(fourth, core::ptr::from_ref(table.get_or_make(3, || 8)));
            assert_eq!((table.get(2), table.get(3), table.get(6)), (None, Some(&7), Some(&7)));
        });
    }
}
