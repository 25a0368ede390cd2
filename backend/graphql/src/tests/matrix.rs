//! S1, the matrix of rights: every field of every type, asked by everybody about one's own, another's and another
//! event's objects, against the tables of `domain::access`. What was seen is written down once and compared with the
//! tables, so that tables with a planted mistake can be compared too.

use super::{
    contract::{Contract, Field},
    table::lived,
    verbs,
    ways::{ACTORS, CALLS, ONLY, Step, WAYS, Way, Whose},
    world::{Asked, HERE, THERE, World, at_once, by, event_id, sending},
};
use crate::{Schema, mutation::Mutation, query::Query, subscription::Subscription};
use domain::{
    Actor, Role, Roles,
    access::{self, FIELDS, Seen},
    id::{BoothId, PersonId, ROOT},
};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// What somebody saw of the objects at the end of a way.
struct Sight {
    actor: &'static str,
    of: String,
    /// (type, field, whether it stands on the actor's own) of every field gone through.
    through: Vec<(String, String, bool)>,
    /// Whether there is anything at the end.
    there: bool,
    asked: Vec<String>,
    objects: Vec<Reached>,
    /// An error, which no answer here may have.
    error: Option<String>,
    document: String,
}

impl Sight {
    fn is_about(&self, on: &str, field: &str) -> bool {
        let asked = self.of == on && self.asked.iter().any(|asked| asked == field);
        asked
            || self
                .through
                .iter()
                .any(|(object, through, _)| object == on && through == field)
    }
}

struct Reached {
    own: bool,
    /// Fields that were not `null`.
    present: HashSet<String>,
}

/// The table compared with: the row of a field.
type Rows<'r> = &'r dyn Fn(&str, &str) -> Option<Seen>;

fn actor(name: &str) -> Actor {
    let mut actor = match name {
        "nobody" => Actor::nobody(),
        _ => Actor::person(PersonId::derived(ROOT, name)),
    };
    actor.roles = Roles::of(Role::parse(name));
    actor
}

/// Ids of what is the actor's own.
fn owned(world: &World, name: &str, who: &str) -> HashSet<String> {
    let (home, code) = who.split_once('/').unwrap_or((HERE, who));
    let mut ids = vec![PersonId::derived(ROOT, &super::market::email(home, code)).0];
    match name {
        "buyer" => ids.push(world.id(HERE, code)),
        "exhibitor" => ids.extend([world.id(HERE, "X02"), BoothId::derived(event_id(HERE), "C-02").0]),
        _ => {}
    }
    ids.into_iter().map(|id| id.to_string()).collect()
}

fn bare(selection: &str) -> &str {
    let selection = selection.strip_prefix("mutation ").unwrap_or(selection);
    selection.split('(').next().unwrap_or_default()
}

fn is_in(name: &str, whose: Whose) -> bool {
    whose.contains(&name)
}

fn selected(field: &Field) -> String {
    let inner = if field.composite { " { __typename }" } else { "" };
    format!("{}{inner} ", field.name)
}

/// The document that goes a way and asks for every field at its end.
fn document(steps: &[Step], fields: &[Field]) -> String {
    let mut document = fields.iter().map(selected).collect::<String>();
    for (selection, _) in steps.iter().rev() {
        document = match selection.strip_prefix("mutation ") {
            Some(selection) => return format!("mutation {{ {selection} {{ {document} }} }}"),
            None => format!("{selection} {{ {document} }}"),
        };
    }
    format!("{{ {document} }}")
}

/// The fields gone through, with the types they stand on.
fn through(contract: &Contract, name: &str, steps: &[Step]) -> Vec<(String, String, bool)> {
    let mut on = "Query".to_owned();
    let mut through = Vec::new();
    for (selection, whose) in steps {
        if let Some(of) = selection.strip_prefix("... on ") {
            of.clone_into(&mut on);
            continue;
        }
        if selection.starts_with("mutation ") {
            on = "Mutation".to_owned();
        }
        let field = contract.field(&on, bare(selection));
        through.push((on, field.name.clone(), is_in(name, whose)));
        on = field.of.clone();
    }
    through
}

/// The objects at the end of a way; lists are gone through.
fn reached<'v>(value: &'v Value, steps: &[Step]) -> Vec<&'v Value> {
    let flat = |value: &'v Value| match value {
        Value::Array(items) => items.iter().collect::<Vec<_>>(),
        one => vec![one],
    };
    let mut at = vec![value];
    for (selection, _) in steps.iter().filter(|(selection, _)| !selection.starts_with("...")) {
        at = at.into_iter().flat_map(|value| flat(&value[bare(selection)])).collect();
        at.retain(|value| !value.is_null());
    }
    at
}

