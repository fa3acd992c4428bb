//! Properties over generated corridors.
