//! Values bound to their thread bind the stealers to it.

fn main() {
    let stealer = pooldeque::unbounded::<std::rc::Rc<u8>>().1;
    std::thread::spawn(move || drop(stealer)).join().unwrap();
}
