//! The files: `market-instance/1` and the timetable with its certificate; the only place that knows JSON.
//! Deliberately not here: reading and writing files, and any rule beyond the shape (`instance.rs` has those).

use crate::instance::{Instance, InstanceError, PartySpec, RequestSpec};
use crate::price::{PRICE_PARTS, Prices};
use crate::timetable::Timetable;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

const FORMAT: &str = "market-instance/1";
/// Greatest price in a certificate that can be read, in units of value.
const MAX_PRICE: f64 = 1e10;
/// Bytes of the text before a mistake that are shown with it.
const EXCERPT: usize = 48;

/// A string borrowed from the text where it has no escapes.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an instance")]
struct InstanceFile<'a> {
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    format: Option<Text<'a>>,
    #[serde(borrow)]
    name: Text<'a>,
    slots: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Vec<u16>>,
    parties: Vec<PartyFile<'a>>,
    requests: Vec<RequestFile<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a party")]
struct PartyFile<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    /// Wider than allowed, as is a request's value, so that the refusal can name the party.
    capacity: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_penalty: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compact: Option<bool>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    zone: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a request")]
struct RequestFile<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    parties: Vec<Text<'a>>,
    value: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slots: Option<Vec<u16>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed: Option<u16>,
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "a timetable")]
struct TimetableFile<'a> {
    #[serde(borrow)]
    instance: Text<'a>,
    #[serde(borrow)]
    placed: Vec<(Text<'a>, u16)>,
    value: i64,
    upper_bound: i64,
    #[serde(default)]
    breaks: u64,
    #[serde(default)]
    dashes: u64,
    #[serde(default)]
    certificate: Option<CertificateFile>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(expecting = "a certificate")]
struct CertificateFile {
    #[serde(default)]
    party: BTreeMap<String, serde_json::Number>,
    #[serde(default)]
    party_slot: BTreeMap<String, Vec<serde_json::Number>>,
}

/// Why a timetable's file cannot be read as one of an instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimetableError {
    /// The text is not JSON, or not of the format's shape.
    #[error("the timetable cannot be read: {0}")]
    Syntax(String),
    /// It belongs to another instance.
    #[error("the timetable is for instance \"{found}\", not \"{expected}\"")]
    OtherInstance {
        /// The name in the timetable.
        found: String,
        /// The instance's name.
        expected: String,
    },
    /// It places a request that does not exist.
    #[error("the timetable places request \"{0}\", which does not exist")]
    UnknownRequest(String),
    /// It places a request more than once.
    #[error("the timetable places request \"{0}\" twice")]
    PlacedTwice(String),
    /// Its certificate prices a party that does not exist.
    #[error("the certificate prices party \"{0}\", which does not exist")]
    UnknownParty(String),
    /// A price that cannot be kept exactly enough.
    #[error("the certificate's price {price} of party \"{party}\" is not a number of at most {MAX_PRICE}")]
    Price {
        /// The party.
        party: String,
        /// What was given.
        price: String,
    },
}

impl Instance {
    /// Reads `market-instance/1`.
    pub fn from_json(text: &str) -> Result<Instance, InstanceError> {
        let file: InstanceFile = parse(text).map_err(InstanceError::Syntax)?;
        if let Some(Text(format)) = &file.format
            && format != FORMAT
        {
            return Err(InstanceError::Format(format.to_string()));
        }
        let slots = u16::try_from(file.slots).map_err(|_| InstanceError::SlotCount(file.slots as usize))?;
        let index: HashMap<&str, u32> = (0..).zip(&file.parties).map(|(k, p)| (p.id.0.as_ref(), k)).collect();
        let requests = file
            .requests
            .iter()
            .map(|r| request(r, &index))
            .collect::<Result<_, _>>()?;
        let days = match file.days {
            Some(days) if days.is_empty() => return Err(InstanceError::Days(0)),
            days => days.unwrap_or_default(),
        };
        let parties = file.parties.into_iter().map(party).collect::<Result<_, _>>()?;
        Instance::new(file.name.0.into_owned(), slots, days, parties, requests)
    }