fn present(value: &Value, fields: &[Field]) -> HashSet<String> {
    let there = fields.iter().filter(|field| !value[&field.name].is_null());
    there.map(|field| field.name.clone()).collect()
}

/// One who looks, through a schema, with ids of an event.
struct Looker<'w> {
    world: &'w World,
    schema: &'w Schema,
    contract: &'w Contract,
    name: &'static str,
    who: &'static str,
    own: HashSet<String>,
}

impl Looker<'_> {
    async fn ask(&self, ids: &str, document: &str) -> (Value, Option<String>) {
        let asked = Asked { ids, ..by(self.who) };
        let request = self.world.request(asked, document).await;
        let answer = self.schema.execute(request).await;
        let error = answer.errors.first().map(|error| error.message.clone());
        (answer.data.into_json().expect("JSON"), error)
    }

    /// `ids` of the other event lead nowhere.
    async fn look(&self, way: &'static Way, ids: &str) -> Sight {
        let fields = &self.contract.object(way.of).fields;
        let document = document(way.steps, fields);
        let (data, error) = self.ask(ids, &document).await;
        let objects = reached(&data, way.steps).into_iter().map(|value| Reached {
            own: value["id"].as_str().is_some_and(|id| self.own.contains(id)),
            present: present(value, fields),
        });
        Sight {
            actor: self.name,
            of: way.of.to_owned(),
            through: through(self.contract, self.name, way.steps),
            there: ids == HERE && (way.there.is_empty() || is_in(self.name, way.there)),
            asked: fields.iter().map(|field| field.name.clone()).collect(),
            objects: objects.collect(),
            error,
            document,
        }
    }

    async fn call(&self, field: &Field, (args, whose, there): (&str, Whose, Whose), ids: &str) -> Sight {
        let inner = if field.composite { "{ __typename }" } else { "" };
        let document = format!("{{ {}{args} {inner} }}", field.name);
        let (data, error) = self.ask(ids, &document).await;
        Sight {
            actor: self.name,
            of: "Query".to_owned(),
            through: Vec::new(),
            there: ids == HERE && (there.is_empty() || is_in(self.name, there)),
            asked: vec![field.name.clone()],
            objects: vec![Reached {
                own: is_in(self.name, whose),
                present: present(&data, std::slice::from_ref(field)),
            }],
            error,
            document,
        }
    }
}

/// Everybody looks at everything.
async fn look(world: &World, schema: &Schema, contract: &Contract) -> Vec<Sight> {
    let mut sights = Vec::new();
    for (name, who) in ACTORS {
        let own = owned(world, name, who);
        let looker = Looker {
            world,
            schema,
            contract,
            name,
            who,
            own,
        };
        for way in WAYS {
            sights.push(looker.look(way, HERE).await);
            let document = way.steps[0].0;
            if document.contains('<') && !document.starts_with("mutation") {
                sights.push(looker.look(way, THERE).await);
            }
        }
        for field in &contract.object("Query").fields {
            let mut calls: Vec<_> = CALLS.iter().filter(|(of, ..)| *of == field.name).collect();
            if calls.is_empty() && field.needs.is_empty() {
                let there: Whose = if field.name == "myBooth" { &["exhibitor"] } else { &[] };
                sights.push(looker.call(field, ("", &[], there), HERE).await);
            }
            for (_, args, whose, there) in calls.drain(..) {
                for ids in [HERE, THERE] {
                    sights.push(looker.call(field, (args, whose, there), ids).await);
                }
            }
        }
    }
    sights
}

fn cells(sights: &[Sight]) -> usize {
    sights.iter().map(|sight| sight.asked.len()).sum()
}

/// Where what was seen is not what the table says.
fn deviations(sights: &[Sight], rows: Rows<'_>) -> Vec<String> {
    sights.iter().flat_map(|sight| deviating(sight, rows)).collect()
}

/// Whether a field that may be asked has nothing to say to somebody.
fn silent(of: &str, field: &str, name: &str) -> bool {
    let mut rows = ONLY.iter();
    rows.any(|(object, one, whose)| (*object, *one) == (of, field) && !is_in(name, whose))
}

