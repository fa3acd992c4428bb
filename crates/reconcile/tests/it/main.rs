//! Reconciliation on corridors written by hand and on generated ones.

mod cases;
mod corridor;
mod properties;
mod render;
