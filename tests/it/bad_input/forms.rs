//! Forms and pages.

use reqwest::Method;

use super::{Case, Expected, How, long};

type Fields<'a> = &'a [(&'static str, &'a str)];

/// The form of a page, with good values but for those given.
fn form(
    (anna, page, action): (bool, &'static str, &'static str),
    good: Fields,
    bad: Fields,
    what: &'static str,
    (status, field, says): Expected,
) -> Case {
    let good = good.iter().filter(|(name, _)| bad.iter().all(|(other, _)| other != name));
    let fields = good.chain(bad).map(|(name, value)| (*name, (*value).to_owned())).collect();
    let how = How::Form { anna, page, action, fields };
    Case { what, how, status, field, says }
}

type Row<'a> = (&'static str, Fields<'a>, Expected);

fn rows(target: (bool, &'static str, &'static str), good: Fields, rows: &[Row]) -> Vec<Case> {
    let cases = rows.iter().map(|(what, bad, expected)| form(target, good, bad, what, *expected));
    cases.collect()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = registration();
    cases.extend(login());
    cases.extend(rooms());
    cases.extend(messages());
    cases.extend(moderation());
    cases.extend(profile());
    cases.extend(pages());
    cases
}

fn registration() -> Vec<Case> {
    let good = [("name", "carl"), ("email", "carl@example.org"), ("password", "eight or more")];
    rows((false, "/register", "/register"), &good, &[
        ("no name", &[("name", "")], (422, "name", "at least 2")),
        ("a long name", &[("name", &long(33))], (422, "name", "at most 32")),
        ("a name in mixed scripts", &[("name", "Аnna")], (422, "name", "alphabet")),
        ("a name with a space", &[("name", "an na")], (422, "name", "spaces")),
        ("a name with an invisible character", &[("name", "an\u{200B}na")], (422, "name", "invisible")),
        ("a name that turns around", &[("name", "an\u{202E}na")], (422, "name", "invisible")),
        ("a name of markup", &[("name", "<b>x")], (422, "name", "Remove “<”")),
        ("a name of dots", &[("name", "...")], (422, "name", "letter or digit")),
        ("a taken name", &[("name", "ben")], (409, "name", "taken")),
        ("a taken name in other letters", &[("name", "ＢＥＮ")], (409, "name", "taken")),
        ("no address", &[("email", "")], (422, "email", "anna@example.org")),
        ("half an address", &[("email", "carl@")], (422, "email", "anna@example.org")),
        ("an address with a line end", &[("email", "a\nb@c.de")], (422, "email", "anna@example.org")),
        ("a long address", &[("email", &format!("{}@c.de", long(250)))], (422, "email", "at most 254")),
        ("a taken address", &[("email", "BEN@example.org")], (409, "email", "account already")),
        ("a short password", &[("password", "1234567")], (422, "password", "at least 8")),
        ("a password of many people", &[("password", "iloveyou")], (422, "password", "Many people")),
        ("a password of the keyboard", &[("password", "qwertzuiop")], (422, "password", "tried first")),
        ("a password out of the name", &[("name", "carlotta"), ("password", "carlotta1")], (422, "password", "name or address")),
        ("a long password", &[("password", &long(129))], (422, "password", "at most 128")),
        ("a foreign CSRF token", &[("csrf", "abc")], (403, "", "reload the page")),
    ])
}

fn login() -> Vec<Case> {
    let good = [("login", "ben"), ("password", "ben keeps a secret")];
    rows((false, "/login", "/login"), &good, &[
        ("no login", &[("login", " ")], (422, "login", "name or e-mail")),
        ("no password", &[("password", "")], (422, "password", "Write your password")),
        ("a wrong password", &[("password", "ben has none")], (401, "password", "do not belong together")),
        ("a login of nobody", &[("login", "zoe")], (401, "password", "do not belong together")),
        ("a login with a NUL", &[("login", "b\0n")], (401, "password", "do not belong together")),
        ("an empty CSRF token", &[("csrf", "")], (403, "", "reload the page")),
    ])
}

