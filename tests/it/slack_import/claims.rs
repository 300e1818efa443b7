//! Who comes by an imported account: whoever has its link, and nobody else.

use serde_json::json;

use super::export::whole;
use super::{claim, claim_links, import, link_of, messages_of, room_of, rooms_of, stopped};
use crate::harness::{Person, outcome, ran};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_nothing_and_a_link_opens_once() {
    let (at, _) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let first = link_of(&claim_links(at.folder(), &["anna"]), "anna");
    let second = link_of(&claim_links(at.folder(), &["Anna"]), "anna");
    let server = at.start().await;
    // Nobody logs in to it, by its name or by its old address, with any password.
    for login in ["anna", "anna@old.example"] {
        let attempt = json!({ "login": login, "password": "" });
        let refused = server.nobody().post("/tokens", &attempt).await;
        assert!([401, 422].contains(&refused.status), "{}", refused.status);
    }
    // Who types her address gets an account of their own, and none of her rooms.
    let stranger = json!({ "name": "mallory", "email": "anna@old.example", "password": "mallory keeps a secret" });
    server.nobody().post("/users", &stranger).await.expect(201);
    let mallory = Person::logged_in(server.base(), "mallory").await;
    let rooms: Vec<_> = rooms_of(&mallory)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(rooms, ["Lobby"]);
    // A link that was made anew ends the one before.
    let visitor = server.visitor();
    visitor.get(&first).await.is(404);
    let page = visitor.get(&second).await;
    page.is(200);
    assert!(
        page.text().contains("Welcome, anna") && page.text().contains("anna@old.example"),
        "{}",
        page.text()
    );
    let short = [
        ("name", "anna"),
        ("email", "anna@old.example"),
        ("password", "short"),
    ];
    let refused = visitor.submit(&second, &second, &short).await;
    refused.is(422);
    assert!(refused.text().contains("at least 8"), "{}", refused.text());
    let taken = [
        ("name", "anna"),
        ("email", "anna@old.example"),
        ("password", "anna keeps a secret"),
    ];
    let refused = visitor.submit(&second, &second, &taken).await;
    refused.is(409);
    assert!(
        refused.text().contains("belongs to an account already")
            && !refused.text().contains("name is taken"),
        "{}",
        refused.text()
    );
    let fits = [
        ("name", "anna.s"),
        ("email", "anna@new.example"),
        ("password", "anna.s keeps a secret"),
    ];
    visitor.submit(&second, &second, &fits).await.leads_to("/");
    server.visitor().get(&second).await.is(404);
    let again = json!({ "name": "eve", "email": "e@x.org", "password": "eve keeps a secret", "claim": second.strip_prefix("/claim/").unwrap() });
    let refused = server.nobody().post("/users", &again).await;
    assert_eq!(
        (refused.status, outcome(&refused.json())),
        (404, "not_found")
    );
    let anna = Person::logged_in(server.base(), "anna.s").await;
    let general = room_of(&anna, "general").await;
    assert_eq!(
        messages_of(&anna, &general).await[0]["name"],
        "anna.s",
        "what she said before is hers"
    );
    assert_eq!(room_of(&anna, "Lobby").await["unread"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_here_is_somebodys_only_where_the_owner_says_so() {
    for matches in [false, true] {
        let server = crate::harness::TestServer::start().await;
        server.person("olga").await;
        let user =
            json!({ "name": "ann", "email": "ANNA@old.example", "password": "ann keeps a secret" });
        server.nobody().post("/users", &user).await.expect(201);
        let at = server.stop().await;
        let archive = whole().write(at.folder());
        let more: &[&str] = if matches { &["--match-email"] } else { &[] };
        let said = import(at.folder(), &archive, more).well();
        assert_eq!(
            said.contains("import with --match-email"),
            !matches,
            "{said}"
        );
        let links = claim_links(at.folder(), &[]);
        assert_eq!(
            links.iter().any(|(name, _)| name == "anna"),
            !matches,
            "{links:?}"
        );
        let server = at.start().await;
        let ann = Person::logged_in(server.base(), "ann").await;
        let mut rooms: Vec<_> = rooms_of(&ann)
            .await
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        rooms.sort();
        if matches {
            assert_eq!(rooms, ["Carla.K", "Lobby", "general", "secret"]);
            let general = room_of(&ann, "general").await;
            assert_eq!(messages_of(&ann, &general).await[0]["name"], "ann");
        } else {
            assert_eq!(rooms, ["Lobby"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_made_for_whoever_is_named_and_for_nobody_else() {
    let (at, _) = stopped().await;
    import(at.folder(), &whole().write(at.folder()), &[]).well();
    let folder = at.folder().to_str().unwrap();
    let base = ["import", "claim", "--data-dir", folder];
    let refused = ran(at.folder(), &[&base[..], &["olga"]].concat(), &[]);
    assert_eq!(refused.status, Some(1));
    assert_eq!(
        refused.err,
        "parlor: No account called olga waits to be claimed.\n"
    );
    let said = ran(
        at.folder(),
        &[
            &base[..],
            &["ben", "--address", "https://chat.example.org/"],
        ]
        .concat(),
        &[],
    )
    .well();
    assert!(
        said.starts_with("ben\tben@old.example\thttps://chat.example.org/claim/"),
        "{said}"
    );
    // Who had left comes back to what they said, and to no room.
    let path = said.trim().rsplit_once("example.org").unwrap().1.to_owned();
    let server = at.start().await;
    let ben = claim(&server, &path, "ben").await;
    let rooms: Vec<_> = rooms_of(&ben)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(rooms, ["Lobby"]);
}
