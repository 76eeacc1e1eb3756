//! The one integration test binary: a module a subject.

mod crash;
mod desk;
mod figures;
mod in_step;
mod limits;
mod oracle;
mod pages;
mod queries;
mod ranking;
mod read;
mod readme;
mod tidy;
mod transcripts;
