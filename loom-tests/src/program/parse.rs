//! A program from its name.

use std::iter::Peekable;
use std::str::{Chars, FromStr};

use super::{End, OwnerStep, Program, Start, Structure, ThiefStep};

impl FromStr for Program {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut parts = name.split('/');
        let (structure, start) = deque(parts.next().unwrap_or_default())?;
        let owner = owner(parts.next().ok_or("the owner's operations are missing, as in ring2/++-/s")?)?;
        let thieves = parts.next().unwrap_or_default();
        let thieves =
            thieves.split(',').filter(|thief| !thief.is_empty()).map(thief).collect::<Result<_, _>>()?;
        let end = match parts.next() {
            None => End::Pop,
            Some("fifo") => End::Steal,
            Some("drop") => End::Drop,
            Some("scatter") => End::Scatter,
            Some(other) => return Err(format!("`{other}` is no end: fifo, drop or scatter")),
        };
        if let Some(rest) = parts.next() {
            return Err(format!("`{rest}` is one part too many"));
        }
        let program = Self { structure, start, owner, thieves, end };
        program.check()?;
        Ok(program)
    }
}

impl Program {
    /// What would make no sense.
    fn check(&self) -> Result<(), String> {
        let Start { capacity, wrap, holds } = self.start;
        if !capacity.is_power_of_two() {
            return Err(format!("{capacity} slots: the capacity is a power of two"));
        }
        if wrap && !self.structure.can_wrap() {
            return Err("only a ring can start below the wrap, and bounded in a model".into());
        }
        if self.structure.is_bounded() && holds > capacity {
            return Err(format!("{capacity} slots do not hold {holds} values"));
        }
        if self.has_batch() && !self.structure.has_batches() {
            return Err("only bounded and unbounded have batches".into());
        }
        let crashes = |step: &ThiefStep| matches!(step, ThiefStep::Crash(_));
        if self.thieves.iter().any(|thief| thief.iter().rev().skip(1).any(crashes)) {
            return Err("a thief does nothing after its crash".into());
        }
        if self.end != End::Pop && self.thieves.iter().flatten().any(crashes) {
            return Err("with a crashed thief the owner pops what is left".into());
        }
        if self.owner.contains(&OwnerStep::Shrink) && self.structure != Structure::Unbounded {
            return Err("only unbounded can shrink".into());
        }
        let learns =
            |step: &OwnerStep| matches!(step, OwnerStep::PushWasEmpty | OwnerStep::Len | OwnerStep::IsEmpty);
        let counts = |step: &ThiefStep| matches!(step, ThiefStep::Len | ThiefStep::IsEmpty);
        let answers = self.owner.iter().any(learns) || self.thieves.iter().flatten().any(counts);
        if answers && !self.structure.has_batches() {
            return Err("only bounded and unbounded can be counted".into());
        }
        self.check_sleepers()
    }

    /// Whether all that sleep are woken in time, if the deque keeps its promise.
    fn check_sleepers(&self) -> Result<(), String> {
        let sleeps = |step: &&ThiefStep| matches!(step, ThiefStep::Sleep);
        let steps = || self.thieves.iter().flatten();
        let asleep = steps().filter(sleeps).count();
        if asleep == 0 {
            return Ok(());
        }
        let only_wakes = |step: &OwnerStep| {
            matches!(step, OwnerStep::PushWasEmpty | OwnerStep::Pin | OwnerStep::Len | OwnerStep::IsEmpty)
        };
        let only_sleeps =
            |step: &ThiefStep| matches!(step, ThiefStep::Sleep | ThiefStep::Len | ThiefStep::IsEmpty);
        if !self.owner.iter().all(only_wakes) || !steps().all(only_sleeps) {
            return Err("beside a thief that sleeps every value is pushed by `w` and taken by `z`".into());
        }
        let wakes = self.owner.iter().filter(|step| matches!(step, OwnerStep::PushWasEmpty)).count();
        let values = usize::from(self.start.holds) + wakes;
        if values < asleep {
            return Err(format!("{asleep} sleepers and {values} values: one of them sleeps for good"));
        }
        if self.structure.is_bounded() && values > self.start.capacity.into() {
            return Err("a push that wakes must find room".into());
        }
        Ok(())
    }
}

