//! The most adversarial model of the epoch's contract.
//!
//! A retired node is freed as soon as no guard of its domain that existed at its retirement remains, by
//! the thread that dropped the last of them. The contract promises only two things about memory, and the model
//! provides only those:
//!
//! - everything that a guard's holder did before dropping it happens before a later free;
//! - everything that happened before a retirement is visible to every guard taken after it.

use core::marker::PhantomData;
use core::ptr::NonNull;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::vec::Vec;

use super::{Domain, Node};
use crate::sync::trace;

#[cfg(loom)]
#[path = "model_epoch_edges_in_loom.rs"]
mod edges;
#[cfg(shuttle)]
#[path = "model_epoch_edges_in_shuttle.rs"]
mod edges;

#[cfg(shuttle)]
use crate::sync::recorder as recording;

/// loom needs no record of the state.
#[cfg(loom)]
mod recording {
    pub(super) fn pin() -> Option<u64> {
        None
    }

    pub(super) fn unpin(_: u64) {}

    pub(super) fn wait_for(_: usize, _: u64, _: bool) {}
}

/// Keeps every node of its domain that is not yet retired when it is taken.
pub(crate) struct Guard {
    ticket: u64,
    domain: Domain,
    /// Like crossbeam's, a guard stays on its thread.
    _not_send: PhantomData<*mut ()>,
}

/// The guards that are held, and the nodes that wait for them. Plain bookkeeping that the model checker does not see.
#[derive(Default)]
struct Ledger {
    next_ticket: u64,
    held: BTreeMap<u64, Domain>,
    retired: Vec<Retired>,
}

/// A node that waits for the guards which existed when it was retired.
struct Retired {
    node: *mut (),
    free: unsafe fn(*mut ()),
    waits_for: BTreeSet<u64>,
}

std::thread_local! {
    /// All threads of a model run on one OS thread.
    static LEDGER: Mutex<Ledger> = Mutex::default();
}

fn with_ledger<R>(change: impl FnOnce(&mut Ledger) -> R) -> R {
    LEDGER.with(|ledger| change(&mut ledger.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// Begins an execution without guards.
pub(crate) fn start() {
    with_ledger(|ledger| *ledger = Ledger::default());
    edges::start();
}

/// Nothing to do: no node waits longer than it must.
pub(crate) fn collect_in(_: Domain) {}

/// Takes a guard in `domain`.
#[track_caller]
pub(crate) fn pin_in(domain: Domain) -> Guard {
    edges::see_retirements(domain);
    let recorded = recording::pin();
    let ticket = with_ledger(|ledger| {
        ledger.next_ticket += 1;
        let ticket = recorded.unwrap_or(ledger.next_ticket);
        ledger.held.insert(ticket, domain);
        ticket
    });
    let of = match domain {
        Domain::Deques => "deques",
        Domain::Pools => "pools",
    };
    trace::note_pin(ticket, of);
    Guard { ticket, domain, _not_send: PhantomData }
}

impl Guard {
    /// Frees `node` once every guard of this domain that exists now is gone; this one is among them.
    ///
    /// # Safety
    ///
    /// `node` comes from [`Node::allocate`], is retired once, and can no longer be reached from
    /// shared memory. Only guards of this domain are taken to reach it. Its value borrows nothing that
    /// its destructor would look at.
    #[track_caller]
    pub(crate) unsafe fn retire<T>(&self, node: NonNull<Node<T>>) {
        /// # Safety
        ///
        /// As [`Node::free`].
        unsafe fn free<T>(node: *mut ()) {
            let node = NonNull::new(node.cast()).expect("only nodes are retired");
            // SAFETY: passed on.
            unsafe { Node::<T>::free(node) };
        }

        edges::retire(self.domain);
        let kept_by = with_ledger(|ledger| {
            let of_this_domain = ledger.held.iter().filter(|(_, domain)| **domain == self.domain);
            let waits_for: BTreeSet<_> = of_this_domain.map(|(ticket, _)| *ticket).collect();
            let node: *mut () = node.as_ptr().cast();
            waits_for.iter().for_each(|ticket| recording::wait_for(node.addr(), *ticket, true));
            let kept_by: Vec<_> = waits_for.iter().copied().collect();
            ledger.retired.push(Retired { node, free: free::<T>, waits_for });
            kept_by
        });
        trace::note_retirement(node.as_ptr().addr(), kept_by);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        edges::unpin(self.domain);
        recording::unpin(self.ticket);
        trace::note_unpin(self.ticket);
        let free_now = with_ledger(|ledger| {
            ledger.held.remove(&self.ticket);
            for retired in &mut ledger.retired {
                if retired.waits_for.remove(&self.ticket) {
                    recording::wait_for(retired.node.addr(), self.ticket, false);
                }
            }
            let (free_now, waiting) =
                ledger.retired.drain(..).partition(|retired| retired.waits_for.is_empty());
            ledger.retired = waiting;
            free_now
        });
        let free_now: Vec<Retired> = free_now;
        if !free_now.is_empty() {
            edges::see_unpins(self.domain);
        }
        for retired in free_now {
            // SAFETY: no guard that existed at the retirement is left, and no later one finds the node.
            unsafe { (retired.free)(retired.node) };
        }
    }
}
