//! `docs/orderings.md`, generated from the sites and tested to be current.
