//! What phones talk to: the documents they may send, embedded by name, and the app they load. Knows nothing of the
//! backend; that every document fits the schema is tested where the schema is.

pub mod app;

use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "operations/"]
#[include = "*.graphql"]
struct Operations;

/// The document of an operation: `MyAgenda` is `operations/MyAgenda.graphql`.
pub fn operation(name: &str) -> Option<Cow<'static, str>> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric());
    let file = Operations::get(&format!("{name}.graphql")).filter(|_| plain)?;
    match file.data {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// Names of all operations, in order.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Operations::iter()
        .filter_map(|file| file.strip_suffix(".graphql").map(str::to_owned))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::{names, operation};

    #[test]
    fn every_file_holds_the_operation_of_its_name() {
        assert!(names().len() > 5);
        for name in names() {
            let document = operation(&name).expect("listed");
            let first = document.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
            let said = first.split(['(', ' ', '{']).nth(1);
            assert_eq!(said, Some(name.as_str()), "{first}");
        }
    }

    #[test]
    fn only_names() {
        for bad in ["", "../Cargo", "MyAgenda.graphql", "myagenda", "nothing"] {
            assert!(operation(bad).is_none(), "{bad}");
        }
    }
}
