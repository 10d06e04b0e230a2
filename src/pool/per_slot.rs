//! What a pool keeps for each thread slot: entries that exist only for the slots that have used it.
//!
//! Ownership: the holder of a slot owns its entry, without any guard, for as long as it holds the slot. Other
//! threads look at entries under a guard of the epoch. A ticking thread that holds a slot whose thread is gone
//! may remove the entry: it unlinks it and retires it.
//!
//! Entries lie in blocks. The block of the lowest slots is part of the structure, so that finding an entry there
//! takes one load. Other blocks are made when one of their slots is first used and removed with their last
//! entry. What is common to the slots of a block, such as their non-empty bits, is in it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

use crate::orderings;
use crate::reclaim::{Domain, Guard, Node, Protected, pin_in};
use crate::sync::{AtomicPtr, AtomicUsize, Lock, LockGuard, ROWS_OF_BLOCKS, SLOTS_A_BLOCK, lock};

/// Entries by thread slot.
pub(crate) struct PerSlot<E, C> {
    /// The block of the lowest slots.
    first: Block<E, C>,
    /// The blocks from the second on; null where there is none.
    others: Table<AtomicPtr<Node<Block<E, C>>>>,
    /// One more than the index of the last block.
    block_count: AtomicUsize,
    /// How many entries each block has. Held to add or remove an entry.
    counts: Lock<Counts>,
    make_common: fn() -> C,
}

/// The entries of some neighbouring slots, and what is common to them.
pub(crate) struct Block<E, C> {
    pub(crate) common: C,
    entries: [AtomicPtr<Node<E>>; SLOTS_A_BLOCK],
}

/// How many entries each block has, so that adding or removing one needs no look at the blocks.
type Counts = Vec<usize>;

/// The entry of one slot, in its block.
pub(crate) struct Entry<'a, E, C> {
    pub(crate) block: Protected<'a, Block<E, C>>,
    pub(crate) value: Protected<'a, E>,
}

// SAFETY: entries are lent out shared, and any thread may be the one to make or drop them.
unsafe impl<E: Send + Sync, C: Send + Sync> Sync for PerSlot<E, C> {}
// SAFETY: as above.
unsafe impl<E: Send + Sync, C: Send + Sync> Send for PerSlot<E, C> {}

/// The block of slot `number`, and the slot's place there.
#[inline(always)]
#[allow(clippy::modulo_one, reason = "in a model a block has one slot")]
pub(crate) const fn position(number: usize) -> (usize, usize) {
    (number / SLOTS_A_BLOCK, number % SLOTS_A_BLOCK)
}

impl<E, C> Block<E, C> {
    fn new(common: C) -> Self {
        Self { common, entries: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())) }
    }

    /// The entry at `bit`, not looked at yet.
    #[inline(always)]
    fn entry(&self, bit: usize) -> Option<NonNull<Node<E>>> {
        // Acquire: pairs with ENTRY_PLACE.
        NonNull::new(self.entries[bit].load(orderings::ENTRY_READ.get()))
    }

    /// Looks at the entry at `bit`, for as long as the guard lasts.
    #[inline]
    pub(crate) fn get<'g>(&self, bit: usize, _guard: &'g Guard) -> Option<Protected<'g, E>> {
        // SAFETY: found after the guard was taken.
        self.entry(bit).map(|entry| unsafe { Protected::new(entry) })
    }
}

impl<E, C> PerSlot<E, C> {
    pub(super) fn new(make_common: fn() -> C) -> Self {
        Self {
            first: Block::new(make_common()),
            others: Table::new(),
            block_count: AtomicUsize::new(1),
            counts: Lock::new(Vec::new()),
            make_common,
        }
    }

    /// How many blocks there may be at most, as far as this thread can know of their entries.
    #[inline]
    pub(super) fn block_count(&self) -> usize {
        // Relaxed: blocks are looked up by themselves.
        self.block_count.load(orderings::BLOCK_COUNT_LOOK.get())
    }

    /// Called under the lock.
    fn change_block_count(&self, blocks: usize) {
        // Relaxed: it comes before all that the thread does with the block.
        self.block_count.store(blocks, orderings::BLOCK_COUNT_CHANGE.get());
    }

    fn other(&self, index: usize) -> Option<NonNull<Node<Block<E, C>>>> {
        // Acquire: pairs with BLOCK_PLACE.
        NonNull::new(self.others.get(index - 1)?.load(orderings::BLOCK_READ.get()))
    }

    /// Looks at a block, for as long as the guard lasts.
    #[inline]
    pub(super) fn block<'g>(&'g self, index: usize, _guard: &'g Guard) -> Option<Protected<'g, Block<E, C>>> {
        // SAFETY: found after the guard was taken.
        unsafe { self.kept_block(index) }
    }

