//! What the benches of Parlor's parts share.

pub mod seed;
