//! How Go prints numbers.
