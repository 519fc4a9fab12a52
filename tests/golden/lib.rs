//! Generated code as people review it: one folder for each hazard, with the smallest contract that shows
//! it and what is generated from that. The tests are in `golden.rs`.
