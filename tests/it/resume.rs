//! Coming back: all that was missed, in its order, once, then what is live; whatever happens meanwhile.

use serde_json::{Value, json};

use crate::harness::{Connect, Person, Socket, TestServer, outcome, within};

/// Connects with the last seqs that this client saw.
fn since(person: &Person, rooms: &Value) -> Connect {
    person.connect().auth(json!({ "rooms": rooms }))
}

/// The created seqs of messages up to `resumed`, and `resumed` itself.
async fn missed(socket: &mut Socket) -> (Vec<i64>, Value) {
    let mut seqs = Vec::new();
    loop {
        match socket.next_any().await {
            (event, message) if event == "message" => {
                seqs.push(message["created_seq"].as_i64().unwrap());
            }
            (event, resumed) if event == "resumed" => return (seqs, resumed),
            _ => {}
        }
    }
}

#[tokio::test]
async fn who_comes_back_gets_what_they_missed_then_resumed_then_what_is_live() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut writer = anna.socket().await;
    writer
        .say_all("lobby", (1..=10).map(|number| number.to_string()))
        .await;
    let mut socket = since(&ben, &json!({ "lobby": 4 })).open().await.unwrap();
    let (seqs, resumed) = missed(&mut socket).await;
    assert_eq!(seqs, [5, 6, 7, 8, 9, 10]);
    assert_eq!(
        resumed,
        json!({ "room": "lobby", "seq": 10, "more": false })
    );
    writer.say("lobby", "live").await;
    assert_eq!(socket.hear(1).await, ["live"]);
    let mut joined = ben.socket().await;
    let ack = joined
        .done("join", &json!({ "room": "lobby", "seq": 9 }))
        .await;
    assert_eq!(
        ack["messages"],
        json!([]),
        "what was missed comes as events"
    );
    assert_eq!(missed(&mut joined).await.0, [10, 11]);
    let mut current = since(&ben, &json!({ "lobby": 11 })).open().await.unwrap();
    assert_eq!(
        missed(&mut current).await,
        (vec![], json!({ "room": "lobby", "seq": 11, "more": false }))
    );
}

#[tokio::test]
async fn what_was_missed_comes_also_after_a_restart() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut reader = ben.listening("lobby").await;
    anna.api().say("lobby", "one").await;
    assert_eq!(reader.next("message").await["created_seq"], 1);
    anna.api().say("lobby", "two").await;
    let server = server.restart().await;
    anna.api().say("lobby", "three").await;
    let mut reader = since(&ben, &json!({ "lobby": 1 })).open().await.unwrap();
    assert_eq!(missed(&mut reader).await.0, [2, 3]);
    assert_eq!(server.connected(), 1);
}

#[tokio::test]
async fn of_very_much_the_newest_five_hundred_come() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    anna.socket()
        .await
        .say_all("lobby", (1..=600).map(|number| number.to_string()))
        .await;
    let mut socket = since(&ben, &json!({ "lobby": 0 })).open().await.unwrap();
    let (seqs, resumed) = missed(&mut socket).await;
    assert_eq!(seqs, (101..=600).collect::<Vec<i64>>());
    assert_eq!(
        resumed,
        json!({ "room": "lobby", "seq": 600, "more": true })
    );
    let mut all = since(&ben, &json!({ "lobby": 100 })).open().await.unwrap();
    let (seqs, resumed) = missed(&mut all).await;
    assert_eq!(
        (seqs.len(), &resumed["more"]),
        (500, &json!(false)),
        "500 are not more than 500"
    );
}

#[tokio::test]
async fn a_room_that_is_not_mine_is_a_problem_and_the_connection_goes_on() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let room = anna.api().open_room("Anna's").await;
    anna.api().say("lobby", "hello").await;
    let rooms = json!({ &room: 0, "lobby": 0, "0123456789ab": 0, "no code": 0 });
    let mut socket = since(&ben, &rooms).open().await.unwrap();
    for _ in 0..3 {
        let problem = socket.next("problem").await;
        assert_eq!(
            (&problem["event"], &problem["error"]["code"]),
            (&json!("resume"), &json!("not_found"))
        );
    }
    assert_eq!(missed(&mut socket).await.0, [1]);
    socket.say("lobby", "it goes on").await;
    assert_eq!(socket.hear(1).await, ["it goes on"]);
}

