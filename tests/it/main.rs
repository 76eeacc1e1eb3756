//! The one integration test binary: a module a subject.

mod census;
mod check;
mod copies;
mod crash;
mod desk;
mod figures;
mod gold;
mod growth;
mod hostile;
mod in_step;
mod limits;
mod locks;
mod mutated;
mod oracle;
mod outputs;
mod pages;
mod queries;
mod ranking;
mod read;
mod readable;
mod readme;
mod sound;
mod tidy;
mod transcripts;
mod watch;
