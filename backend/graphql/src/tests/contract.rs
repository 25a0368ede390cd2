//! The contract: every type and field as the schema itself tells them, and the file at the top of the repository.

use async_graphql::Request;
use serde_json::Value;

/// A type with fields.
pub(super) struct Object {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
}

/// One of its fields.
pub(super) struct Field {
    pub(super) name: String,
    /// What it answers, without lists and exclamation marks.
    pub(super) of: String,
    /// Whether there is something to select in it.
    pub(super) composite: bool,
    /// Whether it promises never to be `null`.
    pub(super) promised: bool,
    /// Arguments without which it cannot be asked.
    pub(super) needs: Vec<String>,
}

/// All of it.
pub(super) struct Contract {
    pub(super) objects: Vec<Object>,
    /// Unions with their members.
    pub(super) unions: Vec<(String, Vec<String>)>,
}

const ASK: &str = "{ __schema { types { kind name possibleTypes { name } fields { name args { name type { kind } } \
                   type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn field(value: &Value) -> Field {
    let mut of = &value["type"];
    let promised = of["kind"] == "NON_NULL";
    while of["ofType"].is_object() {
        of = &of["ofType"];
    }
    let needs = list(&value["args"])
        .iter()
        .filter(|arg| arg["type"]["kind"] == "NON_NULL");
    Field {
        name: text(&value["name"]),
        of: text(&of["name"]),
        composite: of["kind"] == "OBJECT" || of["kind"] == "UNION",
        promised,
        needs: needs.map(|arg| text(&arg["name"])).collect(),
    }
}

impl Contract {
    /// As the built schema tells it.
    pub(super) async fn of_schema() -> Self {
        let answer = crate::builder().finish().execute(Request::new(ASK)).await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        let answer = answer.data.into_json().expect("JSON");
        let types = list(&answer["__schema"]["types"]);
        let of = |kind: &str| {
            types
                .iter()
                .filter(move |one| one["kind"] == kind && !text(&one["name"]).starts_with("__"))
                .collect::<Vec<_>>()
        };
        Self {
            objects: of("OBJECT")
                .into_iter()
                .map(|one| Object {
                    name: text(&one["name"]),
                    fields: list(&one["fields"]).iter().map(field).collect(),
                })
                .collect(),
            unions: of("UNION")
                .into_iter()
                .map(|one| {
                    let members = list(&one["possibleTypes"]).iter().map(|member| text(&member["name"]));
                    (text(&one["name"]), members.collect())
                })
                .collect(),
        }
    }

    pub(super) fn object(&self, name: &str) -> &Object {
        let found = self.objects.iter().find(|object| object.name == name);
        found.unwrap_or_else(|| panic!("there is no type {name}"))
    }

    pub(super) fn field(&self, object: &str, name: &str) -> &Field {
        let found = self.object(object).fields.iter().find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("there is no field {object}.{name}"))
    }
}

#[test]
fn the_file_at_the_top_is_the_schema() {
    let file = include_str!("../../../../schema.graphql");
    assert!(
        file.trim_end() == crate::sdl().trim_end(),
        "schema.graphql is not what the code says any more; run `cargo xtask schema` and look at what changes"
    );
}

#[tokio::test]
async fn the_schema_is_told_whole() {
    let contract = Contract::of_schema().await;
    let sdl = crate::sdl();
    let told = sdl.lines().filter(|line| line.starts_with("type "));
    assert_eq!(told.count(), contract.objects.len());
    assert!(contract.objects.len() > 30 && contract.unions.len() > 4);
    assert!(contract.field("Query", "buyer").needs == ["id"]);
    assert!(contract.field("Query", "event").promised && !contract.field("Query", "buyer").promised);
}