fn rooms() -> Vec<Case> {
    let mut cases = rows((true, "/", "/rooms"), &[("name", "Tea"), ("topic", "")], &[
        ("a room without name", &[("name", " \u{200B}")], (422, "name", "Give the room a name")),
        ("a long room name", &[("name", &long(65))], (422, "name", "at most 64")),
        ("a room name of two lines", &[("name", "a\nb")], (422, "name", "one line")),
        ("a room name that turns around", &[("name", "\u{202E}abc")], (422, "name", "direction")),
        ("a long topic", &[("topic", &long(251))], (422, "topic", "at most 250")),
    ]);
    cases.extend(rows((true, "/", "/join"), &[], &[
        ("a code of no room", &[("room", "0123456789ab")], (404, "room", "No room has this code")),
        ("a code that is none", &[("room", "ü!")], (404, "room", "No room has this code")),
        ("an empty code", &[("room", "")], (404, "room", "No room has this code")),
    ]));
    cases.extend(rows((true, "/", "/room/0123456789ab/leave"), &[], &[
        ("to leave a room that is not there", &[], (404, "", "no such room")),
    ]));
    cases
}

fn messages() -> Vec<Case> {
    let mut cases = rows((true, "/room/lobby", "/room/lobby"), &[("client_id", "form-1")], &[
        ("an empty message", &[("data", "")], (422, "data", "Write something")),
        ("a blank message", &[("data", " \r\n\u{2060}")], (422, "data", "Write something")),
        ("a long message", &[("data", &long(4001))], (422, "data", "at most 4000")),
        ("a message with a NUL", &[("data", "a\0b")], (422, "data", "NUL")),
        ("a long client_id", &[("data", "a"), ("client_id", &long(65))], (422, "data", "at most 64")),
        ("a message without CSRF token", &[("data", "a"), ("csrf", "")], (403, "", "reload the page")),
    ]);
    cases.extend(rows((true, "/", "/room/nowhere"), &[("data", "a")], &[
        ("a message to no room", &[], (404, "", "no such room")),
    ]));
    cases
}

fn moderation() -> Vec<Case> {
    let page = "/room/lobby/moderate?user=2";
    let mut cases = rows((true, page, "/room/lobby/moderate"), &[("user", "2"), ("action", "mute")], &[
        ("a mute for no time", &[("seconds", "0")], (422, "seconds", "from 1 to")),
        ("a mute for a word", &[("seconds", "long")], (422, "seconds", "whole number")),
        ("a long reason by form", &[("reason", &long(251))], (422, "reason", "at most 250")),
        ("a role that is none by form", &[("action", "set_role"), ("role", "king")], (422, "role", "one of owner")),
        ("an action that is none", &[("action", "dance")], (422, "", "Choose what to do")),
        ("a measure against nobody", &[("user", "")], (422, "", "by id or name")),
        ("a measure against a word", &[("user", "ben")], (422, "", "whole number")),
        ("a measure against who is not there", &[("user", "99")], (404, "", "no such member")),
    ]);
    cases.extend(rows((true, "/room/lobby/moderate?user=1", "/room/lobby/moderate"), &[("user", "1"), ("action", "set_role")], &[
        ("to step down alone by form", &[("role", "member")], (409, "role", "needs an owner")),
    ]));
    cases.extend(rows((true, "/u/ben/report", "/u/ben/report"), &[], &[
        ("a report of blanks by form", &[("reason", " ")], (422, "reason", "few words")),
        ("a long report by form", &[("reason", &long(251))], (422, "reason", "at most 250")),
    ]));
    cases.extend(rows((true, "/u/ben/report", "/u/anna/report"), &[], &[
        ("a report of oneself by form", &[("reason", "x")], (403, "", "cannot report yourself")),
    ]));
    cases.extend(rows((true, "/u/ben/report", "/room/lobby/m/99/report"), &[], &[
        ("a report of no message by form", &[("reason", "x")], (404, "", "no such message")),
    ]));
    cases.extend(rows((true, "/u/ben/report", "/admin/reports/99/resolve"), &[], &[
        ("to resolve no report by form", &[], (404, "", "no such report")),
    ]));
    cases
}

