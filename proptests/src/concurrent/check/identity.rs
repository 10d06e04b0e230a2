//! No value is lost, doubled or invented.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::concurrent::history::{Deed, History};
use crate::item::Id;

/// Every value that was pushed was dropped once: by the thread that popped or stole it, or with its deque.
pub(super) fn each_value_ends_once(history: &History) -> Result<()> {
    let mut balance: BTreeMap<Id, i64> = BTreeMap::new();
    for (_, event) in history.events() {
        match &event.deed {
            Deed::Pushed { ids, .. } => ids.iter().for_each(|&id| *balance.entry(id).or_default() += 1),
            Deed::Popped { ids, .. } | Deed::Stole { ids, .. } => {
                ids.iter().for_each(|&id| *balance.entry(id).or_default() -= 1);
            }
            Deed::Moved { .. } | Deed::SawLength(_) | Deed::SawEmpty(_) => {}
        }
    }
    for &id in history.left.iter().flatten() {
        *balance.entry(id).or_default() -= 1;
    }
    let unbalanced = |side: fn(i64) -> bool| -> Vec<Id> {
        balance.iter().filter(|&(_, &balance)| side(balance)).map(|(&id, _)| id).collect()
    };
    let (lost, surplus) = (unbalanced(|balance| balance > 0), unbalanced(|balance| balance < 0));
    ensure!(lost.is_empty() && surplus.is_empty(), "lost: {lost:x?}, doubled or invented: {surplus:x?}");
    Ok(())
}
