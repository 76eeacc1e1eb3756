//! The one integration test binary: a module a subject.

mod census;
mod check;
mod copies;
mod crash;
mod desk;
mod figures;
mod gold;
mod hostile;
mod in_step;
mod interrupts;
mod limits;
mod mutated;
mod oracle;
mod outputs;
mod pages;
mod queries;
mod ranking;
mod read;
mod readable;
mod readme;
mod scores;
mod sound;
mod tidy;
mod transcripts;
