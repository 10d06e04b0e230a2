//! Stacks that are used again.
//!
//! loom maps a stack for each thread of each execution and unmaps it afterwards, which is more than half of what an
//! execution costs here. The functions below take the place of libc's for loom, which is linked to them: a stack that
//! is unmapped is kept, guard page and all, for the next that is mapped with the same size. libc itself goes on to use
//! its own.
//!
//! Each thread of the machine keeps stacks of its own, without allocating, because allocators map memory too.

use std::cell::Cell;
use std::ptr;

use libc::{MAP_FAILED, MAP_STACK, PROT_NONE, c_int, c_long, c_void, off_t, size_t};

/// The number of stacks that a thread keeps track of. loom has five threads at most.
const STACKS: usize = 8;

/// A stack that was mapped here.
#[derive(Clone, Copy)]
struct Stack {
    bottom: *mut c_void,
    size: size_t,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is none in this place.
    None,
    /// Mapped, and not protected yet.
    New,
    /// In use, with its guard page.
    Guarded,
    /// Unmapped by loom, and kept.
    Kept,
}

const NO_STACK: Stack = Stack { bottom: ptr::null_mut(), size: 0, state: State::None };

thread_local! {
    static KNOWN: [Cell<Stack>; STACKS] = const { [const { Cell::new(NO_STACK) }; STACKS] };
}

/// The first stack that is as wanted takes on a state. `None` if there is none, or this thread is ending.
fn change(to: State, is_wanted: impl Fn(Stack) -> bool) -> Option<Stack> {
    let change = |known: &[Cell<Stack>; STACKS]| {
        let found = known.iter().find(|stack| is_wanted(stack.get()))?;
        let stack = found.get();
        found.set(Stack { state: to, ..stack });
        Some(stack)
    };
    KNOWN.try_with(change).ok().flatten()
}

fn note_new(bottom: *mut c_void, size: size_t) {
    let _ = KNOWN.try_with(|known| {
        if let Some(place) = known.iter().find(|stack| stack.get().state == State::None) {
            place.set(Stack { bottom, size, state: State::New });
        }
    });
}

fn of_call(result: c_long) -> c_int {
    if result == 0 { 0 } else { -1 }
}

/// `mmap(2)`. A stack that was kept has been used, where a new one would be zero: loom's do not rely on that.
///
/// # Safety
///
/// That of libc's.
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    address: *mut c_void,
    size: size_t,
    protection: c_int,
    flags: c_int,
    file: c_int,
    offset: off_t,
) -> *mut c_void {
    let is_stack = flags & MAP_STACK != 0 && address.is_null();
    if is_stack && let Some(stack) = change(State::Guarded, |it| it.state == State::Kept && it.size == size) {
        return stack.bottom;
    }
    // SAFETY: passed on.
    let mapped = unsafe { libc::syscall(libc::SYS_mmap, address, size, protection, flags, file, offset) };
    let mapped = ptr::with_exposed_provenance_mut(mapped as usize);
    if is_stack && mapped != MAP_FAILED {
        note_new(mapped, size);
    }
    mapped
}

/// `mprotect(2)`. A stack that was kept has its guard page already.
///
/// # Safety
///
/// That of libc's.
#[unsafe(no_mangle)]
unsafe extern "C" fn mprotect(address: *mut c_void, size: size_t, protection: c_int) -> c_int {
    let is_guard = |it: Stack, state| it.state == state && it.bottom == address && size < it.size;
    if protection == PROT_NONE {
        if change(State::Guarded, |it| is_guard(it, State::Guarded)).is_some() {
            return 0;
        }
        change(State::Guarded, |it| is_guard(it, State::New));
    }
    // SAFETY: passed on.
    of_call(unsafe { libc::syscall(libc::SYS_mprotect, address, size, protection) })
}

/// `munmap(2)`. A guarded stack is kept.
///
/// # Safety
///
/// That of libc's.
#[unsafe(no_mangle)]
unsafe extern "C" fn munmap(address: *mut c_void, size: size_t) -> c_int {
    let is_it = |it: Stack| it.bottom == address && it.size == size;
    if change(State::Kept, |it| it.state == State::Guarded && is_it(it)).is_some() {
        return 0;
    }
    change(State::None, is_it);
    // SAFETY: passed on.
    of_call(unsafe { libc::syscall(libc::SYS_munmap, address, size) })
}
