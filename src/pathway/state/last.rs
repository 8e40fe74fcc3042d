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

    /// Those that came since an earlier state of the list, the newest first.
    pub fn since(&self, before: &Self) -> impl Iterator<Item = &Arc<T>> {
        let known = before.iter().next_back();
        self.iter().rev().take_while(move |one| known.is_none_or(|known| !Arc::ptr_eq(one, known)))
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