    /// Writes `market-instance/1`.
    pub fn to_json(&self) -> String {
        let parties = self.parties();
        let file = InstanceFile {
            format: Some(text(FORMAT)),
            name: text(self.name()),
            slots: u64::from(self.slots()),
            days: Some(self.days().to_vec()),
            parties: parties.iter().map(party_file).collect(),
            requests: (self.requests().iter())
                .map(|r| RequestFile {
                    id: text(&r.id),
                    parties: r.parties.iter().map(|&p| text(&parties[p as usize].id)).collect(),
                    value: i64::from(r.value),
                    slots: r.slots.clone(),
                    fixed: r.fixed,
                })
                .collect(),
        };
        // Strings, whole numbers and lists of them always serialize.
        serde_json::to_string(&file).unwrap_or_default()
    }
}

fn text(s: &str) -> Text<'_> {
    Text(Cow::Borrowed(s))
}

/// Reads JSON; an error says what is wrong, in which line and column, and what stands before it there.
fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|e| {
        let line = text.lines().nth(e.line().saturating_sub(1)).unwrap_or_default();
        let end = line.floor_char_boundary(e.column());
        let start = line.ceil_char_boundary(end.saturating_sub(EXCERPT));
        match &line[start..end] {
            "" => e.to_string(),
            before => format!("{e}, after {before}"),
        }
    })
}

fn party(file: PartyFile) -> Result<PartySpec, InstanceError> {
    let within = |(slot, &capacity): (usize, &i64)| {
        u32::try_from(capacity).map_err(|_| InstanceError::Capacity {
            party: file.id.0.to_string(),
            slot,
            capacity,
        })
    };
    Ok(PartySpec {
        capacity: file.capacity.iter().enumerate().map(within).collect::<Result<_, _>>()?,
        id: file.id.0.into_owned(),
        max: file.max,
        min: file.min,
        min_penalty: file.min_penalty,
        compact: file.compact.unwrap_or(false),
        zone: file.zone.map(|z| z.0.into_owned()),
    })
}

fn party_file(party: &PartySpec) -> PartyFile<'_> {
    PartyFile {
        id: text(&party.id),
        capacity: party.capacity.iter().map(|&c| i64::from(c)).collect(),
        max: party.max,
        min: party.min,
        min_penalty: party.min_penalty,
        compact: party.compact.then_some(true),
        zone: party.zone.as_deref().map(text),
    }
}

fn request(file: &RequestFile, index: &HashMap<&str, u32>) -> Result<RequestSpec, InstanceError> {
    let find = |p: &Text| {
        index
            .get(p.0.as_ref())
            .copied()
            .ok_or_else(|| InstanceError::UnknownParty {
                request: file.id.0.to_string(),
                party: p.0.to_string(),
            })
    };
    Ok(RequestSpec {
        id: file.id.0.to_string(),
        parties: file.parties.iter().map(find).collect::<Result<_, _>>()?,
        value: u32::try_from(file.value).map_err(|_| InstanceError::Value {
            request: file.id.0.to_string(),
            value: file.value,
        })?,
        slots: file.slots.clone(),
        fixed: file.fixed,
    })
}

