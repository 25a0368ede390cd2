//! Limits that are checked before a document is executed, and before most of it is parsed: on whatever way it comes,
//! because the schema asks for them itself. async-graphql limits directives; it has no limit of aliases, root mutations
//! or repetitions, puts fragments in as often as they are named, and its limit of depth would keep the explorer from
//! asking for the schema.

use async_graphql::{
    Name, Positioned, Request, ServerError, ServerResult,
    parser::{
        parse_query,
        types::{ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet},
    },
};
use std::{collections::HashMap, iter::Peekable, str::Chars};

/// Deepest nesting of fields.
pub const MAX_DEPTH: usize = 10;
/// Most aliases in a document, fragments put in.
pub const MAX_ALIASES: usize = 15;
/// Most mutations at the root of a document.
pub const MAX_ROOT_MUTATIONS: usize = 5;
/// Most tokens in a document.
pub const MAX_TOKENS: usize = 1000;
/// Deepest nesting of braces, brackets and parentheses: the parser is recursive.
pub const MAX_NESTING: usize = 40;
/// Most fields and fragments in a document, fragments put in.
pub const MAX_SELECTIONS: usize = 500;

/// Why a document is not executed: one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Too many tokens.
    #[error("the document has more than {MAX_TOKENS} tokens; ask for less at once")]
    Tokens,
    /// Nested too deep.
    #[error("the document is nested deeper than {MAX_NESTING} brackets; ask for less at once")]
    Nesting,
    /// Too many levels of fields.
    #[error("the document is nested too deep, by more than {MAX_DEPTH} fields; ask for less at once")]
    Depth,
    /// Too many fields.
    #[error("the document asks for more than {MAX_SELECTIONS} fields; ask for less at once")]
    Selections,
    /// Too many aliases.
    #[error("the document has more than {MAX_ALIASES} aliases; ask in several requests")]
    Aliases,
    /// Too many root mutations.
    #[error("the document has more than {MAX_ROOT_MUTATIONS} mutations; send them in several requests")]
    Mutations,
    /// The same field twice in one place: it would be worked out twice.
    #[error("the document asks for \"{0}\" twice in one place; ask for it once")]
    Twice(String),
    /// A fragment within itself.
    #[error("the fragment \"{0}\" contains itself")]
    Cycle(String),
    /// Not GraphQL.
    #[error("the document cannot be read: {0}")]
    Unreadable(String),
}

/// Parses a document if it is within the limits.
pub fn within_limits(document: &str) -> Result<ExecutableDocument, TooMuch> {
    scan(document)?;
    let parsed = parse_query(document).map_err(|error| TooMuch::Unreadable(error.to_string()))?;
    count(&parsed)?;
    Ok(parsed)
}

/// The same for a request, in whatever way it came and whether it is parsed or not.
pub(crate) fn hold(request: &mut Request) -> ServerResult<()> {
    let refused = |why: TooMuch| ServerError::new(why.to_string(), None);
    scan(&request.query).map_err(refused)?;
    count(request.parsed_query()?).map_err(refused)
}

/// Counts words, numbers, strings and punctuation, as a GraphQL lexer would, and how deep brackets are nested.
fn scan(document: &str) -> Result<(), TooMuch> {
    let (mut tokens, mut nesting) = (0, 0_usize);
    let mut chars = document.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() || c == ',' || c == '\u{feff}' => continue,
            '#' => {
                while chars.next_if(|c| !['\n', '\r'].contains(c)).is_some() {}
                continue;
            }
            '"' => string(&mut chars)?,
            '{' | '[' | '(' => nesting += 1,
            '}' | ']' | ')' => nesting = nesting.saturating_sub(1),
            c if c.is_alphanumeric() || c == '_' => {
                while chars.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
            }
            _ => {}
        }
        tokens += 1;
        if tokens > MAX_TOKENS {
            return Err(TooMuch::Tokens);
        }
        if nesting > MAX_NESTING {
            return Err(TooMuch::Nesting);
        }
    }
    Ok(())
}

/// Passes over the rest of a string, or of a block string, whose first quotation mark is passed. One that does not end
/// is refused: the parser would try to read it otherwise.
fn string(chars: &mut Peekable<Chars<'_>>) -> Result<(), TooMuch> {
    if chars.next_if_eq(&'"').is_some() {
        return match chars.next_if_eq(&'"') {
            Some(_) => block(chars),
            None => Ok(()),
        };
    }
    while let Some(c) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            '"' => return Ok(()),
            _ => {}
        }
    }
    Err(unended())
}

