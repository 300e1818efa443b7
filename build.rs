//! Makes sure that the web client has been built before it is put into the binary.

use std::{io, io::Write, path::Path};

fn main() -> io::Result<()> {
    let mut cargo = io::stdout();
    writeln!(cargo, "cargo::rerun-if-changed=build.rs")?;
    writeln!(cargo, "cargo::rerun-if-changed=web/dist")?;
    if !Path::new("web/dist/main.js").exists() {
        writeln!(
            cargo,
            "cargo::error=web/dist/main.js is missing: run `make web` first"
        )?;
    }
    Ok(())
}