    /// # Safety
    ///
    /// Something keeps the block for as long as it is looked at.
    #[inline(always)]
    unsafe fn kept_block(&self, index: usize) -> Option<Protected<'_, Block<E, C>>> {
        if index == 0 {
            return Some(Protected::borrowed(&self.first));
        }
        // SAFETY: passed on.
        self.other(index).map(|block| unsafe { Protected::new(block) })
    }

    /// The entry of slot `number`, if it has one.
    ///
    /// # Safety
    ///
    /// Something keeps the entry for as long as it is looked at: the caller holds the slot, or is the only one
    /// that removes entries, or holds the lock for changes.
    #[inline(always)]
    pub(super) unsafe fn get(&self, number: usize) -> Option<Entry<'_, E, C>> {
        let (index, bit) = position(number);
        // SAFETY: what keeps the entry keeps its block.
        let block = unsafe { self.kept_block(index) }?;
        let entry = block.entry(bit)?;
        // SAFETY: passed on.
        Some(Entry { block, value: unsafe { Protected::new(entry) } })
    }

    /// Makes an entry for slot `number`, which has none. `None` if the lock cannot be had in a forked child.
    ///
    /// # Safety
    ///
    /// The caller holds the slot for as long as it looks at the entry. `init` makes an entry at its argument.
    #[cold]
    pub(super) unsafe fn make(&self, number: usize, init: impl FnOnce(*mut E)) -> Option<Entry<'_, E, C>> {
        let mut counts = lock(&self.counts)?;
        let (index, bit) = position(number);
        let block_count = counts.len();
        counts.resize(block_count.max(index + 1), 0);
        counts[index] += 1;
        if index != 0 && counts[index] == 1 {
            let place = self.others.get_or_make(index - 1, || AtomicPtr::new(ptr::null_mut()));
            let block = Node::allocate(Block::new((self.make_common)()));
            // Release: pairs with BLOCK_READ.
            place.store(block.as_ptr(), orderings::BLOCK_PLACE.get());
        }
        if counts.len() > block_count {
            self.change_block_count(counts.len());
        }
        {
            // SAFETY: blocks are removed under the lock only.
            let block = unsafe { self.kept_block(index) }?;
            // SAFETY: passed on.
            let entry = unsafe { Node::allocate_in_place(init) };
            // Release: pairs with ENTRY_READ.
            block.entries[bit].store(entry.as_ptr(), orderings::ENTRY_PLACE.get());
        }
        // SAFETY: the caller holds the slot.
        unsafe { self.get(number) }
    }

    /// Removes the entry of slot `number`, after a last look at it, and the block with its last entry.
    ///
    /// # Safety
    ///
    /// The caller holds the slot, looks at its entry no more, and is the only one that removes entries.
    pub(super) unsafe fn remove(&self, number: usize, last_look: impl FnOnce(&E)) {
        let Some(mut counts) = lock(&self.counts) else { return };
        let (index, bit) = position(number);
        let guard = pin_in(Domain::Pools);
        {
            let Some(block) = self.block(index, &guard) else { return };
            let Some(entry) = block.entry(bit) else { return };
            // SAFETY: the caller is the only one that removes it.
            last_look(unsafe { Protected::new(entry) }.untracked());
            // Relaxed: the epoch orders it.
            block.entries[bit].store(ptr::null_mut(), orderings::ENTRY_REMOVE.get());
            // SAFETY: it was just unlinked, and no value is left in it.
            unsafe { guard.retire(entry) };
        }
        counts[index] -= 1;
        if index != 0
            && counts[index] == 0
            && let Some(block) = self.other(index)
        {
            let place = self.others.get(index - 1).expect("a row stays once it is there");
            // Relaxed: the epoch orders it.
            place.store(ptr::null_mut(), orderings::BLOCK_REMOVE.get());
            // SAFETY: it was just unlinked, and it has no entry.
            unsafe { guard.retire(block) };
        }
        let block_count = counts.len();
        let used = counts.iter().rposition(|&count| count != 0).map_or(1, |last| last + 1);
        counts.truncate(used);
        if counts.len() < block_count {
            self.change_block_count(counts.len());
        }
    }

    /// The slots that have an entry, at one moment or another of the call.
    ///
    /// # Safety
    ///
    /// The caller is the only one that removes entries, or holds the lock for changes.
    pub(super) unsafe fn numbers(&self) -> impl Iterator<Item = usize> {
        (0..self.block_count()).flat_map(move |index| {
            // SAFETY: passed on.
            let block = unsafe { self.kept_block(index) };
            let has_entry =
                move |bit: &usize| block.as_ref().is_some_and(|block| block.entry(*bit).is_some());
            (0..SLOTS_A_BLOCK).filter(has_entry).map(move |bit| index * SLOTS_A_BLOCK + bit)
        })
    }

    /// Every entry, with its slot.
    ///
    /// # Safety
    ///
    /// As [`numbers`](Self::numbers), for as long as an entry is looked at.
    pub(crate) unsafe fn iter(&self) -> impl Iterator<Item = (usize, Entry<'_, E, C>)> {
        // SAFETY: passed on.
        let numbers = unsafe { self.numbers() };
        // SAFETY: passed on.
        numbers.filter_map(|number| Some((number, unsafe { self.get(number) }?)))
    }

    /// Keeps others from adding and removing entries. `None` if the lock cannot be had in a forked child.
    pub(super) fn lock_changes(&self) -> Option<LockGuard<'_, Counts>> {
        lock(&self.counts)
    }
}

