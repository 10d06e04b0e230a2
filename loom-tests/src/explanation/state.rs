//! What there is after a step.

use serde::Serialize;

/// The state after a step, as far as the steps have shown it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// The rings that are not freed.
    pub rings: Vec<RingState>,
    /// The rings of each chain, from its tail on: none before the first push.
    pub chains: Vec<Vec<String>>,
    /// The guards that are held: the thread that holds each.
    pub guards: Vec<String>,
    /// What was retired and is not freed yet.
    pub retired: Vec<Retired>,
    /// What was freed.
    pub freed: Vec<String>,
    /// Each other location accessed so far, and its last value.
    pub others: Vec<(String, String)>,
}

/// A ring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RingState {
    /// `ring A`; one that is in no chain is just `ring`.
    pub name: String,
    /// Head and tail.
    pub word: Option<String>,
    /// The flags of its slots.
    pub slots: Vec<String>,
    /// The next ring of its chain.
    pub next: Option<String>,
    /// The ring before it.
    pub prev: Option<String>,
}

/// A node that was retired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// Which one.
    pub node: String,
    /// Whose guards keep it.
    pub kept_by: Vec<String>,
}

impl State {
    /// What a reader sees beside a step, in lines: all of the deques, and what else the step has changed.
    #[must_use]
    pub fn lines_after(&self, before: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.is_same_deque(before) {
            for ring in &self.rings {
                let word = ring.word.iter().map(|word| format!("word {word}"));
                let slots = (!ring.slots.is_empty()).then(|| format!("slots [{}]", ring.slots.join(", ")));
                let parts: Vec<_> = word.chain(slots).collect();
                lines.push(format!("{}: {}", ring.name, parts.join(", ")));
                let links = [("next", &ring.next), ("prev", &ring.prev)];
                let links = links.map(|(name, link)| link.iter().map(move |link| format!("{name} {link}")));
                let links: Vec<_> = links.into_iter().flatten().collect();
                if !links.is_empty() {
                    lines.push(format!("  {}", links.join(", ")));
                }
            }
            let linked = self.chains.iter().filter(|chain| !chain.is_empty());
            lines.extend(linked.map(|chain| format!("chain: {}", chain.join(", "))));
            if !self.guards.is_empty() || !before.guards.is_empty() {
                let guards = if self.guards.is_empty() { "none".into() } else { self.guards.join(", ") };
                lines.push(format!("guards: {guards}"));
            }
            for Retired { node, kept_by } in &self.retired {
                let keepers = if kept_by.is_empty() { "no guard".into() } else { kept_by.join(", ") };
                lines.push(format!("retired: {node}, kept by {keepers}"));
            }
            if !self.freed.is_empty() {
                lines.push(format!("freed: {}", self.freed.join(", ")));
            }
        }
        let changed = self.others.iter().filter(|other| !before.others.contains(other));
        lines.extend(changed.map(|(name, value)| format!("{name} = {value}")));
        lines
    }

    fn is_same_deque(&self, other: &Self) -> bool {
        let deque = |state: &Self| Self { others: Vec::new(), ..state.clone() };
        deque(self) == deque(other)
    }
}