/// After a backslash three quotation marks stand for themselves.
fn block(chars: &mut Peekable<Chars<'_>>) -> Result<(), TooMuch> {
    let mut marks = 0;
    for c in chars.by_ref() {
        marks = match (c, marks) {
            ('"', 2) => return Ok(()),
            ('"', marks) => marks + 1,
            ('\\', _) => -3,
            _ => 0,
        };
    }
    Err(unended())
}

fn unended() -> TooMuch {
    TooMuch::Unreadable("a string does not end".to_owned())
}

fn count(document: &ExecutableDocument) -> Result<(), TooMuch> {
    let mut count = Count {
        fragments: &document.fragments,
        within: Vec::new(),
        selections: 0,
        aliases: 0,
    };
    for (_, operation) in document.operations.iter() {
        let mut root = Asked::new();
        count.set(&operation.node.selection_set.node, Place::ROOT, &mut root)?;
        let all: usize = root.values().map(Vec::len).sum();
        if operation.node.ty == OperationType::Mutation && all > MAX_ROOT_MUTATIONS {
            return Err(TooMuch::Mutations);
        }
    }
    Ok(())
}

/// The names under which one place is answered so far, each with the types it is asked for.
type Asked<'d> = HashMap<&'d str, Vec<Option<&'d str>>>;

/// Where in a document something is asked.
#[derive(Clone, Copy)]
struct Place<'d> {
    /// The type it is asked for, where only one of several is.
    on: Option<&'d str>,
    /// How many fields are around it. `None` within the schema's own description, which is as deep as it is.
    depth: Option<usize>,
}

impl Place<'_> {
    const ROOT: Self = Self {
        on: None,
        depth: Some(0),
    };
}

