//! The rules of certificates, with real files in folders of their own.

use std::path::Path;

use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

fn server_config(
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Arc<ServerConfig>, SettingError> {
    Certificate::load(settings, now).map(|certificate| certificate.config())
}

fn settings(data_dir: &Path) -> Settings {
    Settings {
        data_dir: data_dir.to_owned(),
        ..Settings::default()
    }
}

fn given(data_dir: &Path, cert: &Path, key: &Path) -> Settings {
    Settings {
        cert: Some(cert.to_owned()),
        key: Some(key.to_owned()),
        ..settings(data_dir)
    }
}

/// A pair that Parlor did not make, valid until `ends`.
fn foreign_pair(folder: &Path, ends: OffsetDateTime) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["chat.example.org".to_owned()]).unwrap();
    params.not_before = ends - Duration::days(90);
    params.not_after = ends;
    fs::create_dir_all(folder).unwrap();
    let (cert_path, key_path) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::write(&cert_path, params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&key_path, key.serialize_pem()).unwrap();
    (cert_path, key_path)
}

fn contents(paths: &[&Path]) -> Vec<Vec<u8>> {
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn refused(settings: &Settings) -> String {
    let line = server_config(settings, NOW).unwrap_err().to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[test]
fn the_first_start_makes_a_certificate_for_this_machine() {
    let data = tempfile::tempdir().unwrap();
    let config = server_config(&settings(data.path()), NOW).unwrap();
    assert_eq!(config.alpn_protocols, [&b"h2"[..], b"http/1.1"]);
    let files = Files::own(data.path());
    let material = files.read().unwrap();
    let leaf = material.leaf();
    let names = leaf.subject_alternative_name().unwrap().unwrap();
    let shown: Vec<_> = names
        .value
        .general_names
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(shown[0].contains("localhost"), "{shown:?}");
    assert!(made_by_us(&leaf));
    assert!(leaf.validity().not_before.to_datetime() < NOW);
    assert!(material.ends() - NOW < Duration::days(825));
    let left: Vec<_> = fs::read_dir(data.path().join("certs")).unwrap().collect();
    assert_eq!(left.len(), 2, "no unfinished file is left");
}

#[cfg(unix)]
#[test]
fn the_key_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().unwrap();
    server_config(&settings(data.path()), NOW).unwrap();
    let mode = fs::metadata(data.path().join("certs/key.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_later_start_uses_the_same_files() {
    let data = tempfile::tempdir().unwrap();
    let files = Files::own(data.path());
    server_config(&settings(data.path()), NOW).unwrap();
    let before = contents(&[&files.cert, &files.key]);
    server_config(&settings(data.path()), NOW + Duration::days(700)).unwrap();
    assert_eq!(contents(&[&files.cert, &files.key]), before);
}

#[test]
fn our_own_is_renewed_when_it_has_expired_or_soon_will() {
    for days in [793, 900] {
        let data = tempfile::tempdir().unwrap();
        let files = Files::own(data.path());
        server_config(&settings(data.path()), NOW).unwrap();
        let before = contents(&[&files.cert]);
        let later = NOW + Duration::days(days);
        server_config(&settings(data.path()), later).unwrap();
        assert_ne!(contents(&[&files.cert]), before);
        assert!(files.read().unwrap().ends() > later + Duration::days(700));
    }
}

#[test]
fn a_foreign_certificate_in_certs_is_used_and_never_overwritten() {
    let data = tempfile::tempdir().unwrap();
    for ends in [NOW + Duration::days(30), NOW - Duration::days(30)] {
        let (cert, key) = foreign_pair(&data.path().join("certs"), ends);
        let before = contents(&[&cert, &key]);
        server_config(&settings(data.path()), NOW).unwrap();
        assert_eq!(contents(&[&cert, &key]), before);
    }
}

#[test]
fn given_files_are_used_and_never_overwritten_even_when_expired() {
    let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (cert, key) = foreign_pair(elsewhere.path(), NOW - Duration::days(1));
    let before = contents(&[&cert, &key]);
    server_config(&given(data.path(), &cert, &key), NOW).unwrap();
    assert_eq!(contents(&[&cert, &key]), before);
    assert!(!data.path().join("certs").exists());
}

#[test]
fn a_start_that_was_cut_off_between_the_two_files_is_finished_by_the_next() {
    let data = tempfile::tempdir().unwrap();
    let files = Files::own(data.path());
    server_config(&settings(data.path()), NOW).unwrap();
    fs::remove_file(&files.key).unwrap();
    fs::write(files.key.with_extension("pem.new"), "half").unwrap();
    server_config(&settings(data.path()), NOW).unwrap();
    // The same in the middle of a renewal: a new certificate beside the old key.
    let old_key = fs::read(&files.key).unwrap();
    fs::remove_file(&files.key).unwrap();
    server_config(&settings(data.path()), NOW).unwrap();
    fs::write(&files.key, old_key).unwrap();
    server_config(&settings(data.path()), NOW).unwrap();
    assert!(files.read().unwrap().fits_together());
}

#[test]
fn half_of_a_foreign_pair_is_refused_and_left_alone() {
    for missing in ["cert.pem", "key.pem"] {
        let data = tempfile::tempdir().unwrap();
        let certs = data.path().join("certs");
        foreign_pair(&certs, NOW + Duration::days(30));
        fs::remove_file(certs.join(missing)).unwrap();
        let line = refused(&settings(data.path()));
        assert!(
            line.starts_with("--data-dir: ") && line.contains(missing),
            "{line}"
        );
        assert!(!certs.join(missing).exists());
    }
}

#[test]
fn given_files_that_cannot_be_used_name_their_flag() {
    let (data, one, two) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (cert, key) = foreign_pair(one.path(), NOW + Duration::days(30));
    let (_, other_key) = foreign_pair(two.path(), NOW + Duration::days(30));
    let empty = one.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let missing = one.path().join("missing.pem");
    for (cert, key, flag, words) in [
        (&missing, &key, "--cert: ", "cannot be read"),
        (&cert, &missing, "--key: ", "cannot be read"),
        (&empty, &key, "--cert: ", "holds no certificate"),
        (&key, &key, "--cert: ", "holds no certificate"),
        (&cert, &empty, "--key: ", "holds no private key"),
        (&cert, &other_key, "--key: ", "does not belong to"),
    ] {
        let line = refused(&given(data.path(), cert, key));
        assert!(line.starts_with(flag) && line.contains(words), "{line}");
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_to_is_named() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    fs::write(&file, "").unwrap();
    let line = refused(&settings(&file));
    assert!(
        line.starts_with("--data-dir: ") && line.contains("cannot be written"),
        "{line}"
    );
}

#[test]
fn a_new_pair_in_the_files_is_taken_and_a_broken_one_is_not() {
    let (data, elsewhere, new) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let (cert, key) = foreign_pair(elsewhere.path(), NOW + Duration::days(30));
    let (new_cert, new_key) = foreign_pair(new.path(), NOW + Duration::days(60));
    let mut certificate = Certificate::load(&given(data.path(), &cert, &key), NOW).unwrap();
    let first = certificate.config();
    assert!(!certificate.look_again(NOW).unwrap(), "nothing has changed");
    assert!(Arc::ptr_eq(&first, &certificate.config()));
    // In the middle of a change: the new certificate beside the old key.
    fs::copy(&new_cert, &cert).unwrap();
    let line = certificate.look_again(NOW).unwrap_err().to_string();
    assert!(line.contains("does not belong to"), "{line}");
    assert!(Arc::ptr_eq(&first, &certificate.config()));
    fs::copy(&new_key, &key).unwrap();
    assert!(certificate.look_again(NOW).unwrap());
    assert!(!Arc::ptr_eq(&first, &certificate.config()));
    assert!(!certificate.look_again(NOW).unwrap(), "it is taken once");
    fs::write(&cert, "no certificate").unwrap();
    certificate.look_again(NOW).unwrap_err();
}

#[test]
fn our_own_is_renewed_while_the_server_runs() {
    let data = tempfile::tempdir().unwrap();
    let mut certificate = Certificate::load(&settings(data.path()), NOW).unwrap();
    assert!(!certificate.look_again(NOW + Duration::days(700)).unwrap());
    let later = NOW + Duration::days(795);
    assert!(certificate.look_again(later).unwrap());
    assert!(!certificate.look_again(later).unwrap());
}

#[test]
fn a_certificate_says_for_whom_it_is() {
    let data = tempfile::tempdir().unwrap();
    let own = Certificate::load(&settings(data.path()), NOW).unwrap();
    assert_eq!(own.names(), OWN_SUBJECTS);
    let (cert, key) = foreign_pair(&data.path().join("given"), NOW + Duration::days(30));
    let given = Certificate::load(&given(data.path(), &cert, &key), NOW).unwrap();
    assert_eq!(given.names(), ["chat.example.org"]);
}
