//! Values bound to their thread bind the worker to it.

fn main() {
    let worker = pooldeque::unbounded::<std::rc::Rc<u8>>().0;
    std::thread::spawn(move || drop(worker)).join().unwrap();
}