/// What a document comes to when its fragments are put in.
struct Count<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    /// The fragments around, from the outside.
    within: Vec<&'d str>,
    selections: usize,
    aliases: usize,
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet, place: Place<'d>, asked: &mut Asked<'d>) -> Result<(), TooMuch> {
        for item in &set.items {
            self.selections += 1;
            if self.selections > MAX_SELECTIONS {
                return Err(TooMuch::Selections);
            }
            match &item.node {
                Selection::Field(field) => self.field(&field.node, place, asked)?,
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(place.on, |condition| Some(&condition.node.on.node));
                    self.set(&fragment.node.selection_set.node, Place { on, ..place }, asked)?;
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, place, asked)?,
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'d Field, place: Place<'d>, asked: &mut Asked<'d>) -> Result<(), TooMuch> {
        self.aliases += usize::from(field.alias.is_some());
        if self.aliases > MAX_ALIASES {
            return Err(TooMuch::Aliases);
        }
        let key = field.response_key().node.as_str();
        let types = asked.entry(key).or_default();
        let twice = types
            .iter()
            .any(|of| of.is_none() || place.on.is_none() || *of == place.on);
        if twice && key != "__typename" {
            return Err(TooMuch::Twice(key.to_owned()));
        }
        types.push(place.on);
        let described = field.name.node.starts_with("__");
        let depth = place.depth.filter(|_| !described).map(|around| around + 1);
        if depth.is_some_and(|depth| depth > MAX_DEPTH) {
            return Err(TooMuch::Depth);
        }
        self.set(&field.selection_set.node, Place { on: None, depth }, &mut Asked::new())
    }

    /// One that is named and not there is found later, by validation.
    fn fragment(&mut self, name: &'d str, place: Place<'d>, asked: &mut Asked<'d>) -> Result<(), TooMuch> {
        if self.within.contains(&name) {
            return Err(TooMuch::Cycle(name.to_owned()));
        }
        let Some(fragment) = self.fragments.get(name) else {
            return Ok(());
        };
        self.within.push(name);
        let on = Some(fragment.node.type_condition.node.on.node.as_str());
        self.set(&fragment.node.selection_set.node, Place { on, ..place }, asked)?;
        self.within.pop();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TOKENS, TooMuch, scan, within_limits};

    #[test]
    fn tokens_are_counted() {
        for (document, expect) in [
            ("{ me { roles } }", 6),
            ("query($a: Int!) { x(y: $a) } # me me me", 17),
            (r#"{ a(b: "c \" d e") }"#, 8),
            (r#"{ a(b: "") }"#, 8),
            (r#"{ a(b: """c "d" " e""") }"#, 8),
            (r#"{ a(b: """" c""") }"#, 8),
            (r#"{ a(b: """c \""" d""") }"#, 8),
            (r#"{ a(b: """c \" d""") }"#, 8),
            ("{ me # a\r me }", 4),
        ] {
            let room = MAX_TOKENS - expect;
            assert_eq!(scan(&format!("{document}{}", " a".repeat(room))), Ok(()), "{document}");
            let over = format!("{document}\n{}", " a".repeat(room + 1));
            assert_eq!(scan(&over), Err(TooMuch::Tokens), "{document}");
        }
    }

    #[test]
    fn limits() {
        let check = |document: String, expect: Option<TooMuch>| {
            assert_eq!(within_limits(&document).err(), expect, "{document}");
        };
        let many = |n: usize, f: fn(usize) -> String| (0..n).map(f).collect::<String>();
        let me = |i| format!("a{i}: me {{ roles }} ");
        let twice = |what: &str| Some(TooMuch::Twice(what.to_owned()));
        check(format!("{{ {} }}", many(15, me)), None);
        check(format!("{{ {} }}", many(16, me)), Some(TooMuch::Aliases));
        let fragment = |rest: &str| format!("{rest} fragment F on Query {{ {} }}", many(8, me));
        check(fragment("{ ...F }"), None);
        check(fragment("{ ...F b { ...F } }"), Some(TooMuch::Aliases));
        check(format!("mutation {{ {} }}", many(5, |i| format!("a{i} "))), None);
        check(
            format!("mutation {{ {} }}", many(6, |i| format!("a{i} "))),
            Some(TooMuch::Mutations),
        );
        let hidden = many(6, |i| format!("a{i} "));
        check(format!("mutation {{ ... {{ {hidden} }} }}"), Some(TooMuch::Mutations));
        check(
            format!("mutation {{ ...F }} fragment F on Mutation {{ {hidden} }}"),
            Some(TooMuch::Mutations),
        );
        let deep = |levels: usize| format!("{{ {} b {} }}", "a { ".repeat(levels - 1), "} ".repeat(levels - 1));
        check(deep(10), None);
        check(deep(11), Some(TooMuch::Depth));
        check(deep(11).replacen('a', "__schema", 1), None);
        check("{ a { b } a { c } }".into(), twice("a"));
        check("{ a { b } ... { a { c } } }".into(), twice("a"));
        check("{ ...F ...F } fragment F on Query { a { b } }".into(), twice("a"));
        check("{ a { ... on B { c } ... on D { c } } }".into(), None);
        check("{ a { ... on B { c } ... on B { c } } }".into(), twice("c"));
        check("{ a { ... on B { c } c } }".into(), twice("c"));
        check("{ __typename a { b c: b } d: a { b } __typename }".into(), None);
        check(
            "{ ...F } fragment F on Query { a { ...F } }".into(),
            Some(TooMuch::Cycle("F".into())),
        );
        check(
            format!("{{ {} }}", many(998, |i| format!("a{i} "))),
            Some(TooMuch::Selections),
        );
        check(format!("{{ {} }}", many(1000, |_| "a ".into())), Some(TooMuch::Tokens));
        check("{".repeat(1001), Some(TooMuch::Nesting));
        for unreadable in [
            "{ me".to_owned(),
            format!("{{ a(b: [\"\"\" x \"]) {} }}", "a ".repeat(1000)),
        ] {
            assert!(
                matches!(within_limits(&unreadable), Err(TooMuch::Unreadable(_))),
                "{unreadable}"
            );
        }
    }

    #[test]
    fn fragments_that_double_are_refused_at_once() {
        let levels = (0..30).map(|i| format!("fragment F{i} on Query {{ ...F{} ...F{} }} ", i + 1, i + 1));
        let bomb = format!("{{ ...F0 }} {}", levels.collect::<String>());
        assert_eq!(within_limits(&bomb).err(), Some(TooMuch::Selections));
    }

    #[test]
    fn what_is_within_the_limits_fits_the_stack() {
        let deep = |open: &str, close: &str| format!("{{ a(b: {}1{}) }}", open.repeat(37), close.repeat(37));
        assert!(within_limits(&deep("[", "]")).is_ok());
        assert!(within_limits(&deep("{c:", "}")).is_ok());
        assert_eq!(within_limits(&deep("[[", "]]")).err(), Some(TooMuch::Nesting));
    }
}
