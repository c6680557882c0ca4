//! The harness of every test: a whole installation in milliseconds, a clock it moves, chance it repeats.
//!
//! The same story runs on SQLite and on PostgreSQL ([`both`]). PostgreSQL is reached at `CUSTOS_TEST_POSTGRES`
//! (`tools/postgres` starts one); a test that needs it fails without it, and never skips.
#![expect(clippy::expect_used, clippy::panic, reason = "a harness fails the test that uses it")]

mod binary;
mod chance;
mod house;
mod pages;
mod raw;

pub use binary::{Answer, Client, Custos};
pub use chance::{Seeded, TestClock};
pub use house::{PASSWORD, TestHouse, basis, both, entries, field, shared_data};
pub use pages::{Browser, Reply, set};
pub use raw::Raw;
