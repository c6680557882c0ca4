//! Keys, sealed values, the gate and disclosure.

pub mod policy;
