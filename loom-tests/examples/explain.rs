//! Shows an execution of a program step by step: one that fails, if any does. `cargo xtask explain` runs it.

#[cfg(any(loom, shuttle))]
#[path = "explain/command.rs"]
mod command;

#[cfg(any(loom, shuttle))]
fn main() -> std::process::ExitCode {
    use clap::Parser;

    let arguments = command::Arguments::parse();
    match arguments.explain() {
        Ok(explanation) if arguments.json => {
            println!("{}", serde_json::to_string_pretty(&explanation).expect("it is plain data"));
        }
        Ok(explanation) => print!("{}", explanation.to_table()),
        Err(what) => {
            eprintln!("{what}");
            return std::process::ExitCode::from(2);
        }
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(not(any(loom, shuttle)))]
fn main() {
    eprintln!("this needs a model checker: --cfg loom or --cfg shuttle");
}
