//! Files beside what is imported.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// The whole file; why not, if it cannot be read or has more bytes than `setting` takes.
pub(super) fn read(path: &Path, most: u64, setting: &str) -> Result<Vec<u8>, String> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(format!(
            "it has more than {most} bytes, the most that {setting} takes"
        ));
    }
    Ok(bytes)
}
