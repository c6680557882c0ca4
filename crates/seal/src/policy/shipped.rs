//! The roles and house rules that Custos ships, built into the binary.

/// `policies/roles.toml`: the seeded matrix, which an administrator then edits.
pub const ROLES: &str = include_str!("../../../../policies/roles.toml");

/// `policies/house.cedar`: the rules that hold whatever role somebody has.
pub const HOUSE: &str = include_str!("../../../../policies/house.cedar");
