//! There are as many stealers as anybody wants.

pub(crate) fn main() {
    let (_worker, stealer) = pooldeque::bounded::<u8>(4);
    let _second = stealer.clone();

    let (_worker, stealer) = pooldeque::unbounded::<u8>();
    let _second = stealer.clone();
}
