//! What Custos does: records, people, bases, sign-in, import, retention, jobs.

pub mod import;
