//! The last things of a kind, in the order in which they came. A state is copied at each step and a step adds
//! one or two: most of the list is shared with the state before, and only its newest part is copied.

use std::sync::Arc;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

/// So many are kept of all that ever came; the others stay in the record.
const KEPT: usize = 60;

/// So many come before they are put to the older ones, and what is not kept is let go.
const NEWER_MAX: usize = 12;

/// The last things of a kind.
#[derive(Debug, Clone)]
pub struct Last<T> {
    older: Arc<[Arc<T>]>,
    newer: Vec<Arc<T>>,
}

impl<T> Last<T> {
    /// All of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> {
        let forgotten = (self.older.len() + self.newer.len()).saturating_sub(KEPT);
        self.older.get(forgotten..).unwrap_or_default().iter().chain(&self.newer)
    }

    /// Adds the newest.
    pub(super) fn push(&mut self, one: Arc<T>) {
        self.newer.push(one);
        if self.newer.len() == NEWER_MAX {
            *self = self.iter().cloned().collect();
        }
    }

    /// Takes out what fits.
    pub(super) fn take_out(&mut self, fits: impl Fn(&T) -> bool) {
        if self.iter().any(|one| fits(one)) {
            *self = self.iter().filter(|one| !fits(one)).cloned().collect();
        }
    }
}

impl<T: Clone> Last<T> {
    /// Changes the ones that fit, in their places.
    pub(super) fn change(&mut self, fits: impl Fn(&T) -> bool, change: impl Fn(&mut T)) {
        let changed = |one: &Arc<T>| {
            let mut one = one.clone();
            if fits(&one) {
                change(Arc::make_mut(&mut one));
            }
            one
        };
        *self = self.iter().map(changed).collect();
    }
}

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self { older: Arc::default(), newer: Vec::new() }
    }
}

impl<T: PartialEq> PartialEq for Last<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T> FromIterator<Arc<T>> for Last<T> {
    fn from_iter<I: IntoIterator<Item = Arc<T>>>(all: I) -> Self {
        Self { older: all.into_iter().collect(), newer: Vec::new() }
    }
}

impl<T: Serialize> Serialize for Last<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Last<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Arc<T>>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(all: &Last<usize>) -> Vec<usize> {
        all.iter().map(|one| **one).collect()
    }

    #[test]
    fn the_last_ones_are_kept_in_their_order_whenever_the_list_was_stored_and_read_between() {
        let (mut kept, mut stored) = (Last::default(), Last::default());
        for number in 0..3 * KEPT {
            kept.push(Arc::new(number));
            stored.push(Arc::new(number));
            if number % 7 == 0 {
                stored = serde_json::from_value(serde_json::to_value(&stored).unwrap()).unwrap();
            }
            assert_eq!(kept, stored);
            assert_eq!(numbers(&kept), ((number + 1).saturating_sub(KEPT)..=number).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_copy_does_not_change_with_its_original() {
        let mut all: Last<usize> = (0..5).map(Arc::new).collect();
        let before = all.clone();
        (5..5 + 2 * NEWER_MAX).for_each(|number| all.push(Arc::new(number)));
        assert_eq!(numbers(&before), [0, 1, 2, 3, 4]);
        assert_eq!(numbers(&all), (0..5 + 2 * NEWER_MAX).collect::<Vec<_>>());
    }

    #[test]
    fn one_is_changed_in_its_place_or_taken_out_and_what_was_forgotten_stays_so() {
        let mut all = Last::default();
        (0..KEPT + 5).for_each(|number| all.push(Arc::new(number)));
        all.change(|one| *one == 20, |one| *one = 1_000);
        assert_eq!(numbers(&all).get(15), Some(&1_000));
        all.take_out(|one| *one == 1_000);
        assert_eq!(numbers(&all).len(), KEPT - 1);
        assert_eq!(numbers(&all).first(), Some(&5), "nothing comes back");
    }
}
