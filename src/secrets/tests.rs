//! Tests of secrets.

use super::*;

#[tokio::test]
async fn a_password_fits_its_own_hash_only() {
    let passwords = Passwords::new(10, 1).expect("a small cost");
    let stored = passwords.hash("correct horse").await.expect("hashes");
    assert!(stored.starts_with("$scrypt$ln=10,r=8,p=1$"), "{stored}");
    let verdict =
        async |password, stored| passwords.verify(password, stored).await.expect("checks");
    let (yes, no) = (
        Verdict {
            fits: true,
            outdated: false,
        },
        Verdict {
            fits: false,
            outdated: false,
        },
    );
    assert_eq!(verdict("correct horse", Some(stored.as_str())).await, yes);
    assert_eq!(verdict("battery staple", Some(stored.as_str())).await, no);
    assert_eq!(verdict("", None).await, no, "nobody has no password");
    assert!(passwords.verify("x", Some("$damaged")).await.is_err());
    assert_ne!(
        stored,
        passwords.hash("correct horse").await.expect("hashes"),
        "salted"
    );
    let parameters = |hash: &str| PasswordHash::new(hash).expect("a hash").params;
    assert_eq!(
        parameters(&passwords.nobody),
        parameters(&stored),
        "nobody's costs as much"
    );
}

#[tokio::test]
async fn a_hash_that_is_cheaper_or_another_programs_is_outdated_once_it_fits() {
    let cheap = Passwords::new(10, 1).expect("a small cost");
    let passwords = Passwords::new(11, 1).expect("a small cost");
    let brought = "scrypt:1024:8:1$CBDveeRPFlhRqrdz$f00550f81fa9d3e3a336e9eae01c46915ad4ead6b62c590df67c765968fdd7f7\
        fd005ee4d58608aa83c052d0548db2485dde21e2778264b6663751fa03b928b3";
    let brought = WerkzeugHash::parse(brought).expect("a hash").stored();
    for stored in [cheap.hash("péché mignon 7").await.expect("hashes"), brought] {
        let right = passwords
            .verify("péché mignon 7", Some(&stored))
            .await
            .expect("checks");
        assert_eq!((right.fits, right.outdated), (true, true), "{stored}");
        let wrong = passwords
            .verify("another", Some(&stored))
            .await
            .expect("checks");
        assert_eq!((wrong.fits, wrong.outdated), (false, false), "{stored}");
    }
    let damaged = format!("{MARK}sha256$a$b");
    assert!(passwords.verify("x", Some(&damaged)).await.is_err());
}

#[tokio::test]
async fn a_password_fits_however_its_letters_are_put_together() {
    let passwords = Passwords::new(10, 1).expect("a small cost");
    let (composed, decomposed) = ("p\u{e9}ch\u{e9} mignon", "pe\u{301}che\u{301} mignon");
    let stored = passwords.hash(decomposed).await.expect("hashes");
    for typed in [composed, decomposed] {
        let verdict = passwords.verify(typed, Some(&stored)).await;
        let verdict = verdict.expect("checks");
        assert_eq!((verdict.fits, verdict.outdated), (true, false), "{typed}");
    }
    let as_typed = hash(decomposed.as_bytes(), passwords.params).expect("hashes");
    let verdict = passwords.verify(decomposed, Some(&as_typed)).await;
    let verdict = verdict.expect("checks");
    assert_eq!((verdict.fits, verdict.outdated), (true, true));
}

#[test]
fn a_token_is_recognised_and_says_nothing_in_logs() {
    let token = Token::random();
    assert_eq!(Token::sent(token.reveal()), Some(token.clone()));
    assert_eq!(Token::sent("short"), None);
    assert_eq!(format!("{token:?}"), "Token(…)");
    assert_ne!(token.hash(), Token::random().hash());
}

#[test]
fn mails_are_ended_by_whom_they_were_sent_to() {
    let token = unsubscribe_token(&[1; 32], 7);
    assert_eq!(unsubscribed(&[1; 32], &token), Some(7));
    assert_eq!(unsubscribed(&[2; 32], &token), None);
    assert_eq!(unsubscribed(&[1; 32], &token.replace('7', "8")), None);
    assert_eq!(unsubscribed(&[1; 32], "7"), None);
}

#[test]
fn a_csrf_token_belongs_to_one_session() {
    let (mine, other) = (Token::random(), Token::random());
    assert!(mine.csrf_fits(&mine.csrf()));
    assert!(!mine.csrf_fits(&other.csrf()));
    assert!(!mine.csrf_fits(""));
}
