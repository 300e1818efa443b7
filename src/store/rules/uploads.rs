//! What every store keeps of uploads.

use super::{Fixture, later, new_message, refusal, room_code};
use crate::{
    model::{Account, Attachment, FileName, Look, NewUpload, UploadId},
    store::StoreError,
};

fn attachment(id: &str, size: i64) -> Attachment {
    Attachment {
        id: UploadId::of(id.to_owned()),
        name: FileName::clean("a.png"),
        media_type: "image/png".to_owned(),
        size,
        look: Some(Look {
            width: 3,
            height: 2,
            extension: "jpg".to_owned(),
        }),
    }
}

fn new_upload(owner: &Account, id: &str, size: i64) -> NewUpload {
    NewUpload {
        attachment: attachment(id, size),
        owner: owner.card.id,
        quota: Some(100),
        created_at: later(1),
    }
}

impl Fixture {
    async fn uploads(&self, owner: &Account, id: &str, size: i64) {
        let new = new_upload(owner, id, size);
        self.store.add_upload(new).await.expect("an upload");
    }

    async fn uploaded_by(&self, owner: &Account) -> i64 {
        let bytes = self.store.uploaded_by(owner.card.id).await;
        bytes.expect("a number")
    }

    async fn doomed(&self) -> Vec<String> {
        let doomed = self.store.doomed(10).await.expect("a list");
        doomed.iter().map(|id| id.as_str().to_owned()).collect()
    }
}

pub(crate) async fn an_upload_waits_for_its_message(site: Fixture) {
    let anna = site.person("anna").await;
    site.uploads(&anna, "first", 10).await;
    site.uploads(&anna, "second", 20).await;
    let id = || UploadId::of("first".to_owned());
    let reader = anna.card.id;
    let found = site.store.upload(id(), reader).await.expect("a read");
    let found = found.expect("it is there");
    assert_eq!(found.attachment, attachment("first", 10));
    assert_eq!((found.owner, found.message), (reader, None));
    assert!(found.standing.is_none());
    let mut message = new_message(&anna, "lobby", "look");
    message.attachments = ["second", "first"]
        .map(|id| UploadId::of(id.to_owned()))
        .into();
    let sent = site.store.append(message).await.expect("queued");
    let sent = sent.await.expect("stored").message;
    let order = [attachment("second", 20), attachment("first", 10)];
    assert_eq!(sent.attachments, order);
    let found = site.store.upload(id(), reader).await.expect("a read");
    let found = found.expect("it is there");
    assert_eq!(found.message, Some(sent.id));
    assert_eq!(found.room, Some(sent.room_id));
    let standing = found.standing.expect("hers");
    assert_eq!(standing.room.code, room_code("lobby"));
}

pub(crate) async fn an_upload_is_taken_once_and_by_its_owner(site: Fixture) {
    let (anna, ben) = (site.person("anna").await, site.person("ben").await);
    site.uploads(&anna, "one", 10).await;
    let send = async |by: &Account, ids: &[&str]| {
        let mut message = new_message(by, "lobby", "look");
        message.attachments = ids
            .iter()
            .map(|id| UploadId::of((*id).to_owned()))
            .collect();
        let pending = site.store.append(message).await.expect("queued");
        pending.await.map(|sent| sent.message.attachments.len())
    };
    for (by, ids) in [(&ben, &["one"][..]), (&anna, &["one", "none"])] {
        let refused = send(by, ids).await.expect_err("refused");
        assert!(
            matches!(refused, StoreError::NotFound("upload")),
            "{refused:?}"
        );
    }
    assert_eq!(send(&anna, &["one"]).await.expect("stored"), 1);
    let again = send(&anna, &["one"]).await.expect_err("taken");
    assert!(matches!(again, StoreError::NotFound("upload")), "{again:?}");
}

pub(crate) async fn a_persons_uploads_stay_within_the_quota(site: Fixture) {
    let (anna, ben) = (site.person("anna").await, site.person("ben").await);
    site.uploads(&anna, "first", 60).await;
    let too_much = site.store.add_upload(new_upload(&anna, "second", 41)).await;
    assert_eq!(refusal(too_much), "OverQuota");
    site.uploads(&anna, "third", 40).await;
    site.uploads(&ben, "his", 100).await;
    assert_eq!(
        (site.uploaded_by(&anna).await, site.uploaded_by(&ben).await),
        (100, 100)
    );
    let unbounded = NewUpload {
        quota: None,
        ..new_upload(&ben, "more", 1000)
    };
    site.store.add_upload(unbounded).await.expect("no quota");
}

pub(crate) async fn what_goes_is_doomed_until_it_is_buried(site: Fixture) {
    let anna = site.person("anna").await;
    site.uploads(&anna, "dropped", 10).await;
    site.uploads(&anna, "waiting", 20).await;
    site.uploads(&anna, "sent", 30).await;
    let mut message = new_message(&anna, "lobby", "look");
    message.attachments = vec![UploadId::of("sent".to_owned())];
    site.store
        .append(message)
        .await
        .expect("queued")
        .await
        .expect("stored");
    for id in ["dropped", "sent"] {
        let id = UploadId::of(id.to_owned());
        site.store.drop_upload(id).await.expect("harmless");
    }
    site.store.something_doomed().await;
    assert_eq!(site.doomed().await, ["dropped"], "one that was sent stays");
    assert_eq!(site.store.sweep_uploads(later(1)).await.expect("swept"), 0);
    assert_eq!(site.store.sweep_uploads(later(2)).await.expect("swept"), 1);
    site.store.something_doomed().await;
    assert_eq!(site.doomed().await, ["dropped", "waiting"]);
    assert_eq!(site.uploaded_by(&anna).await, 30);
    let buried = vec![UploadId::of("dropped".to_owned())];
    site.store.bury(buried).await.expect("buried");
    assert_eq!(site.doomed().await, ["waiting"]);
}
