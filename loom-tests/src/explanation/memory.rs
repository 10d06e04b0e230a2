//! The locations and nodes of an execution: their names, and what they hold step by step.

use std::collections::HashMap;

use pooldeque::model::trace::{Event, NodeAction, Step};

use super::state::{Retired, RingState, State};

/// What the sites call the parts of a ring and of a chain.
const WORD: &str = "word";
const FLAG: &str = "slot's flag";
const VALUE: &str = "slot's value";
const NEXT: &str = "ring's next";
const PREV: &str = "ring's prev";
const TAIL: &str = "chain's tail";
/// What a node that is a ring is called.
const RING: &str = "ring";

/// The locations of an execution, the nodes in it, and other addresses.
#[derive(Default)]
pub(super) struct Memory {
    locations: Vec<Location>,
    /// What was made together: the locations of a node, or of a ring that is none.
    groups: Vec<Group>,
    /// The node at an address, as a place in `groups`.
    nodes: HashMap<u64, usize>,
    addresses: HashMap<u64, usize>,
    /// The guards that are held, and which thread holds each.
    guards: Vec<(u64, usize)>,
    /// The nodes that wait for guards.
    retired: Vec<(u64, Vec<u64>)>,
    freed: Vec<u64>,
}

/// A location, and the values it had: each with the number of the step that wrote it, unless it was made with it.
#[derive(Default)]
struct Location {
    /// What the sites call it.
    base: String,
    /// That, and which one of those it is.
    name: String,
    type_name: &'static str,
    group: usize,
    is_accessed: bool,
    values: Vec<(Option<usize>, u64)>,
}

/// What a thread made in one go.
struct Group {
    thread: usize,
    /// Its kind and its name, if it is a node: `ring` and `ring A`.
    node: Option<(&'static str, String)>,
    is_ring: bool,
}

impl Memory {
    /// The locations of `steps`, each named by what the sites say that they access.
    pub(super) fn named(steps: &[Step]) -> Self {
        let mut memory = Self::default();
        memory.find_groups(steps);
        for step in steps {
            let (location, type_name, base) = match &step.event {
                Event::Cell { location, type_name } => (*location, *type_name, cell_name(type_name)),
                Event::Atomic { location, type_name, site, .. } => {
                    let base = site.map_or_else(|| cell_name(type_name), |(_, operation)| noun(operation));
                    (*location, *type_name, base)
                }
                _ => continue,
            };
            let location = memory.location(location);
            if location.base.is_empty() {
                (location.type_name, location.base) = (type_name, base);
            }
        }
        memory.find_rings();
        memory.number();
        memory
    }

    fn location(&mut self, location: u64) -> &mut Location {
        let place = index(location);
        if self.locations.len() <= place {
            self.locations.resize_with(place + 1, Location::default);
        }
        &mut self.locations[place]
    }

    /// What a thread makes without a step in between belongs together, and to the node that it makes next.
    fn find_groups(&mut self, steps: &[Step]) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut open = None;
        for step in steps {
            match &step.event {
                Event::Make { location, type_name, .. } => {
                    let group = open.filter(|group| {
                        let group: &Group = &self.groups[*group];
                        group.thread == step.thread
                    });
                    let group = group.unwrap_or_else(|| self.add_group(step.thread));
                    open = Some(group);
                    let location = self.location(*location);
                    (location.group, location.type_name) = (group, type_name);
                }
                Event::Node { address, action: NodeAction::Make { type_name } } => {
                    let group = open.take().unwrap_or_else(|| self.add_group(step.thread));
                    let kind = kind_of(type_name);
                    let count = counts.entry(kind).or_default();
                    self.groups[group].node = Some((kind, format!("{kind} {}", letters(*count))));
                    *count += 1;
                    self.nodes.insert(*address, group);
                }
                _ => open = None,
            }
        }
    }

    fn add_group(&mut self, thread: usize) -> usize {
        self.groups.push(Group { thread, node: None, is_ring: false });
        self.groups.len() - 1
    }

    /// Finds the rings, and the flags of slots that are never looked at. Elsewhere only private cells hold values.
    fn find_rings(&mut self) {
        for Location { base, group, .. } in &self.locations {
            if base == WORD {
                self.groups[*group].is_ring = true;
            }
        }
        for group in &mut self.groups {
            group.is_ring |= group.node.as_ref().is_some_and(|(kind, _)| *kind == RING);
        }
        for location in &mut self.locations {
            match (location.base.as_str(), self.groups[location.group].is_ring) {
                ("", true) if location.type_name == "bool" => location.base = FLAG.into(),
                (VALUE, false) => location.base = "private cell's value".into(),
                _ => {}
            }
        }
    }

