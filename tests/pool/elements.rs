//! Values of every layout.

use pooldeque::Pool;

fn there_and_back<T: PartialEq + std::fmt::Debug + Send + 'static>(make: impl Fn(u8) -> T) {
    let pool = Pool::new(|| make(0));
    for round in 0..3 {
        let mut put: Vec<_> = (0..40).map(&make).collect();
        (0..40).for_each(|number| pool.put(make(number)));
        while let Some(found) = pool.take() {
            let index = put.iter().position(|value| *value == found).expect("what is found was put in");
            put.swap_remove(index);
        }
        assert_eq!(put, [], "round {round}");
        pool.tick();
    }
}

#[test]
fn zero_sized() {
    there_and_back(|_| ());
}

#[test]
fn small_large_and_odd() {
    there_and_back(|number| number);
    there_and_back(|number| [u16::from(number); 3]);
    there_and_back(|number| (number, u64::from(number), number));
    there_and_back(|number| [u64::from(number); 100]);
}

#[test]
fn over_aligned() {
    #[derive(Debug, PartialEq)]
    #[repr(align(256))]
    struct OverAligned(u8);

    there_and_back(OverAligned);
    let pool = Pool::new(|| Box::new(OverAligned(0)));
    pool.put(Box::new(OverAligned(7)));
    assert!(std::ptr::from_ref(&**pool.get()).is_aligned());
}

#[test]
fn with_memory_of_their_own() {
    there_and_back(|number| vec![number; usize::from(number)]);
    there_and_back(|number| Some(number.to_string()));
}
