//! What a program needs in place of the standard library: an entry, an allocator, a panic handler.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_char, c_int, c_void};
use core::panic::PanicInfo;
use core::ptr;

#[link(name = "c")]
unsafe extern "C" {
    fn posix_memalign(memory: *mut *mut c_void, alignment: usize, size: usize) -> c_int;
    fn free(memory: *mut c_void);
    fn abort() -> !;
}

/// The C library's allocator.
struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

// SAFETY: `posix_memalign` gives memory of the size and alignment asked for, or fails, and no caller
// else has that memory until it is freed.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let alignment = layout.align().max(align_of::<*const c_void>());
        let mut memory = ptr::null_mut();
        // SAFETY: the alignment is a power of two, and a multiple of a pointer's size.
        let failure = unsafe { posix_memalign(&raw mut memory, alignment, layout.size()) };
        if failure == 0 { memory.cast() } else { ptr::null_mut() }
    }

    unsafe fn dealloc(&self, memory: *mut u8, _layout: Layout) {
        // SAFETY: the caller got the memory from `alloc`, and so from `posix_memalign`.
        unsafe { free(memory.cast()) }
    }
}

#[panic_handler]
fn panicked(_information: &PanicInfo<'_>) -> ! {
    // SAFETY: it can be called at any time.
    unsafe { abort() }
}

/// The C runtime's entry into the program.
#[unsafe(no_mangle)]
extern "C" fn main(_count: c_int, _arguments: *const *const c_char) -> c_int {
    crate::deque_at_work::all();
    0
}
