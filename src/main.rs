//! The program: everything is in the library, which tests can reach.

use std::process::ExitCode;

fn main() -> ExitCode {
    parlor::cli::main()
}