    /// Names each location after its node, and numbers those of the same name in the order in which they were made.
    fn number(&mut self) {
        let mut count: HashMap<String, usize> = HashMap::new();
        for location in self.locations.iter_mut().filter(|location| !location.base.is_empty()) {
            let Group { node, is_ring, .. } = &self.groups[location.group];
            let base = &location.base;
            let name = match node {
                Some((kind, node)) => match base.strip_prefix(kind).filter(|rest| rest.starts_with("'s ")) {
                    Some(rest) => format!("{node}{rest}"),
                    None => format!("{base} of {node}"),
                },
                None => base.clone(),
            };
            let count = count.entry(name.clone()).or_default();
            location.name = match name.strip_prefix("slot's ").filter(|_| *is_ring) {
                Some(rest) => format!("slot {count}'s {rest}"),
                None if *count > 0 => format!("{name} {}", *count + 1),
                None => name,
            };
            *count += 1;
        }
    }

    pub(super) fn name(&self, location: u64) -> &str {
        &self.locations[index(location)].name
    }

    /// Notes the first value of a location.
    pub(super) fn make(&mut self, location: u64, value: u64) {
        self.locations[index(location)].values.push((None, value));
    }

    /// Notes an access by the step `number`, and says what it did.
    pub(super) fn access(
        &mut self,
        location: u64,
        number: usize,
        read: Option<u64>,
        written: Option<u64>,
    ) -> String {
        let place = index(location);
        let name = self.locations[place].name.clone();
        let read_text = read.map(|value| self.show(place, value));
        let written_text = written.map(|value| self.show(place, value));
        let location = &mut self.locations[place];
        location.is_accessed = true;
        let from = read.map(|value| location.origin(value)).unwrap_or_default();
        if let Some(value) = written {
            location.values.push((Some(number), value));
        }
        match (read_text, written_text) {
            (Some(read), Some(written)) => format!("{name} {read} -> {written}"),
            (Some(read), None) => format!("reads {name} = {read}\n  {from}"),
            (None, Some(written)) => format!("{name} := {written}"),
            (None, None) => name,
        }
    }

    /// Notes that `thread` takes a guard.
    pub(super) fn pin(&mut self, guard: u64, thread: usize) {
        self.guards.push((guard, thread));
    }

    /// Notes the end of a guard.
    pub(super) fn unpin(&mut self, guard: u64) {
        self.guards.retain(|(held, _)| *held != guard);
        for (_, kept_by) in &mut self.retired {
            kept_by.retain(|other| *other != guard);
        }
    }

    /// Notes what was done to a node, and says it.
    pub(super) fn act(&mut self, address: u64, action: &NodeAction, threads: &[String]) -> String {
        let node = self.node(address);
        match action {
            NodeAction::Make { .. } => format!("makes {node}"),
            NodeAction::Retire { kept_by } => {
                self.retired.push((address, kept_by.clone()));
                format!(
                    "retires {node}\n  kept by the guards of {}",
                    self.holders(kept_by, threads).join(", ")
                )
            }
            NodeAction::Free => {
                self.retired.retain(|(retired, _)| *retired != address);
                self.freed.push(address);
                format!("frees {node}")
            }
            NodeAction::Touch if self.freed.contains(&address) => {
                format!("touches {node}, which is freed")
            }
            NodeAction::Touch => format!("touches {node}"),
        }
    }

    /// The name of a node.
    fn node(&self, address: u64) -> String {
        let node = self.nodes.get(&address).and_then(|group| self.groups[*group].node.as_ref());
        node.map_or_else(|| "a node".into(), |(_, name)| name.clone())
    }

    /// The threads that hold these guards, in the order in which they took them.
    fn holders(&self, guards: &[u64], threads: &[String]) -> Vec<String> {
        let holders = self.guards.iter().filter(|(guard, _)| guards.contains(guard));
        holders.map(|(_, thread)| threads[*thread].clone()).collect()
    }

