//! Answers once found, bounded, found again without building a key.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, PoisonError, RwLock},
};

/// Answers kept per generation; at most twice as many are kept in all.
const GENERATION: usize = 4_096;

/// A map of two generations: when the young one is full it becomes the old one, and what was asked of the old one since
/// has moved to the young. What nobody asks for any more is forgotten after two turns.
pub(super) struct Cache<K, V> {
    hasher: RandomState,
    maps: RwLock<Maps<K, V>>,
}

struct Maps<K, V> {
    young: HashMap<u64, Vec<(K, Arc<V>)>>,
    old: HashMap<u64, Vec<(K, Arc<V>)>>,
}

/// What stands for a key when looking it up.
pub(super) trait Like<K>: Hash {
    fn is(&self, key: &K) -> bool;
    fn key(&self) -> K;
}

impl<K, V> Cache<K, V> {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), maps: RwLock::new(Maps { young: HashMap::new(), old: HashMap::new() }) }
    }

    /// The answer kept, or the one `find` finds; two who ask at once may both find it.
    pub(super) fn get(&self, like: &impl Like<K>, find: impl FnOnce() -> V) -> Arc<V> {
        let hash = self.hasher.hash_one(like);
        let kept = |map: &HashMap<u64, Vec<(K, Arc<V>)>>| {
            map.get(&hash)?.iter().find(|(key, _)| like.is(key)).map(|(_, value)| Arc::clone(value))
        };
        let old = {
            let maps = self.maps.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(value) = kept(&maps.young) {
                return value;
            }
            kept(&maps.old)
        };
        let value = old.unwrap_or_else(|| Arc::new(find()));
        let mut maps = self.maps.write().unwrap_or_else(PoisonError::into_inner);
        if maps.young.len() >= GENERATION {
            maps.old = std::mem::take(&mut maps.young);
        }
        let bucket = maps.young.entry(hash).or_default();
        if !bucket.iter().any(|(key, _)| like.is(key)) {
            bucket.push((like.key(), Arc::clone(&value)));
        }
        value
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        let maps = self.maps.read().unwrap_or_else(PoisonError::into_inner);
        maps.young.len() + maps.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Like<u32> for u32 {
        fn is(&self, key: &u32) -> bool {
            self == key
        }
        fn key(&self) -> u32 {
            *self
        }
    }

    #[test]
    fn keeps_what_is_asked_for_and_stays_bounded() {
        let cache = Cache::new();
        for n in 0..50_000u32 {
            assert_eq!(*cache.get(&n, || n * 2), n * 2);
            assert_eq!(*cache.get(&7u32, || if n == 0 { 14 } else { 0 }), 14, "asked for all the time, never lost");
        }
        assert!(cache.len() <= 2 * GENERATION);
    }
}
