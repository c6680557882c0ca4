//! Who works at the demo company.

/// A node of the tree of teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    /// Its name.
    pub name: &'static str,
    /// The team above, a place in [`TEAMS`].
    pub parent: Option<usize>,
}

/// Somebody who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The name as colleagues say it.
    pub name: &'static str,
    /// The address to sign in with.
    pub email: &'static str,
    /// The role.
    pub role: &'static str,
    /// The team, a place in [`TEAMS`].
    pub team: usize,
    /// The language of the interface.
    pub language: &'static str,
}

/// The teams, each after the one above it.
pub const TEAMS: [Team; 8] = [
    Team { name: "Sales", parent: None },
    Team { name: "Sales APAC", parent: Some(0) },
    Team { name: "Sales EMEA", parent: Some(0) },
    Team { name: "Sales Americas", parent: Some(0) },
    Team { name: "Quality", parent: None },
    Team { name: "Marketing", parent: None },
    Team { name: "Privacy", parent: None },
    Team { name: "Operations", parent: None },
];

const fn user(
    name: &'static str,
    email: &'static str,
    role: &'static str,
    team: usize,
    language: &'static str,
) -> User {
    User { name, email, role, team, language }
}

/// The users: every role at least once.
pub const USERS: [User; 12] = [
    user("Li Na", "li.na@custos.example", "sales", 1, "zh"),
    user("Chen Wei", "chen.wei@custos.example", "sales", 1, "zh"),
    user("Jonas Weber", "jonas.weber@custos.example", "sales", 2, "en"),
    user("Marie Laurent", "marie.laurent@custos.example", "sales", 2, "en"),
    user("Emma Clark", "emma.clark@custos.example", "sales", 3, "en"),
    user("Luis Garcia", "luis.garcia@custos.example", "sales", 3, "en"),
    user("Katrin Vogel", "katrin.vogel@custos.example", "sales_manager", 0, "en"),
    user("Zhao Qiang", "zhao.qiang@custos.example", "quality", 4, "zh"),
    user("Sofia Rossi", "sofia.rossi@custos.example", "marketing", 5, "en"),
    user("Anke Brandt", "anke.brandt@custos.example", "dpo", 6, "en"),
    user("Paul Meyer", "paul.meyer@custos.example", "auditor", 6, "en"),
    user("Sam Okafor", "sam.okafor@custos.example", "administrator", 7, "en"),
];

/// The sales people of a region, places in [`USERS`].
pub(super) fn sales(country: &str) -> [usize; 2] {
    match country {
        "CN" | "JP" => [0, 1],
        "US" => [4, 5],
        _ => [2, 3],
    }
}