#[tokio::test]
async fn a_seq_that_cannot_be_is_no_harm() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    for (seq, expected) in [
        (-5, vec![1]),
        (0, vec![1]),
        (1, vec![]),
        (99, vec![]),
        (i64::MAX, vec![]),
    ] {
        let room = anna.api().open_room("Tea").await;
        anna.api().say(&room, "one").await;
        let mut socket = since(&anna, &json!({ &room: seq })).open().await.unwrap();
        let (seqs, resumed) = missed(&mut socket).await;
        assert_eq!((seqs, &resumed["seq"]), (expected, &json!(1)), "{seq}");
        anna.api().say(&room, "live").await;
        assert_eq!(socket.hear(1).await.last().unwrap(), "live", "{seq}");
    }
}

#[tokio::test]
async fn nonsense_about_rooms_is_refused_at_once() {
    let server = TestServer::start().await;
    let anna = server.person("anna").await;
    let many: serde_json::Map<String, Value> = (0..1001)
        .map(|number| (format!("room{number}"), json!(0)))
        .collect();
    for rooms in [
        json!("lobby"),
        json!(["lobby"]),
        json!({ "lobby": "x" }),
        json!({ "lobby": 0.5 }),
        Value::Object(many),
    ] {
        let refused = since(&anna, &rooms).open().await;
        assert_eq!(
            refused.err(),
            Some(crate::harness::Refused::Connect("invalid".to_owned())),
            "{rooms:.60}"
        );
    }
}