fn deviating(sight: &Sight, rows: Rows<'_>) -> Vec<String> {
    let Sight { of, actor: name, .. } = sight;
    let actor = actor(name);
    let sees = |on: &str, field: &str, own| rows(on, field).map(|seen| access::sees(&actor, seen, own));
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{name}: {what} by {}", sight.document));
    if let Some(error) = &sight.error {
        say(format!("an error ({error})"));
    }
    let open = sight
        .through
        .iter()
        .all(|(on, field, own)| sees(on, field, *own) == Some(true));
    let open = open && sight.there;
    if open && sight.objects.is_empty() {
        say(format!("reaches no {of}"));
    }
    for field in &sight.asked {
        for own in [true, false] {
            let objects = sight.objects.iter().filter(|object| object.own == own);
            let shown: Vec<bool> = objects.map(|object| object.present.contains(field)).collect();
            match sees(of, field, own) {
                None => say(format!("{of}.{field} has no row")),
                Some(right) if right && open && !silent(of, field, name) => {
                    if !shown.is_empty() && !shown.contains(&true) {
                        say(format!("{of}.{field} is missing (own: {own})"));
                    }
                }
                Some(_) => {
                    if shown.contains(&true) {
                        say(format!("{of}.{field} is shown (own: {own})"));
                    }
                }
            }
        }
    }
    found
}

/// What the matrix cannot see for want of a way, a call or a row; and rows of what is not there.
fn gaps(contract: &Contract) -> Vec<String> {
    let mut gaps = Vec::new();
    for object in &contract.objects {
        let elsewhere = [
            "Query",
            "Mutation",
            "Subscription",
            "PublishedNotice",
            "ChangedNotice",
            // There is nothing to revoke for those who look.
            "CalendarRevoked",
        ];
        if !elsewhere.contains(&object.name.as_str()) && !WAYS.iter().any(|way| way.of == object.name) {
            gaps.push(format!("there is no way to a {}: add one to ways.rs", object.name));
        }
        for field in &object.fields {
            if access::seen(&object.name, &field.name).is_none() {
                gaps.push(format!("{}.{} has no row in domain::access", object.name, field.name));
            }
        }
    }
    for field in &contract.object("Query").fields {
        if !field.needs.is_empty() && !CALLS.iter().any(|(name, ..)| *name == field.name) {
            gaps.push(format!(
                "Query.{} needs {:?}: add a call to ways.rs",
                field.name, field.needs
            ));
        }
    }
    for (object, field, _) in FIELDS {
        let found = contract.objects.iter().find(|one| one.name == *object);
        if !found.is_some_and(|one| *field == "*" || one.fields.iter().any(|f| f.name == *field)) {
            gaps.push(format!("the row {object}.{field} is about nothing"));
        }
    }
    gaps.extend(unkept_promises(contract));
    gaps
}

/// Roles for which something is open; `None`: for whoever comes there.
fn roles(object: &str, field: &str) -> Option<&'static [Role]> {
    match access::seen(object, field)? {
        Seen::By(roles) => Some(roles),
        _ => None,
    }
}

/// A guarded field that promises never to be `null` breaks its promise, unless all who come to its type may see it.
fn unkept_promises(contract: &Contract) -> Vec<String> {
    let leads_to = |field: &Field, object: &str| {
        let of = |one: &str| one == object;
        let mut unions = contract.unions.iter().filter(|(name, _)| *name == field.of);
        of(&field.of) || unions.any(|(_, members)| members.iter().any(|member| of(member)))
    };
    let comes = |object: &str, allowed: &[Role]| {
        let all = contract
            .objects
            .iter()
            .flat_map(|on| on.fields.iter().map(move |field| (on, field)));
        let mut leading = all.filter(|(_, field)| leads_to(field, object));
        leading.all(|(on, field)| match on.name.as_str() {
            "Mutation" => verbs::allowed(&field.name).iter().all(|role| allowed.contains(role)),
            // Pages are seen by whoever reaches them; the fields that lead to pages are asked for themselves.
            page if page.ends_with("Connection") || page.ends_with("Edge") => true,
            _ => roles(&on.name, &field.name).is_some_and(|roles| roles.iter().all(|role| allowed.contains(role))),
        })
    };
    let mut broken = Vec::new();
    for object in &contract.objects {
        for field in object.fields.iter().filter(|field| field.promised) {
            let kept = match access::seen(&object.name, &field.name) {
                None | Some(Seen::ByAll) => true,
                Some(Seen::By(allowed)) => comes(&object.name, allowed),
                // Told of by the end of the stream, not by `null`.
                Some(Seen::SignedIn) => object.name == "Subscription",
                Some(Seen::OwnOr(_)) => false,
            };
            if !kept {
                broken.push(format!("{}.{} is guarded and never null", object.name, field.name));
            }
        }
    }
    broken
}

