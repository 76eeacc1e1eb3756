//! The `onrecord` command: hands the arguments to [`onrecord::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    onrecord::cli::run()
}