fn profile() -> Vec<Case> {
    let target = (true, "/profile", "/profile");
    let email = [("section", "email"), ("email", "a@b.de"), ("current_password", "anna keeps a secret")];
    let password = [("section", "password"), ("password", "a new secret"), ("current_password", "anna keeps a secret")];
    let mut cases = rows(target, &[("section", "name")], &[
        ("a new name that is short", &[("name", "a")], (422, "name", "at least 2")),
        ("a new name that is taken", &[("name", "Ben")], (409, "name", "taken")),
        ("a section that is none", &[("section", "shoe")], (422, "", "name, email or password")),
    ]);
    cases.extend(rows(target, &email, &[
        ("a new address that is none", &[("email", "a")], (422, "email", "anna@example.org")),
        ("a new address that is taken", &[("email", "ben@example.org")], (409, "email", "account already")),
        ("a new address without password", &[("current_password", "")], (422, "current_password", "present password")),
        ("a new address with a wrong password", &[("current_password", "guess")], (401, "current_password", "not your present")),
    ]));
    cases.extend(rows(target, &password, &[
        ("a new password that is short", &[("password", "brief7")], (422, "password", "at least 8")),
        ("a new password out of the name", &[("password", "anna1234")], (422, "password", "name or address")),
        ("a new password without the old one", &[("current_password", "")], (422, "current_password", "present password")),
        ("a new password with a wrong old one", &[("current_password", "guess")], (401, "current_password", "not your present")),
    ]));
    let token = [("label", "x"), ("read", "1"), ("expires_in", "3600"), ("current_password", "anna keeps a secret")];
    cases.extend(rows((true, "/settings/tokens", "/settings/tokens"), &token, &[
        ("a token for much", &[("label", &long(65))], (422, "label", "at most 64")),
        ("a token until noon", &[("expires_in", "noon")], (422, "expires_in", "how long")),
        ("a token until the past", &[("expires_in", "-1")], (422, "expires_in", "up to ten years")),
        ("a token without password", &[("current_password", "")], (422, "current_password", "present password")),
    ]));
    cases
}

fn pages() -> Vec<Case> {
    let page = |method: Method, path, kind, body: String| How::Page { method, path, kind, body: body.into_bytes() };
    let get = |path| page(Method::GET, path, "text/plain", String::new());
    let form = "application/x-www-form-urlencoded";
    [
        ("a place that is no number", get("/room/lobby?before=x"), (422, "", "whole number")),
        ("two places at once", get("/room/lobby?before=1&after=2"), (422, "", "not several")),
        ("a page that is not there", get("/attic"), (404, "", "address")),
        ("a room that is not there", get("/room/attic"), (404, "", "no such room")),
        ("a path that is no text", get("/room/%FF"), (404, "", "no such room")),
        ("members of a room that is not there", get("/room/attic/members"), (404, "", "no such room")),
        ("a person that is not there", get("/u/nobody"), (404, "", "no such person")),
        ("a set-up link that is wrong", get("/setup/abc"), (404, "", "no such set-up link")),
        ("an upload that is not there", get("/uploads/0123456789abcdef"), (404, "", "no such upload")),
        ("an upload's path out of its folder", get("/uploads/..%2F..%2Fparlor.db"), (404, "", "no such upload")),
        ("a photo's size that is none", get("/uploads/0123456789abcdef?size=7"), (422, "", "96 and 320")),
        ("a form to a page that has none", page(Method::POST, "/", form, "a=b".into()), (405, "", "takes what a form")),
        ("a form that is none", page(Method::POST, "/rooms", "text/plain", "a".into()), (422, "", "Reload the page")),
        ("a form that is too large", page(Method::POST, "/rooms", form, long(300_000)), (413, "", "Send less")),
        ("a visit where a form goes", get("/logout"), (405, "", "Go back")),
    ]
    .map(|(what, how, (status, field, says))| Case { what, how, status, field, says })
    .into()
}
