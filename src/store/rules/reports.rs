//! Rules of reports.

use super::{Fixture, by, later, refusal};
use crate::{
    model::{
        Account, Denied, MessageId, NewReport, Operator, Reason, Standing, Subject, Target,
        Timestamp, UserId,
    },
    store::Result,
};

/// Everybody may, but not report themselves.
fn others(_: &Standing, target: Target, _: Timestamp) -> Result<(), Denied> {
    if target.oneself {
        Err(Denied::Forbidden)
    } else {
        Ok(())
    }
}

fn report(by: &Account, subject: Subject, reason: &str) -> NewReport {
    NewReport {
        subject,
        by: by.card.id,
        reason: Reason::parse(reason).expect("a reason"),
        now: later(20),
        permit: others,
    }
}

/// Ben says something in Anna's room, to which Carla does not belong.
async fn scene(at: &Fixture) -> (Account, Account, Account, MessageId) {
    let (anna, ben) = (at.person("anna").await, at.person("ben").await);
    let carla = at.person("carla").await;
    at.room("tea", &anna).await;
    at.joins(&ben, "tea").await;
    let said = at.say(&ben, "tea", "buy pills").await;
    (anna, ben, carla, said.message.id)
}

/// This person, who runs the site.
fn admin(account: &Account, now: Timestamp) -> Operator {
    Operator {
        user: Some(account.card.id),
        address: "192.0.2.7".to_owned(),
        now,
    }
}

pub(crate) async fn a_report_keeps_what_the_message_said(at: Fixture) {
    let (anna, ben, _, message) = scene(&at).await;
    let id = at
        .store
        .report(report(&anna, Subject::Message(message), "spam"))
        .await
        .expect("kept");
    let reports = at.store.reports(false, None, 10).await.expect("read");
    let [found] = &reports[..] else {
        panic!("one report: {reports:?}")
    };
    let said = found.message.as_ref().expect("a message");
    assert_eq!((found.id, &found.user), (id, &ben.card));
    assert_eq!(
        (said.id, said.text.as_str(), said.created_at),
        (message, "buy pills", later(3))
    );
    assert_eq!(found.room.as_ref().expect("a room").code.as_str(), "tea");
    assert_eq!(found.reasons[0].by, anna.card);
    assert_eq!(found.reasons[0].reason.as_str(), "spam");
    assert_eq!((found.created_at, found.resolved_at), (later(20), None));
}

pub(crate) async fn reports_of_the_same_are_one_until_it_is_resolved(at: Fixture) {
    let (anna, ben, carla, message) = scene(&at).await;
    at.joins(&carla, "tea").await;
    let of = |by: &Account, reason: &str| report(by, Subject::Message(message), reason);
    let first = at.store.report(of(&anna, "spam")).await.expect("kept");
    let twice = at.store.report(of(&anna, "still")).await.expect("folded");
    let other = at.store.report(of(&carla, "pills")).await.expect("folded");
    assert_eq!((twice, other), (first, first));
    let person = report(&anna, Subject::Person(ben.card.id), "rude");
    let person = at.store.report(person).await.expect("kept");
    assert_ne!(person, first);
    let reports = at.store.reports(false, None, 10).await.expect("read");
    let reasons: Vec<_> = reports[1]
        .reasons
        .iter()
        .map(|reason| reason.reason.as_str())
        .collect();
    assert_eq!(reasons, ["spam", "pills"]);
    let resolved = at
        .store
        .resolve_report(first, admin(&anna, later(30)))
        .await
        .expect("resolved");
    assert_eq!(resolved.resolved_at, Some(later(30)));
    let again = at
        .store
        .resolve_report(first, admin(&anna, later(40)))
        .await
        .expect("harmless");
    assert_eq!(again.resolved_at, Some(later(30)));
    let anew = at.store.report(of(&anna, "again")).await.expect("kept");
    assert_ne!(anew, first);
}

pub(crate) async fn a_report_of_what_is_not_theirs_finds_nothing(at: Fixture) {
    let (anna, ben, carla, message) = scene(&at).await;
    let lobby = crate::model::RoomCode::lobby();
    for person in [&anna, &ben] {
        let left = at.store.leave(&lobby, by(person)).await;
        left.expect("left");
    }
    for (new, expected) in [
        (
            report(&carla, Subject::Message(message), "x"),
            r#"NotFound("message")"#,
        ),
        (
            report(&anna, Subject::Message(MessageId(99)), "x"),
            r#"NotFound("message")"#,
        ),
        (
            report(&carla, Subject::Person(ben.card.id), "x"),
            r#"NotFound("person")"#,
        ),
        (
            report(&anna, Subject::Person(UserId(99)), "x"),
            r#"NotFound("person")"#,
        ),
        (
            report(&ben, Subject::Message(message), "x"),
            "Denied(Forbidden)",
        ),
    ] {
        let what = format!("{new:?}");
        assert_eq!(refusal(at.store.report(new).await), expected, "{what}");
    }
    let none = at.store.resolve_report(99, admin(&anna, later(1))).await;
    assert_eq!(refusal(none), r#"NotFound("report")"#);
    assert_eq!(at.store.reports(false, None, 10).await.expect("read"), []);
}

pub(crate) async fn reports_come_in_pages(at: Fixture) {
    let (anna, ben, _, message) = scene(&at).await;
    let second = at.say(&ben, "tea", "more pills").await.message.id;
    let mut ids = Vec::new();
    for message in [message, second] {
        let new = report(&anna, Subject::Message(message), "spam");
        ids.push(at.store.report(new).await.expect("kept"));
    }
    let page = async |resolved, before| {
        let reports = at.store.reports(resolved, before, 1).await.expect("read");
        reports.iter().map(|report| report.id).collect::<Vec<_>>()
    };
    assert_eq!(page(false, None).await, [ids[1]]);
    assert_eq!(page(false, Some(ids[1])).await, [ids[0]]);
    assert_eq!(page(true, None).await, [0; 0]);
    let resolved = at
        .store
        .resolve_report(ids[0], admin(&anna, later(30)))
        .await;
    resolved.expect("resolved");
    assert_eq!(page(true, None).await, [ids[0]]);
    assert_eq!(page(false, Some(ids[1])).await, [0; 0]);
}
