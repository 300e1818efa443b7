//! A zip archive that is written as a stream: what is put in comes out packed, piece by piece, and no more of it is held
//! than one piece.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// Packed bytes that were not taken yet.
#[derive(Debug, Clone, Default)]
struct Packed(Arc<Mutex<Vec<u8>>>);

impl Packed {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut packed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        packed.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive that is being written.
pub struct Packer {
    zip: ZipWriter<StreamWriter<Packed>>,
    packed: Packed,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl Default for Packer {
    fn default() -> Self {
        let packed = Packed::default();
        Self {
            zip: ZipWriter::new_stream(packed.clone()),
            packed,
        }
    }
}

impl Packer {
    /// Begins the next entry. `small` asks for compression, which files that are packed already do not need. An entry may
    /// have more than 4 GiB (zip64).
    ///
    /// # Errors
    /// When there is one of this name already, or the name is too long.
    pub fn begin(&mut self, name: &str, small: bool) -> io::Result<()> {
        let method = if small {
            CompressionMethod::Deflated
        } else {
            CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(true)
            .unix_permissions(0o600);
        Ok(self.zip.start_file(name, options)?)
    }

    /// Puts more into the entry that was begun last.
    ///
    /// # Errors
    /// When there is none.
    pub fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)
    }

    /// The bytes that are packed so far, and were not taken before; may be none.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        self.packed.take()
    }

    /// Ends the archive; answers with its last bytes.
    ///
    /// # Errors
    /// When there are more entries than a zip can have.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.zip.finish()?;
        Ok(self.packed.take())
    }
}

#[cfg(test)]
mod tests {
    use super::Packer;
    use crate::archive::Archive;

    #[test]
    fn what_is_packed_piece_by_piece_is_read_again() {
        let mut packer = Packer::default();
        let mut whole = Vec::new();
        packer.begin("a.json", true).expect("begun");
        for _ in 0..1_000 {
            packer.put(b"the same again, ").expect("put");
            whole.extend(packer.take());
        }
        packer.begin("files/b.bin", false).expect("begun");
        packer.put(&[7; 100]).expect("put");
        whole.extend(packer.take());
        whole.extend(packer.finish().expect("finished"));
        assert!(whole.len() < 2_000, "{} bytes", whole.len());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zip");
        std::fs::write(&path, whole).expect("written");
        let mut archive = Archive::open(&path).expect("opened");
        let text = archive.read("a.json", 1 << 20).expect("read");
        assert_eq!(text.map(|text| text.len()), Some(16_000));
        let file = archive.read("files/b.bin", 1 << 20).expect("read");
        assert_eq!(file, Some(vec![7; 100]));
    }
}
