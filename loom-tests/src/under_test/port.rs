//! Go's names: `PoolDequeue` and `PoolChain`, shared by reference.
//!
//! They have no batches of their own; the handles do.

use std::sync::Arc;

use pooldeque::{Full, PoolChain, PoolDequeue};

use crate::deque::{Deque, Owner, Thief};
use crate::token::Token;

/// [`PoolDequeue`].
#[derive(Debug)]
pub struct Ring;

/// [`PoolChain`].
#[derive(Debug)]
pub struct Chain;

/// What the two have in common.
pub trait Port: Send + Sync + 'static {
    /// # Errors
    ///
    /// As `push_head`.
    ///
    /// # Safety
    ///
    /// As `push_head`.
    unsafe fn push_head(&self, value: Token) -> Result<(), Full<Token>>;

    /// # Safety
    ///
    /// As `pop_head`.
    unsafe fn pop_head(&self) -> Option<Token>;

    /// As `pop_tail`.
    fn pop_tail(&self) -> Option<Token>;
}

impl Port for PoolDequeue<Token> {
    unsafe fn push_head(&self, value: Token) -> Result<(), Full<Token>> {
        // SAFETY: passed on.
        unsafe { self.push_head(value) }
    }

    unsafe fn pop_head(&self) -> Option<Token> {
        // SAFETY: passed on.
        unsafe { self.pop_head() }
    }

    fn pop_tail(&self) -> Option<Token> {
        self.pop_tail()
    }
}

impl Port for PoolChain<Token> {
    unsafe fn push_head(&self, value: Token) -> Result<(), Full<Token>> {
        // SAFETY: passed on.
        unsafe { self.push_head(value) };
        Ok(())
    }

    unsafe fn pop_head(&self) -> Option<Token> {
        // SAFETY: passed on.
        unsafe { self.pop_head() }
    }

    fn pop_tail(&self) -> Option<Token> {
        self.pop_tail()
    }
}

/// The one producer of `P`: it is not cloned, and its methods need it whole.
#[derive(Debug)]
pub struct PortOwner<P>(Arc<P>);

/// A consumer of `P`.
#[derive(Debug)]
pub struct PortThief<P>(Arc<P>);

impl<P> Clone for PortThief<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: Port> Owner for PortOwner<P> {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        // SAFETY: there is one owner, held by `&mut`.
        unsafe { self.0.push_head(value) }.map_err(Full::into_inner)
    }

    fn pop(&mut self) -> Option<Token> {
        // SAFETY: there is one owner, held by `&mut`.
        unsafe { self.0.pop_head() }
    }
}

impl<P: Port> Thief for PortThief<P> {
    type Own = PortOwner<P>;

    fn steal(&self) -> Option<Token> {
        self.0.pop_tail()
    }
}

impl Deque for Ring {
    type Owner = PortOwner<PoolDequeue<Token>>;
    type Thief = PortThief<PoolDequeue<Token>>;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, start: u32) -> (Self::Owner, Self::Thief) {
        let ring = Arc::new(PoolDequeue::with_start_index(capacity, start));
        (PortOwner(Arc::clone(&ring)), PortThief(ring))
    }
}

impl Deque for Chain {
    type Owner = PortOwner<PoolChain<Token>>;
    type Thief = PortThief<PoolChain<Token>>;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, _start: u32) -> (Self::Owner, Self::Thief) {
        let chain = Arc::new(PoolChain::with_capacity(capacity));
        (PortOwner(Arc::clone(&chain)), PortThief(chain))
    }
}
