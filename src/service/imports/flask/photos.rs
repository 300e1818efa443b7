//! The photos of people, from the folder into which the app put them; no name leads out of it.

use std::path::{Component, Path, PathBuf};

use super::Flask;
use crate::{
    error::Code,
    model::UserId,
    service::{
        imports::{ImportError, disk, text},
        profile,
    },
};

/// The most characters of a photo's name that is told.
const SHOWN: usize = 100;

impl Flask<'_> {
    /// Gives somebody the photo of this name; says whether there is one that can be shown.
    pub(super) async fn photo(
        &mut self,
        id: UserId,
        person: &str,
        named: &str,
    ) -> Result<bool, ImportError> {
        if is_default(named) {
            return Ok(false);
        }
        let Some(folder) = self.wanted.uploads.clone() else {
            self.import.report.photos_left += 1;
            return Ok(false);
        };
        let ctx = self.import.ctx;
        let most = u64::try_from(ctx.settings.limits.photo_bytes).unwrap_or(u64::MAX);
        let name = named.to_owned();
        let read = move || {
            let path = place(&folder, &name)?;
            let file = path.file_name().unwrap_or_default();
            let file = file.to_string_lossy().into_owned();
            Ok((disk::read(&path, most, "--photo-bytes")?, file))
        };
        let kept = match ctx.disk.run(read).await {
            Err(problem) => Err(problem),
            Ok((bytes, file)) => {
                let kept = if self.import.how.dry {
                    profile::check_photo(ctx, bytes, file).await
                } else {
                    profile::bring_photo(ctx, id, bytes, file).await
                };
                match kept {
                    Err(error) if error.code == Code::Unavailable => return Err(error.into()),
                    kept => kept.map_err(|error| error.message),
                }
            }
        };
        match kept {
            Ok(()) => {
                self.import.report.photos += 1;
                Ok(true)
            }
            Err(problem) => {
                let named = text::one_line(named, SHOWN);
                let problem = format!("{person} comes without the photo \"{named}\": {problem}");
                self.import.report.warn(problem);
                Ok(false)
            }
        }
    }
}

/// Whether it is what the app shows of people without a photo: Parlor shows their initials.
fn is_default(named: &str) -> bool {
    let name = named.rsplit(['/', '\\']).next().unwrap_or_default();
    name.to_lowercase().starts_with("default")
}

/// Where the photo of this name lies: apps write the name alone, or with some of the folders before it.
fn place(folder: &Path, named: &str) -> Result<PathBuf, String> {
    let missing = || "it is not in the folder".to_owned();
    let folder = folder.canonicalize().map_err(|error| error.to_string())?;
    let path = named.replace('\\', "/");
    let mut parts = Vec::new();
    for part in Path::new(&path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_owned()),
            Component::ParentDir => return Err("its name leads out of the folder".to_owned()),
            _ => {}
        }
    }
    for first in 0..parts.len() {
        let path: PathBuf = parts[first..].iter().collect();
        let Ok(found) = folder.join(path).canonicalize() else {
            continue;
        };
        if !found.starts_with(&folder) {
            return Err("it is a link that leads out of the folder".to_owned());
        }
        if found.is_file() {
            return Ok(found);
        }
    }
    Err(missing())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_photo_is_found_by_its_name_or_its_path_and_nowhere_else() {
        let around = tempfile::tempdir().expect("a folder");
        let folder = around.path().join("uploads");
        fs::create_dir_all(folder.join("thumbs")).expect("folders");
        fs::write(around.path().join("secret.png"), "s").expect("written");
        fs::write(folder.join("a b.png"), "a").expect("written");
        fs::write(folder.join("thumbs/t.png"), "t").expect("written");
        let found = |named: &str| place(&folder, named).map(|path| fs::read(path).expect("a file"));
        for (named, content) in [
            ("a b.png", "a"),
            ("/static/uploads/a b.png", "a"),
            ("static\\uploads\\a b.png", "a"),
            ("./a b.png", "a"),
            ("uploads/thumbs/t.png", "t"),
        ] {
            assert_eq!(found(named), Ok(content.into()), "{named}");
        }
        for named in [
            "../secret.png",
            "..\\secret.png",
            "thumbs/../../secret.png",
            "secret.png",
            "/etc/passwd",
            "thumbs",
            "",
            "/",
            "a\0b.png",
        ] {
            assert!(found(named).is_err(), "{named:?}");
        }
        let whole = around.path().join("secret.png").display().to_string();
        assert!(found(&whole).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let around = tempfile::tempdir().expect("a folder");
        let folder = around.path().join("uploads");
        fs::create_dir(&folder).expect("a folder");
        fs::write(around.path().join("secret.png"), "s").expect("written");
        std::os::unix::fs::symlink("../secret.png", folder.join("me.png")).expect("a link");
        let refused = place(&folder, "me.png").expect_err("a refusal");
        assert!(refused.contains("leads out"), "{refused}");
    }

    #[test]
    fn what_stands_for_no_photo_is_none() {
        assert!(is_default("default.jpg") && is_default("static/img/Default-avatar.png"));
        assert!(!is_default("anna.png"));
    }
}
