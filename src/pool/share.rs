//! A pool's share in its state: made by the first value, given up by the drop.

use core::ptr;

use super::Pool;
use super::registry;
use super::state::State;
use crate::order;
use crate::sync::Arc;

impl<T, F> Pool<T, F> {
    /// What threads share, if there is any yet.
    #[inline(always)]
    pub(crate) fn state(&self) -> Option<&State<T>> {
        // SAFETY: placed with a share that the pool keeps.
        unsafe { self.link().as_ref() }
    }

    #[inline(always)]
    fn link(&self) -> *mut State<T> {
        // Acquire: pairs with STATE_PLACE.
        self.state.load(order::STATE_READ.get())
    }

    /// # Safety
    ///
    /// `state` is a share that came from [`Arc::into_raw`], and is given up once.
    unsafe fn release(state: *const State<T>) {
        // SAFETY: passed on.
        let state = unsafe { Arc::from_raw(state) };
        registry::remove(state.key);
        if !state.note_dropped() {
            return;
        }
        // A thread in the middle of `tick_all` may have a share too. It shall not be left with the values, unless
        // it cannot be waited for: then it drops them as it drops its share.
        if let Some(_turn) = state.tick_lock.lock() {
            state.drop_all();
        }
    }
}

impl<T: Send + 'static, F> Pool<T, F> {
    /// Makes the state, unless another thread has done so.
    pub(super) fn place_state(&self) -> &State<T> {
        let mine = Arc::new(State::new(&self.rules));
        registry::add(&mine);
        let mine = Arc::into_raw(mine).cast_mut();
        let placed = self.state.compare_exchange(
            ptr::null_mut(),
            mine,
            // Release: pairs with STATE_READ.
            order::STATE_PLACE.get(),
            // Relaxed: the other's is read afterwards.
            order::STATE_PLACE_LOST.get(),
        );
        if placed.is_err() {
            // SAFETY: the share just made, which nobody has seen in the pool.
            unsafe { Self::release(mine) };
        }
        self.state().expect("it stays once it is there")
    }
}

impl<T, F> Drop for Pool<T, F> {
    /// Drops all idle values. It waits for a tick of this pool that another thread makes, alone or together with
    /// other pools, unless it is called by a destructor in a tick: then that other
    /// thread drops the values at the end of its tick.
    fn drop(&mut self) {
        // Not by way of a reference: what is freed here must come from where it was made.
        let state = self.link();
        if !state.is_null() {
            // SAFETY: the pool's own share.
            unsafe { Self::release(state) };
        }
    }
}