fn deque(text: &str) -> Result<(Structure, Start), String> {
    let mut parts = text.split('-');
    let name = parts.next().unwrap_or_default();
    let digits =
        name.find(|c: char| c.is_ascii_digit()).ok_or("the deque's capacity is missing, as in ring2")?;
    let structure = match &name[..digits] {
        "ring" => Structure::Ring,
        "chain" => Structure::Chain,
        "bounded" => Structure::Bounded,
        "unbounded" => Structure::Unbounded,
        other => return Err(format!("`{other}` is no deque: ring, chain, bounded or unbounded")),
    };
    let mut start = Start { capacity: number(&name[digits..])?, wrap: false, holds: 0 };
    for part in parts {
        match part.strip_prefix("holds") {
            Some(holds) => start.holds = number(holds)?,
            None if part == "wrap" => start.wrap = true,
            None => return Err(format!("`{part}` is no start: wrap or holds1")),
        }
    }
    Ok((structure, start))
}

fn number(text: &str) -> Result<u8, String> {
    text.parse().map_err(|_| format!("`{text}` is no small number"))
}

/// The number that follows an operation's letter, if one does.
fn count(chars: &mut Peekable<Chars<'_>>) -> Result<Option<u8>, String> {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    if digits.is_empty() { Ok(None) } else { number(&digits).map(Some) }
}

fn owner(text: &str) -> Result<Vec<OwnerStep>, String> {
    let mut chars = text.chars().peekable();
    let mut steps = Vec::new();
    while let Some(letter) = chars.next() {
        steps.push(match (letter, count(&mut chars)?) {
            ('+', None) => OwnerStep::Push,
            ('+', Some(count)) => OwnerStep::PushBatch(count),
            ('-', None) => OwnerStep::Pop,
            ('-', Some(max)) => OwnerStep::PopBatch(max),
            ('s', None) => OwnerStep::Steal,
            ('v', None) => OwnerStep::Shrink,
            ('w', None) => OwnerStep::PushWasEmpty,
            ('r', None) => OwnerStep::PushIfRoom,
            ('l', None) => OwnerStep::Len,
            ('e', None) => OwnerStep::IsEmpty,
            ('p', None) => OwnerStep::Pin,
            _ => return Err(format!("`{text}`: the owner has + - s +2 -2 v w r l e p")),
        });
    }
    Ok(steps)
}

fn thief(text: &str) -> Result<Vec<ThiefStep>, String> {
    let mut chars = text.chars().peekable();
    let mut steps = Vec::new();
    while let Some(letter) = chars.next() {
        steps.push(match (letter, count(&mut chars)?) {
            ('s', None) => ThiefStep::Steal,
            ('s', Some(max)) => ThiefStep::StealBatch(max),
            ('i', Some(max)) => ThiefStep::StealInto(max),
            ('k', Some(limit)) => ThiefStep::StealHalf(limit),
            ('h', Some(max)) => ThiefStep::Hold(max),
            ('f', Some(max)) => ThiefStep::Crash(max),
            ('c', None) => ThiefStep::Collect,
            ('z', None) => ThiefStep::Sleep,
            ('l', None) => ThiefStep::Len,
            ('e', None) => ThiefStep::IsEmpty,
            _ => return Err(format!("`{text}`: a thief has s s2 i2 k2 h2 f2 c z l e")),
        });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_it_all() {
        for name in [
            "ring2-wrap-holds1/++-/ss,s",
            "chain1//s",
            "chain1/+s/s",
            "ring1/+/",
            "bounded4-holds2/+2-2/s2i3,h1,f2",
            "unbounded1/+v/s/scatter",
            "unbounded1/pww/zz",
            "bounded2/wle/zel",
            "bounded2/r/k2",
            "chain1-holds3/--/ssccc",
            "ring2/+/s/fifo",
            "chain1/+/s/drop",
        ] {
            assert_eq!(name.parse::<Program>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        for (name, reason) in [
            ("ring2", "owner's operations"),
            ("ring/+", "capacity"),
            ("ring3/+", "power of two"),
            ("deque2/+", "is no deque"),
            ("ring2-holds3/+", "do not hold"),
            ("ring2/+2", "have batches"),
            ("ring2/+/s2", "have batches"),
            ("chain1/v", "can shrink"),
            ("chain1/w", "can be counted"),
            ("ring1/+/l", "can be counted"),
            ("unbounded1/+/z", "pushed by `w`"),
            ("unbounded1/ww/z,s", "pushed by `w`"),
            ("unbounded1/w/zz", "sleeps for good"),
            ("bounded1/ww/zz", "must find room"),
            ("bounded2/+/f1s", "after its crash"),
            ("bounded2/+/f1/drop", "crashed thief"),
            ("chain1-wrap/+", "below the wrap"),
            ("ring2/x", "the owner has"),
            ("ring2/+/i", "a thief has"),
            ("ring2/+/s/later", "is no end"),
            ("ring2/+/s/drop/x", "too many"),
            ("ring2-full/+", "is no start"),
        ] {
            let refusal = name.parse::<Program>().unwrap_err();
            assert!(refusal.contains(reason), "{name}: {refusal}");
        }
    }
}
