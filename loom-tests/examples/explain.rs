//! Shows an execution of a program step by step: one that fails, if any does. `cargo xtask explain` runs it.

#[cfg(any(loom, shuttle))]
mod in_models {
    use std::sync::atomic::Ordering;

    use clap::Parser;
    use pooldeque_loom_tests::explanation::explain_execution;
    use pooldeque_loom_tests::program::Program;
    use pooldeque_loom_tests::search::Search;

    #[derive(Parser)]
    struct Arguments {
        program: Program,
        /// A site, to be relaxed.
        #[arg(long)]
        relax: Option<String>,
        /// A schedule that shuttle printed.
        #[arg(long)]
        schedule: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    }

    pub(crate) fn run() {
        let arguments = Arguments::parse();
        let program = arguments.program;
        if let Some(site) = &arguments.relax
            && !pooldeque::model::catalogue().any(|known| known.name == site)
        {
            eprintln!("no ordering site is called {site}");
            std::process::exit(2);
        }
        let search = match arguments.schedule {
            Some(schedule) => Search::Replay(schedule),
            None if cfg!(loom) => Search::Preemptions(Some(3)),
            None => Search::EveryState { splits_invisible: false },
        };
        let explain = || explain_execution(&program, &search);
        let explanation = match arguments.relax {
            Some(site) => pooldeque::model::weaken(&site, Ordering::Relaxed, explain),
            None => explain(),
        };
        if arguments.json {
            println!("{}", serde_json::to_string_pretty(&explanation).expect("it is plain data"));
        } else {
            print!("{}", explanation.to_table());
        }
    }
}

#[cfg(any(loom, shuttle))]
fn main() {
    in_models::run();
}

#[cfg(not(any(loom, shuttle)))]
fn main() {
    eprintln!("this needs a model checker: --cfg loom or --cfg shuttle");
}
