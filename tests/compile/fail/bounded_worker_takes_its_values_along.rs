//! Values bound to their thread bind the worker to it.

fn main() {
    let worker = pooldeque::bounded::<std::rc::Rc<u8>>(4).0;
    std::thread::spawn(move || drop(worker)).join().unwrap();
}
