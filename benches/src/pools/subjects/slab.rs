//! sharded-slab's pool, which makes its values by `Default`.
//!
//! A value is given back by its key, after its guard is gone.

use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sharded_slab::{Clear, Pool};

use super::{Buffer, Lender, Touch, buffer};

/// A buffer that is made as the others are.
pub struct Slabbed(Buffer);

impl Slabbed {
    /// Where its bytes are.
    #[must_use]
    pub fn address(&self) -> *const u8 {
        self.0.as_ptr()
    }
}

impl Default for Slabbed {
    fn default() -> Self {
        Self(buffer())
    }
}

impl Clear for Slabbed {
    #[inline]
    fn clear(&mut self) {
        self.0.clear();
    }
}

impl Touch for Slabbed {
    #[inline(always)]
    fn touch(&mut self) {
        self.0.touch();
    }
}

/// The slab's guard and its pool's `clear` come in two kinds, used alike.
macro_rules! slab {
    ($(#[$doc:meta])* $slab:ident($pool:ty), $lent:ident($guard:ty), |$self:ident| $create:expr) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $slab($pool);

        /// A buffer on loan from a slab.
        pub struct $lent<'a> {
            slab: &'a $slab,
            guard: ManuallyDrop<$guard>,
        }

        impl Lender for $slab {
            type Guard<'a> = $lent<'a>;

            #[inline]
            fn get(&self) -> $lent<'_> {
                let $self = &self.0;
                let guard = $create.expect("a slab has room for every buffer of the rows");
                $lent { slab: self, guard: ManuallyDrop::new(guard) }
            }
        }

        impl Deref for $lent<'_> {
            type Target = Slabbed;

            #[inline]
            fn deref(&self) -> &Slabbed {
                &self.guard
            }
        }

        impl DerefMut for $lent<'_> {
            #[inline]
            fn deref_mut(&mut self) -> &mut Slabbed {
                &mut self.guard
            }
        }

        impl Drop for $lent<'_> {
            #[inline]
            fn drop(&mut self) {
                let key = self.guard.key();
                // SAFETY: it is not used again.
                unsafe { ManuallyDrop::drop(&mut self.guard) };
                self.slab.0.clear(key);
            }
        }
    };
}

slab! {
    /// sharded-slab's pool, with guards that borrow it and stay on their thread.
    Slab(Pool<Slabbed>), SlabLent(sharded_slab::pool::RefMut<'a, Slabbed>), |pool| pool.create()
}
slab! {
    /// sharded-slab's pool, with guards that may be sent.
    OwnedSlab(Arc<Pool<Slabbed>>), OwnedSlabLent(sharded_slab::pool::OwnedRefMut<Slabbed>), |pool|
    Arc::clone(pool).create_owned()
}
