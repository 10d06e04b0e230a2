//! A deque that is broken on purpose: a model checker must find the failure, and the report must explain it.

#![cfg(any(loom, shuttle))]

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::Ordering::{AcqRel, Release};
use std::sync::{Arc, Mutex};

#[cfg(loom)]
use loom::sync::atomic::AtomicBool;
use pooldeque_loom_tests::case::Case;
use pooldeque_loom_tests::deque::{Deque, Owner, Thief};
use pooldeque_loom_tests::execution::Model;
use pooldeque_loom_tests::exploration::{explain, explore};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::search::Preemptions;
use pooldeque_loom_tests::tier::Tier;
use pooldeque_loom_tests::token::Token;
#[cfg(shuttle)]
use shuttle::sync::atomic::AtomicBool;

/// Finds nothing while another thread takes a value: a false empty.
#[derive(Clone, Debug)]
struct FalseEmpty(Arc<(AtomicBool, Mutex<VecDeque<Token>>)>);

impl FalseEmpty {
    fn take(&self, take: fn(&mut VecDeque<Token>) -> Option<Token>) -> Option<Token> {
        let (is_busy, values) = &*self.0;
        if is_busy.swap(true, AcqRel) {
            return None;
        }
        let value = take(&mut values.lock().unwrap());
        is_busy.store(false, Release);
        value
    }
}

impl Owner for FalseEmpty {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        self.0.1.lock().unwrap().push_back(value);
        Ok(())
    }

    fn pop(&mut self) -> Option<Token> {
        self.take(VecDeque::pop_back)
    }
}

impl Thief for FalseEmpty {
    type Own = Self;

    fn steal(&self) -> Option<Token> {
        self.take(VecDeque::pop_front)
    }
}

impl Deque for FalseEmpty {
    type Owner = Self;
    type Thief = Self;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(_capacity: usize, _start: u32) -> (Self, Self) {
        let deque = Self(Arc::new((AtomicBool::new(false), Mutex::default())));
        (deque.clone(), deque)
    }
}

/// A program that runs on the broken deque, whichever it names.
#[derive(Clone)]
struct OnFalseEmpty(Program);

impl fmt::Display for OnFalseEmpty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Case for OnFalseEmpty {
    type Model = Model;

    // Its lock is not.
    const IS_RECORDED: bool = false;
    const HAS_INVISIBLE_STEPS: bool = false;

    fn threads(&self) -> usize {
        self.0.threads()
    }

    fn operations(&self) -> usize {
        self.0.operations()
    }

    fn model(&self) -> Model {
        Model::on::<FalseEmpty>(self.0.clone())
    }

    fn smaller(&self) -> Vec<Self> {
        Case::smaller(&self.0).into_iter().map(Self).collect()
    }
}

#[test]
fn a_false_empty_is_found_explained_and_shrunk() {
    let program = OnFalseEmpty("chain1-holds3/+-/ss".parse().unwrap());
    let search = &runtime::searches::<OnFalseEmpty>(Preemptions::Any, Some(Tier::Quick), Tier::Quick)[0];
    let failure = explore(&program, search).unwrap_err();
    let report = explain("false_empty", &program, search, &failure);
    assert!(report.contains("failed in execution"), "{report}");
    assert!(report.contains("no deque can have this history"), "{report}");
    assert!(report.contains("the smallest program that fails: chain1-holds2/-/s"), "{report}");
    assert!(report.contains("| owner"), "{report}");
}
