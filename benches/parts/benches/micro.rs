//! Steps of a message's way, each by itself: rendering its text, encoding what the room hears, reading a page of history
//! (`make bench-micro`). For whoever changes one of them; what people notice is measured by `make bench`.

use std::{hint::black_box, sync::Arc};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use parlor::{
    model::{MessageId, RoomId},
    service::render,
    store::{Messages, Page, sqlite::SqliteStore},
    wire,
};
use parts::seed;
use tokio::runtime::Runtime;

const PAGE: u32 = 50;
const SIZE: seed::Size = seed::Size {
    people: 200,
    rooms: 10,
    messages: 100_000,
};

const PLAIN: &str = "Nobody has written the minutes yet, so I am going to do it after lunch, if that suits you all.";
const MARKED: &str = "**Two things** before we go: see https://example.org/minutes and ask @anna.\n\n- bread\n- butter, `2` of them\n\n> and tea";
const CODE: &str = "```rust\nfn main() {\n    println!(\"hello {}\", 6 * 7);\n}\n```";

fn rendering(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("render");
    for (name, text) in [("plain", PLAIN), ("markdown", MARKED), ("code", CODE)] {
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |bencher, text| {
            bencher.iter(|| render::html(black_box(text), &[]));
        });
    }
    group.finish();
}

/// The payload that all listeners of a room share.
fn encoding(criterion: &mut Criterion, runtime: &Runtime, store: &SqliteStore) {
    let page = runtime.block_on(store.history(RoomId(seed::room(1)), Page::Newest, 1));
    let page = page.expect("the room is read");
    let message = page.messages.first().expect("it has messages");
    criterion.bench_function("encode a message", |bencher| {
        bencher.iter(|| {
            let record = wire::Message::of(black_box(message), None);
            serde_json::value::to_raw_value(&record).expect("it has string keys")
        });
    });
}

fn history(criterion: &mut Criterion, runtime: &Runtime, store: &SqliteStore) {
    let room = RoomId(seed::room(1));
    let middle = MessageId(SIZE.messages / 2);
    let mut group = criterion.benchmark_group("history");
    for (name, page) in [
        ("newest", Page::Newest),
        ("before", Page::Before(middle)),
        ("around", Page::Around(middle)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let read = runtime.block_on(store.history(room, page, PAGE));
                black_box(read.expect("the page is read"))
            });
        });
    }
    group.finish();
}

fn all(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("parlor.db");
    let runtime = Runtime::new().expect("a runtime starts");
    runtime
        .block_on(seed::make(&path, SIZE))
        .expect("the database is made");
    let _inside = runtime.enter();
    let (store, _feed): (Arc<SqliteStore>, _) = seed::open(&path);
    rendering(criterion);
    encoding(criterion, &runtime, &store);
    history(criterion, &runtime, &store);
    runtime.block_on(parlor::store::Store::close(&*store));
}

criterion_group!(steps, all);
criterion_main!(steps);