    /// All that can be known after a step.
    pub(super) fn state(&mut self, threads: &[String]) -> State {
        let mut state = State {
            guards: self.guards.iter().map(|(_, thread)| threads[*thread].clone()).collect(),
            ..State::default()
        };
        for (address, kept_by) in &self.retired {
            let kept_by = self.holders(kept_by, threads);
            state.retired.push(Retired { node: self.node(*address), kept_by });
        }
        state.freed = self.freed.iter().map(|address| self.node(*address)).collect();
        let mut rings: Vec<(usize, RingState)> = Vec::new();
        for place in 0..self.locations.len() {
            let Location { base, group, name, is_accessed, values, .. } = &self.locations[place];
            let Some((_, value)) = values.last().copied() else { continue };
            let (base, group, name, is_accessed) = (base.clone(), *group, name.clone(), *is_accessed);
            if base == TAIL {
                state.chains.push(self.chain(value));
            } else if self.groups[group].is_ring && [WORD, FLAG, NEXT, PREV].contains(&base.as_str()) {
                let node = self.groups[group].node.as_ref();
                let node = node.map_or_else(|| RING.into(), |(_, name)| name.clone());
                // The rings that were freed are no longer there.
                if state.freed.contains(&node) {
                    continue;
                }
                let shown = self.show(place, value);
                if rings.last().is_none_or(|(last, _)| *last != group) {
                    rings.push((group, RingState { name: node, ..RingState::default() }));
                }
                let ring = &mut rings.last_mut().expect("one has just been added").1;
                match base.as_str() {
                    WORD => ring.word = Some(shown),
                    FLAG => ring.slots.push(shown),
                    NEXT => ring.next = Some(shown),
                    _ => ring.prev = Some(shown),
                }
            } else if is_accessed {
                state.others.push((name, self.show(place, value)));
            }
        }
        state.rings = rings.into_iter().map(|(_, ring)| ring).collect();
        state
    }

    /// The rings of a chain, from its tail on.
    fn chain(&self, mut address: u64) -> Vec<String> {
        let mut chain = Vec::new();
        while let Some(group) = self.nodes.get(&address).copied() {
            let is_freed = self.freed.contains(&address);
            chain.push(format!("{}{}", self.node(address), if is_freed { " (freed)" } else { "" }));
            let mut of_the_ring = self.locations.iter().filter(|location| location.group == group);
            let next = of_the_ring.find(|location| location.base == NEXT);
            let next = next.and_then(|next| next.values.last()).map_or(0, |(_, next)| *next);
            // A faulty chain may be a circle.
            if chain.len() > self.nodes.len() {
                break;
            }
            address = next;
        }
        chain
    }

    /// A value as its location holds it. Addresses other than of nodes are numbered as they appear.
    fn show(&mut self, place: usize, value: u64) -> String {
        let Location { base, type_name, .. } = &self.locations[place];
        match *type_name {
            "bool" if base.contains("flag") => if value == 0 { "clear" } else { "set" }.into(),
            "u64" if base == WORD => format!("({}, {})", value >> 32, value & u64::from(u32::MAX)),
            pointer if pointer.starts_with('*') && value == 0 => "null".into(),
            pointer if pointer.starts_with('*') => {
                if self.nodes.contains_key(&value) {
                    return self.node(value);
                }
                let next = self.addresses.len() + 1;
                format!("#{}", self.addresses.entry(value).or_insert(next))
            }
            _ => value.to_string(),
        }
    }
}

impl Location {
    /// Which step wrote the value that is read. Of several that wrote the same, the last one.
    fn origin(&self, value: u64) -> String {
        let from = |step: &Option<usize>| match step {
            Some(step) => format!("the value from step {step}"),
            None => "the first value".into(),
        };
        match self.values.iter().rev().find(|(_, written)| *written == value) {
            Some((step, _)) if self.values.last().is_some_and(|(_, last)| *last == value) => from(step),
            Some((step, _)) => format!("{}: STALE, there is a later one", from(step)),
            None => String::new(),
        }
    }
}

/// The place of a location in a list: locations are numbered from 0.
fn index(location: u64) -> usize {
    usize::try_from(location).expect("an execution has few locations")
}

/// A to Z, then A1 to Z1, and so on.
fn letters(count: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(count % 26).expect("it is less than 26"));
    let round = count / 26;
    if round == 0 { letter.into() } else { format!("{letter}{round}") }
}

/// What a site's operation is on: the word, in "load of the word".
fn noun(operation: &str) -> String {
    let object = ["success of the ", "failure of the "]
        .iter()
        .fold(operation, |rest, start| rest.strip_prefix(start).unwrap_or(rest));
    let object = [" on ", "load of ", "store to "].iter().find_map(|verb| object.split_once(verb));
    let object = object.map_or(operation, |(_, object)| object);
    let articles = ["the ", "an ", "a "];
    articles.iter().find_map(|article| object.strip_prefix(article)).unwrap_or(object).into()
}

/// The last part of a type's path, without its generics.
fn short(type_name: &str) -> &str {
    type_name.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(type_name)
}

/// A cell by the type of its content.
fn cell_name(type_name: &str) -> String {
    match short(type_name) {
        "MaybeUninit" => VALUE.into(),
        "ProducerSide" => "producer's side".into(),
        other => other.into(),
    }
}

/// A node by the type of its content.
fn kind_of(type_name: &str) -> &'static str {
    match short(type_name) {
        "Ring" => RING,
        "Block" => "block",
        _ => "entry",
    }
}