/// The schema with the gate left out.
fn ungated(world: &World) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription);
    builder
        .data(world.store.clone())
        .data(at_once())
        .data(sending())
        .finish()
}

#[tokio::test]
async fn everybody_sees_what_the_table_says() {
    let (mut world, contract) = (World::small().await.with_guests().await, Contract::of_schema().await);
    lived(&mut world).await;
    assert_eq!(gaps(&contract), [""; 0]);
    let sights = look(&world, &world.schema, &contract).await;
    assert_eq!(deviations(&sights, &access::seen), [""; 0]);
    println!("matrix of rights: {} cells of fields", cells(&sights));
    every_relation_was_tried(&sights);
    every_planted_mistake_is_noticed(&sights, &contract);

    let open = look(&world, &ungated(&world), &contract).await;
    let without = deviations(&open, &access::seen).join("\n");
    for shown in [
        "Query.audit is shown",
        "Query.timetables is shown",
        "Exhibitor.staff is shown",
    ] {
        assert!(without.contains(shown), "without the gate {shown}");
    }
}

/// A field about somebody was asked of one's own, of another's and of another event's object.
fn every_relation_was_tried(sights: &[Sight]) {
    for (of, field, _) in FIELDS.iter().filter(|row| matches!(row.2, Seen::OwnOr(_))) {
        let asked = || {
            sights
                .iter()
                .filter(|sight| sight.of == *of && sight.asked.iter().any(|asked| asked == field))
        };
        let tried = |own| asked().any(|sight| sight.there && sight.objects.iter().any(|object| object.own == own));
        assert!(tried(true) && tried(false), "{of}.{field}");
        assert!(asked().any(|sight| !sight.there), "{of}.{field} of the other event");
    }
}

/// The negative control: every row made stricter by one role, or wider by one, is noticed.
fn every_planted_mistake_is_noticed(sights: &[Sight], contract: &Contract) {
    let mut planted = 0;
    // Who came to objects of a type that are not the actor's own, and to any.
    let (mut strange, mut came): (BTreeMap<&str, HashSet<&str>>, HashSet<&str>) = Default::default();
    for sight in sights.iter().filter(|sight| !sight.objects.is_empty()) {
        came.insert(&sight.of);
        if sight.objects.iter().any(|object| !object.own) {
            strange.entry(&sight.of).or_default().insert(sight.actor);
        }
    }
    let mut notice = |on: &str, of: &str, wrong: Option<Seen>| {
        planted += 1;
        let rows = |object: &str, field: &str| {
            if (object, field) == (on, of) {
                wrong
            } else {
                access::seen(object, field)
            }
        };
        let about = sights.iter().filter(|sight| sight.is_about(on, of));
        let noticed = about.into_iter().any(|sight| !deviating(sight, &rows).is_empty());
        assert!(noticed, "{on}.{of} as {wrong:?} is not noticed");
    };
    for object in contract
        .objects
        .iter()
        .filter(|object| came.contains(object.name.as_str()))
    {
        let never = |field: &&Field| ONLY.contains(&(object.name.as_str(), field.name.as_str(), &[]));
        for field in object.fields.iter().filter(|field| !never(field)) {
            let (on, of) = (object.name.as_str(), field.name.as_str());
            notice(on, of, None);
            notice(on, of, Some(Seen::By(&[])));
            let Some(Seen::By(roles) | Seen::OwnOr(roles)) = access::seen(on, of) else {
                continue;
            };
            let own = matches!(access::seen(on, of), Some(Seen::OwnOr(_)));
            if own {
                notice(on, of, Some(Seen::By(roles)));
            }
            for role in Role::ALL.into_iter().filter(|role| strange[on].contains(role.code())) {
                let other: Vec<Role> = if roles.contains(&role) {
                    roles.iter().copied().filter(|one| *one != role).collect()
                } else {
                    roles.iter().copied().chain([role]).collect()
                };
                // A handful of words for the length of a test.
                let other: &'static [Role] = other.leak();
                notice(on, of, Some(if own { Seen::OwnOr(other) } else { Seen::By(other) }));
            }
        }
    }
    println!("matrix of rights: {planted} planted mistakes, all noticed");
}
