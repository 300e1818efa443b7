//! The schemas of wire types, in both directions: what clients send may leave out more than what the server sends.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Collects the types that a document refers to.
pub(super) struct Types {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Types {
    /// None yet, in the dialect of JSON Schema that `settings` name.
    pub(super) fn new(settings: &SchemaSettings) -> Self {
        Self {
            taken: settings.clone().for_deserialize().into_generator(),
            given: settings.clone().for_serialize().into_generator(),
        }
    }

    /// A reference to a type that clients send.
    pub(super) fn taken<T: JsonSchema>(&mut self) -> Value {
        self.taken.subschema_for::<T>().to_value()
    }

    /// A reference to a type that the server sends.
    pub(super) fn given<T: JsonSchema>(&mut self) -> Value {
        self.given.subschema_for::<T>().to_value()
    }

    /// All types that were referred to, and those that they refer to.
    pub(super) fn definitions(&mut self) -> Map<String, Value> {
        let mut given = self.given.take_definitions(true);
        for definition in given.values_mut() {
            never_null_where_left_out(definition);
        }
        for (name, definition) in self.taken.take_definitions(true) {
            let same = given.get(&name).is_none_or(|given| *given == definition);
            assert!(
                same,
                "{name} looks different on its way in and out: give the two a name each"
            );
            given.insert(name, definition);
        }
        given
    }
}

/// What the server may leave out it leaves out in place of sending null (`skip_serializing_if`).
fn never_null_where_left_out(definition: &mut Value) {
    let required = definition["required"].as_array().cloned();
    let required = required.unwrap_or_default();
    let properties = definition
        .get_mut("properties")
        .and_then(Value::as_object_mut);
    for (name, schema) in properties.into_iter().flatten() {
        if required.iter().any(|required| required == name) {
            continue;
        }
        if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
            types.retain(|kind| kind != "null");
            if let [kind] = &types[..] {
                schema["type"] = kind.clone();
            }
        }
        let others = schema
            .get("anyOf")
            .and_then(Value::as_array)
            .map(|schemas| {
                let others = schemas.iter().filter(|schema| schema["type"] != "null");
                others.cloned().collect::<Vec<_>>()
            });
        if let (Some(others), Some(fields)) = (others, schema.as_object_mut()) {
            fields.remove("anyOf");
            match <[Value; 1]>::try_from(others) {
                Ok([only]) => fields.insert("allOf".to_owned(), vec![only].into()),
                Err(several) => fields.insert("anyOf".to_owned(), several.into()),
            };
        }
    }
}

/// The name of the type that a schema refers to.
pub(super) fn referred(schema: &Value) -> &str {
    schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
        .expect("each event and body is a named type, so its schema is a reference")
}

/// The words that a type's definition begins with, as one line: what stands in its documentation.
pub(super) fn words(definitions: &Map<String, Value>, name: &str) -> String {
    let text = definitions[name]["description"]
        .as_str()
        .unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