impl Timetable {
    /// Writes the timetable with its certificate, as `check.py` reads it.
    pub fn to_json(&self, instance: &Instance) -> String {
        let name = |p: usize| instance.parties()[p].id.clone();
        let rows = self
            .prices
            .party_slot
            .iter()
            .enumerate()
            .filter(|(_, row)| row.iter().any(|&u| u != 0));
        let file = TimetableFile {
            instance: text(instance.name()),
            placed: (self.slot_of.iter().zip(instance.requests()))
                .filter_map(|(slot, r)| slot.map(|s| (text(&r.id), s)))
                .collect(),
            value: self.value,
            upper_bound: self.upper_bound,
            breaks: self.breaks,
            dashes: self.dashes,
            certificate: Some(CertificateFile {
                party: (self.prices.party.iter().enumerate())
                    .filter(|&(_, &y)| y != 0)
                    .map(|(p, &y)| (name(p), number(y)))
                    .collect(),
                party_slot: rows
                    .map(|(p, row)| (name(p), row.iter().map(|&u| number(u)).collect()))
                    .collect(),
            }),
        };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Reads a timetable of this instance; whether it is right is for [`crate::check::check`] to say.
    ///
    /// Prices are kept in parts of [`PRICE_PARTS`], so prices from elsewhere are rounded to the nearest part.
    pub fn from_json(text: &str, instance: &Instance) -> Result<Timetable, TimetableError> {
        let file: TimetableFile = parse(text).map_err(TimetableError::Syntax)?;
        if file.instance.0 != instance.name() {
            return Err(TimetableError::OtherInstance {
                found: file.instance.0.into_owned(),
                expected: instance.name().to_owned(),
            });
        }
        let index: HashMap<&str, usize> = instance
            .requests()
            .iter()
            .enumerate()
            .map(|(k, r)| (r.id.as_str(), k))
            .collect();
        let mut slot_of = vec![None; instance.requests().len()];
        for (Text(id), slot) in &file.placed {
            let r = *index
                .get(id.as_ref())
                .ok_or_else(|| TimetableError::UnknownRequest(id.to_string()))?;
            if slot_of[r].replace(*slot).is_some() {
                return Err(TimetableError::PlacedTwice(id.to_string()));
            }
        }
        Ok(Timetable {
            slot_of,
            value: file.value,
            upper_bound: file.upper_bound,
            breaks: file.breaks,
            dashes: file.dashes,
            prices: prices(&file.certificate.unwrap_or_default(), instance)?,
        })
    }
}

fn prices(file: &CertificateFile, instance: &Instance) -> Result<Prices, TimetableError> {
    let index: HashMap<&str, usize> = instance
        .parties()
        .iter()
        .enumerate()
        .map(|(k, p)| (p.id.as_str(), k))
        .collect();
    let find = |id: &String| {
        let found = index.get(id.as_str()).copied();
        found.ok_or_else(|| TimetableError::UnknownParty(id.clone()))
    };
    let mut prices = Prices::default();
    if !file.party.is_empty() {
        prices.party = vec![0; instance.parties().len()];
    }
    if !file.party_slot.is_empty() {
        prices.party_slot = vec![Vec::new(); instance.parties().len()];
    }
    for (id, price) in &file.party {
        prices.party[find(id)?] = parts(id, price)?;
    }
    for (id, row) in &file.party_slot {
        prices.party_slot[find(id)?] = row.iter().map(|u| slot_parts(id, u)).collect::<Result<_, _>>()?;
    }
    Ok(prices)
}

/// A price as a JSON number: whole where it is whole, else a decimal that is exactly the fraction.
fn number(parts: i64) -> serde_json::Number {
    if parts % PRICE_PARTS == 0 {
        return (parts / PRICE_PARTS).into();
    }
    serde_json::Number::from_f64(parts as f64 / PRICE_PARTS as f64).unwrap_or_else(|| 0.into())
}

/// The same for a slot, where one below 0 is forbidden, and so not rounded to 0.
fn slot_parts(party: &str, price: &serde_json::Number) -> Result<i64, TimetableError> {
    let negative = price.as_f64().is_some_and(|x| x < 0.0);
    Ok(parts(party, price)?.min(if negative { -1 } else { i64::MAX }))
}

fn parts(party: &str, price: &serde_json::Number) -> Result<i64, TimetableError> {
    let units = price.as_f64().filter(|x| x.abs() <= MAX_PRICE);
    let units = units.ok_or_else(|| TimetableError::Price {
        party: party.to_owned(),
        price: price.to_string(),
    })?;
    Ok((units * PRICE_PARTS as f64).round() as i64)
}
