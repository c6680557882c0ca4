//! Time is handed in, never read from the machine.

use jiff::Timestamp;

/// Tells the time; `cli` passes the system's, tests one that they move.
pub trait Clock: Send + Sync {
    /// The present instant (UTC).
    fn now(&self) -> Timestamp;
}

/// The stored form of an instant: microseconds since 1970-01-01T00:00:00Z.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant of a stored value; values outside jiff's range (years -9999 to 9999) are clamped to it.
pub fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
