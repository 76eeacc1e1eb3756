//! The one integration test binary: a module a subject.

mod crash;
mod desk;
mod in_step;
mod limits;
mod pages;
mod ranking;
mod read;
mod readme;
mod tidy;
mod transcripts;