/// Reads from `seq` on, leaving without a word every so often, until this seq has come.
async fn read_on_and_off(person: Person, last: i64) -> Vec<i64> {
    let mut seen: Vec<i64> = Vec::new();
    let mut patience = 7;
    while seen.last() != Some(&last) {
        let seq = seen.last().copied().unwrap_or(0);
        let mut socket = since(&person, &json!({ "lobby": seq }))
            .open()
            .await
            .unwrap();
        for _ in 0..patience {
            if seen.last() == Some(&last) {
                break;
            }
            let message = socket.next("message").await;
            seen.push(message["created_seq"].as_i64().unwrap());
        }
        patience = (patience * 5) % 37 + 1;
        socket.vanish();
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_back_while_others_write_leaves_no_gap_and_repeats_nothing() {
    const WRITERS: i64 = 3;
    const EACH: i64 = 120;
    let server = TestServer::start().await;
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let mut socket = server
            .person(&format!("writer{number}"))
            .await
            .socket()
            .await;
        writers.push(async move {
            for text in 0..EACH {
                socket.say("lobby", &text.to_string()).await;
            }
        });
    }
    let mut readers = Vec::new();
    for number in 0..3 {
        let reader = server.person(&format!("reader{number}")).await;
        readers.push(tokio::spawn(read_on_and_off(reader, WRITERS * EACH)));
    }
    let writing: Vec<_> = writers.into_iter().map(tokio::spawn).collect();
    for writer in writing {
        writer.await.unwrap();
    }
    for reader in readers {
        let seen = within("a reader", reader).await.unwrap();
        assert_eq!(seen, (1..=WRITERS * EACH).collect::<Vec<i64>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_loses_nothing_and_holds_nobody_up() {
    const COUNT: usize = 2_000;
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut slow = ben.connect().narrow().open().await.unwrap();
    slow.join("lobby").await;
    let mut quick = ben.listening("lobby").await;
    let mut writer = anna.socket().await;
    let filler = "x".repeat(3_000);
    let writing = tokio::spawn(async move {
        let texts = (0..COUNT).map(|number| format!("{number} {filler}"));
        writer.say_all("lobby", texts).await
    });
    let expected: Vec<i64> = (1..=i64::try_from(COUNT).unwrap()).collect();
    let mut seqs = Vec::new();
    for _ in 0..COUNT {
        seqs.push(quick.next("message").await["created_seq"].as_i64().unwrap());
    }
    assert_eq!(seqs, expected, "who reads hears all at once");
    let acks = within("the writer", writing).await.unwrap();
    assert!(
        acks.iter().all(|ack| outcome(ack) == "ok"),
        "nobody waits for the slow one"
    );
    let mut seqs = Vec::new();
    for _ in 0..COUNT {
        seqs.push(slow.next("message").await["created_seq"].as_i64().unwrap());
    }
    assert_eq!(seqs, expected, "and the slow one misses nothing");
    anna.api().say("lobby", "live").await;
    assert_eq!(slow.hear(1).await, ["live"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_hears_messages_in_their_order_though_some_were_edited_meanwhile() {
    const COUNT: usize = 1_500;
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut writer = anna.socket().await;
    let known = writer.say("lobby", "known").await;
    let mut slow = ben.connect().narrow().open().await.unwrap();
    slow.join("lobby").await;
    let filler = "x".repeat(3_000);
    let texts = (0..COUNT).map(|number| format!("{number} {filler}"));
    let said = writer.say_all("lobby", texts).await;
    // All of them wait for the reader by then; more than one page of them is read after these.
    for (number, text) in [(COUNT - 400, "edited"), (COUNT - 250, "edited twice")] {
        let edit = json!({ "id": said[number]["id"], "data": text });
        writer.done("edit_message", &edit).await;
    }
    let edit = json!({ "id": known["id"], "data": "known, edited" });
    writer.done("edit_message", &edit).await;
    writer.say("lobby", "last").await;
    let (mut ids, mut seqs, mut updated) = (Vec::new(), Vec::new(), Vec::new());
    while ids.len() <= COUNT {
        let (event, message) = slow.next_any().await;
        match event.as_str() {
            "message" => ids.push(message["id"].as_i64().unwrap()),
            "message_updated" => updated.push(message["text"].as_str().unwrap().to_owned()),
            _ => continue,
        }
        seqs.push(message["seq"].as_i64().unwrap());
    }
    assert!(ids.is_sorted(), "new messages come in the order of ids");
    assert!(seqs.is_sorted(), "whoever breaks off goes on from there");
    assert_eq!(ids.len(), COUNT + 1, "each comes once");
    assert!(
        updated.contains(&"known, edited".to_owned()),
        "what was known is told anew: {updated:?}"
    );
}

#[tokio::test]
async fn who_breaks_off_at_an_edited_message_misses_nothing_after_it() {
    let server = TestServer::start().await;
    let (anna, ben) = (server.person("anna").await, server.person("ben").await);
    let mut writer = anna.socket().await;
    let known = writer.say("lobby", "known").await;
    let first = writer.say("lobby", "first").await;
    let react = json!({ "id": known["id"], "emoji": "👍", "on": true });
    writer.done("react", &react).await;
    writer.say("lobby", "second").await;
    let edit = json!({ "id": first["id"], "data": "first, edited" });
    writer.done("edit_message", &edit).await;
    let mut seen = 1;
    let mut heard = Vec::new();
    // Each time the connection goes right after one message; the client goes on from the greatest seq that it has heard.
    loop {
        let mut socket = since(&ben, &json!({ "lobby": seen })).open().await.unwrap();
        let (event, message) = loop {
            let (event, payload) = socket.next_any().await;
            if ["message", "message_updated", "resumed"].contains(&event.as_str()) {
                break (event, payload);
            }
        };
        socket.vanish();
        if event == "resumed" {
            break;
        }
        heard.push((event, message["text"].as_str().unwrap().to_owned()));
        seen = seen.max(message["seq"].as_i64().unwrap());
    }
    let heard: Vec<_> = heard
        .iter()
        .map(|(event, text)| (&event[..], &text[..]))
        .collect();
    assert_eq!(
        heard,
        [
            ("message", "first, edited"),
            ("message_updated", "known"),
            ("message", "second"),
            ("message_updated", "first, edited"),
        ]
    );
}
