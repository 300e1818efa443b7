//! Files that are made from the code: stale ones fail. `UPDATE_GENERATED=1 cargo test` writes them.

use std::{env, fs, path::Path};

use parlor::wire::schema;

/// Holds a kept file to what is made now.
fn is_fresh(kept: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(kept);
    if env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(&path, fresh).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == fresh,
        "{kept} is stale: run UPDATE_GENERATED=1 cargo test, then npm run generate"
    );
}

#[test]
fn the_schema_of_the_wire_is_fresh() {
    is_fresh(
        "docs/wire.schema.json",
        &(serde_json::to_string_pretty(&schema::document()).unwrap() + "\n"),
    );
}

#[test]
fn the_description_of_the_calls_is_fresh() {
    is_fresh(
        "docs/openapi.json",
        &(serde_json::to_string_pretty(&schema::openapi()).unwrap() + "\n"),
    );
}

#[test]
fn the_description_of_the_events_is_fresh() {
    is_fresh(
        "docs/asyncapi.yaml",
        &serde_saphyr::to_string(&schema::asyncapi()).unwrap(),
    );
}
