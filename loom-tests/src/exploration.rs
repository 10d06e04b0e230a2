//! Explores a program in every way the runtime knows, and reports.

use std::sync::Arc;
use std::time::Instant;

use crate::execution::Model;
use crate::program::Program;
use crate::report::Line;
use crate::runtime::{self, Failure, Search};
use crate::shrink::shrink;

/// Explores `program` as `search` says.
///
/// # Errors
///
/// The first failure.
pub fn explore(name: &str, program: &Program, search: &Search) -> Result<Line, Failure> {
    let model = Arc::new(Model::new(program.clone()));
    explore_model(name, program, search, &model)
}

/// Explores a model of `program` as `search` says.
///
/// # Errors
///
/// The first failure.
pub fn explore_model(
    name: &str,
    program: &Program,
    search: &Search,
    model: &Arc<Model>,
) -> Result<Line, Failure> {
    let begin = Instant::now();
    let running = Arc::clone(model);
    let explored = runtime::explore(search, move || running.execute())?;
    let bound = if let Search::Preemptions(bound) = search { *bound } else { None };
    Ok(Line {
        name: name.into(),
        program: program.to_string(),
        runtime: runtime::NAME,
        search: search.name(),
        programs: 1,
        threads: program.threads(),
        operations: program.operations(),
        bound,
        executions: explored.executions,
        histories: model.histories(),
        complete: explored.complete,
        seconds: begin.elapsed().as_secs_f64(),
        rings_freed: model.rings_freed(),
    })
}

/// Says what is to be known of a failure of `program`: how to see it again, and the smallest program
/// that fails the same way.
#[must_use]
pub fn explain(name: &str, program: &Program, search: &Search, failure: &Failure) -> String {
    let fails = |smaller: &Program| {
        let (program, search) = (smaller.clone(), search.clone());
        // After a failure a model checker's thread is not fit for another model.
        std::thread::spawn(move || explore("", &program, &search).err()).join().unwrap_or(None)
    };
    let mut text = format!(
        "{name} ({program}, {search}) failed in execution {}:\n{}\n",
        failure.execution, failure.message
    );
    if let Some(schedule) = &failure.schedule {
        let command = format!(
            "POOLDEQUE_REPLAY={} RUSTFLAGS=\"--cfg shuttle\" cargo test --release -p pooldeque-loom-tests --test scenarios -- {program}",
            schedule.trim()
        );
        text += &format!("the same schedule again:\n  {command}\n");
    }
    if *search == Search::Exhaustive || matches!(search, Search::Preemptions(_)) {
        let (smallest, why) = shrink(program, fails);
        if let Some(why) = why {
            text += &format!("the smallest program that fails: {smallest}\n{}\n", why.message);
        }
    }
    text
}
