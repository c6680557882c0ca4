//! Believable demo data.
