//! The program: everything is in the library, which tests can reach.

use std::process::ExitCode;

/// Gives memory back to the system soon after many clients have left, which the C library's allocator does not.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    parlor::cli::main()
}
