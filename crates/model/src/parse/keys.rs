//! Every key that a definition may have; what is not here is an error.
