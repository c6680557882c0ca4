//! Lists that definitions name instead of writing them out.
