//! A phone.
