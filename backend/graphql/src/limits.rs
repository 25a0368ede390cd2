//! Limits that are checked before a document is executed, and before most of it is parsed. async-graphql itself
//! limits depth and directives; it has no limit of aliases or root mutations.

use async_graphql::parser::{
    parse_query,
    types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};

/// Deepest nesting of fields.
pub const MAX_DEPTH: usize = 10;
/// Most aliases in a document.
pub const MAX_ALIASES: usize = 15;
/// Most mutations at the root of a document.
pub const MAX_ROOT_MUTATIONS: usize = 5;
/// Most tokens in a document.
pub const MAX_TOKENS: usize = 1000;

/// Why a document is not executed: one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Too many tokens.
    #[error("the document has more than {MAX_TOKENS} tokens; ask for less at once")]
    Tokens,
    /// Too many aliases.
    #[error("the document has more than {MAX_ALIASES} aliases; ask in several requests")]
    Aliases,
    /// Too many root mutations.
    #[error("the document has more than {MAX_ROOT_MUTATIONS} mutations; send them in several requests")]
    Mutations,
    /// Not GraphQL.
    #[error("the document cannot be read: {0}")]
    Unreadable(String),
}

/// Parses a document if it is within the limits.
pub fn within_limits(document: &str) -> Result<ExecutableDocument, TooMuch> {
    if tokens(document) > MAX_TOKENS {
        return Err(TooMuch::Tokens);
    }
    let parsed = parse_query(document).map_err(|error| TooMuch::Unreadable(error.to_string()))?;
    let fragments = parsed
        .fragments
        .values()
        .map(|fragment| aliases(&fragment.node.selection_set.node));
    let mut all: usize = fragments.sum();
    for (_, operation) in parsed.operations.iter() {
        all += aliases(&operation.node.selection_set.node);
        let root = operation.node.selection_set.node.items.len();
        if operation.node.ty == OperationType::Mutation && root > MAX_ROOT_MUTATIONS {
            return Err(TooMuch::Mutations);
        }
    }
    if all > MAX_ALIASES {
        Err(TooMuch::Aliases)
    } else {
        Ok(parsed)
    }
}

/// Counts words, numbers, strings and punctuation, as a GraphQL lexer would.
fn tokens(document: &str) -> usize {
    let mut count = 0;
    let mut chars = document.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() || c == ',' => {}
            '#' => while chars.next_if(|&c| c != '\n').is_some() {},
            '"' => {
                count += 1;
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                count += 1;
                while chars.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
            }
            _ => count += 1,
        }
    }
    count
}

fn aliases(set: &SelectionSet) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => usize::from(field.node.alias.is_some()) + aliases(&field.node.selection_set.node),
        Selection::InlineFragment(fragment) => aliases(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => 0,
    };
    set.items.iter().map(|item| of(&item.node)).sum()
}

#[cfg(test)]
mod tests {
    use super::{TooMuch, tokens, within_limits};

    #[test]
    fn tokens_are_counted() {
        for (document, expect) in [
            ("{ me { roles } }", 6),
            ("query($a: Int!) { x(y: $a) } # me me me", 17),
            (r#"{ a(b: "c \" d e") }"#, 9),
            (r#"{ a(b: """c d""") }"#, 11),
        ] {
            assert_eq!(tokens(document), expect, "{document}");
        }
    }

    #[test]
    fn limits() {
        let check = |document: String, expect: Option<TooMuch>| {
            assert_eq!(within_limits(&document).err(), expect, "{document}");
        };
        let many = |n: usize, f: fn(usize) -> String| (0..n).map(f).collect::<String>();
        check(
            format!("{{ {} }}", many(15, |i| format!("a{i}: me {{ roles }} "))),
            None,
        );
        check(
            format!("{{ {} }}", many(16, |i| format!("a{i}: me {{ roles }} "))),
            Some(TooMuch::Aliases),
        );
        check(
            format!(
                "{{ ...F }} fragment F on Query {{ {} }}",
                many(16, |i| format!("a{i}: me {{ roles }} "))
            ),
            Some(TooMuch::Aliases),
        );
        check(format!("mutation {{ {} }}", many(5, |_| "a ".into())), None);
        check(
            format!("mutation {{ {} }}", many(6, |_| "a ".into())),
            Some(TooMuch::Mutations),
        );
        check(format!("{{ {} }}", many(1000, |_| "a ".into())), Some(TooMuch::Tokens));
        check("{".repeat(1001), Some(TooMuch::Tokens));
        assert!(matches!(within_limits("{ me"), Err(TooMuch::Unreadable(_))));
    }
}
