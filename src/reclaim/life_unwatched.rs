//! Nobody watches a node's life on the real machine; all this is nothing.

pub(super) struct Life;

pub(super) struct Watch;

impl Life {
    pub(super) fn begin() -> Self {
        Self
    }

    #[inline(always)]
    pub(super) fn watch(&self) -> Watch {
        Watch
    }

    pub(super) fn end(&mut self) {}
}

impl Watch {
    #[inline(always)]
    pub(super) fn none() -> Self {
        Self
    }
}