impl<E, C> Drop for PerSlot<E, C> {
    fn drop(&mut self) {
        for index in 0..self.block_count() {
            for bit in 0..SLOTS_A_BLOCK {
                // SAFETY: no other thread is left.
                let entry = unsafe { self.kept_block(index) }.and_then(|block| block.entry(bit));
                if let Some(entry) = entry {
                    // SAFETY: no other thread is left, and that was the last look at it.
                    unsafe { Node::free(entry) };
                }
            }
            if let Some(block) = (index != 0).then(|| self.other(index)).flatten() {
                // SAFETY: as above.
                unsafe { Node::free(block) };
            }
        }
    }
}

// A table that grows without moving, in rows of 1, 2, 4, … entries.
//
// Each row is allocated when one of its entries is first needed, and freed with the table. So the address of
// an entry never changes, and finding it takes two loads.

/// Entries that are made with their row.
pub(super) struct Table<E> {
    rows: [AtomicPtr<E>; ROWS_OF_BLOCKS],
    /// The table owns its entries.
    entries: PhantomData<E>,
}

// SAFETY: the table owns its entries and lends them out shared; threads that share it share them, and
// any of them may be the one to make or drop them.
unsafe impl<E: Send + Sync> Sync for Table<E> {}

/// The row and the column of an entry.
#[inline]
const fn row_and_column(index: usize) -> (usize, usize) {
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
        let (row, column) = row_and_column(index);
        // SAFETY: a row has 2^row entries, and the column is below that.
        let entry = unsafe { self.row(row)?.add(column) };
        // SAFETY: rows are freed with the table.
        Some(unsafe { entry.as_ref() })
    }

    /// The first entry of a row, if the row exists.
    #[inline]
    fn row(&self, row: usize) -> Option<NonNull<E>> {
        // Acquire: pairs with ROW_PLACE.
        NonNull::new(self.rows.get(row)?.load(orderings::ROW_READ.get()))
    }

    /// The entry at `index`, whose row is filled by `make` if it does not exist.
    ///
    /// # Panics
    ///
    /// If there can be no such row.
    #[cold]
    pub(super) fn get_or_make(&self, index: usize, make: impl FnMut() -> E) -> &E {
        if self.get(index).is_none() {
            self.place_row(row_and_column(index).0, make);
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
            orderings::ROW_PLACE.get(),
            // Relaxed: the other's row is read afterwards.
            orderings::ROW_PLACE_LOST.get(),
        );
        if placed.is_err() {
            // SAFETY: made above, and no other thread has seen it.
            unsafe { Self::free_row(row, mine) };
        }
    }

    /// # Safety
    ///
    /// `entries` was placed as `row`, or was to be, and no thread can reach it.
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
                // SAFETY: no other thread is left.
                unsafe { Self::free_row(row, entries.as_ptr()) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn numbers(entries: &PerSlot<usize, ()>) -> Vec<usize> {
        // SAFETY: the only thread there is.
        unsafe { entries.numbers() }.collect()
    }

    #[test]
    fn entries_come_and_go_and_blocks_with_them() {
        crate::sync::test(|| {
            let entries = PerSlot::new(|| ());
            let border = SLOTS_A_BLOCK;
            for number in [border + 1, 0, border] {
                // SAFETY: there is room for a number, which is an entry.
                let init = |place: *mut usize| unsafe { place.write(number * 10) };
                // SAFETY: the only thread there is.
                let entry = unsafe { entries.make(number, init) };
                assert_eq!(*entry.expect("the lock is free").value, number * 10);
            }
            let block_count = (border + 1) / SLOTS_A_BLOCK + 1;
            assert_eq!(
                (numbers(&entries), entries.block_count()),
                ([0, border, border + 1].into(), block_count)
            );
            for (number, left) in [(border, block_count), (border + 1, 1), (0, 1)] {
                // SAFETY: the only thread there is.
                unsafe { entries.remove(number, |entry| assert_eq!(*entry, number * 10)) };
                assert_eq!(entries.block_count(), left);
            }
            assert!(numbers(&entries).is_empty());
            // SAFETY: the only thread there is.
            assert!(unsafe { entries.get(usize::MAX) }.is_none());
        });
    }

    #[test]
    fn positions_are_dense() {
        let mut expected = (0..10).flat_map(|row| (0..1 << row).map(move |column| (row, column)));
        assert!((0..1023).all(|index| Some(row_and_column(index)) == expected.next()));
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
