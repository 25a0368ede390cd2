//! Persons: draws a name nobody else has yet and a mail address under `.example`, a name that can
//! never belong to anybody (RFC 2606). What the person does at the market is for the callers.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;
use super::names_known::is_known;
use super::part::{Order, Part, join, parts, slug};
use super::{names_east as east, names_japan as japan, names_west as west};

/// Draws of a name before a namesake is accepted; namesakes exist.
const MAX_DRAWS: usize = 40;

/// One person.
pub struct Person {
    /// Name in its owner's script, Latin letters and katakana.
    pub name: Part,
    /// Mail address, unique in the register.
    pub email: String,
}

/// Everybody drawn so far.
pub struct Register {
    draws: usize,
    names: BTreeSet<String>,
    // How often an address was wanted: the second gets a 2.
    emails: BTreeMap<String, usize>,
}

impl Register {
    /// A register in which everybody has a name of their own as long as the lists allow.
    pub fn of_different_names() -> Self {
        Self {
            draws: MAX_DRAWS,
            names: BTreeSet::new(),
            emails: BTreeMap::new(),
        }
    }

    /// A register with namesakes, as any crowd has them.
    pub fn of_a_crowd() -> Self {
        Self {
            draws: 1,
            ..Self::of_different_names()
        }
    }

    /// Whether somebody has this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// A person of the given names at a company with this Latin name.
    pub fn person(
        &mut self,
        order: Order,
        family: &[Part],
        given: &[Part],
        company: &str,
        chance: &mut Chance,
    ) -> Person {
        let host = format!("{}.example", slug(company, '-'));
        self.person_at(order, family, given, &host, chance)
    }

    /// The same with the host of the mail address said.
    pub fn person_at(
        &mut self,
        order: Order,
        family: &[Part],
        given: &[Part],
        host: &str,
        chance: &mut Chance,
    ) -> Person {
        let empty = Part {
            native: String::new(),
            latin: String::new(),
            kana: String::new(),
        };
        let (mut name, mut local) = (empty, String::new());
        for _ in 0..self.draws {
            let (Some(f), Some(g)) = (chance.pick(family), chance.pick(given)) else {
                break;
            };
            name = join(order, f, g);
            local = format!("{}.{}", slug(&g.latin, '-'), slug(&f.latin, '-'));
            if !is_known(&name.kana) && self.names.insert(name.native.clone()) {
                break;
            }
        }
        let email = self.email(&local, host);
        Person { name, email }
    }

    /// A Japanese person.
    pub fn japanese(&mut self, company: &str, chance: &mut Chance) -> Person {
        let given = if chance.percent(48) { japan::WOMEN } else { japan::MEN };
        self.person(
            Order::FamilySpace,
            &parts(japan::FAMILY),
            &parts(given),
            company,
            chance,
        )
    }

    /// Somebody of an exhibitor's own region.
    pub fn of_region(&mut self, region: &str, company: &str, chance: &mut Chance) -> Person {
        let (order, family, given) = match region {
            "KR" => (Order::FamilyJoined, east::KOREAN_FAMILY, east::KOREAN_GIVEN),
            "TW" => (Order::FamilyJoined, east::TAIWAN_FAMILY, east::TAIWAN_GIVEN),
            "FR" => (Order::GivenFirst, west::FRENCH_FAMILY, west::FRENCH_GIVEN),
            "GB" | "US" => (Order::GivenFirst, west::ENGLISH_FAMILY, west::ENGLISH_GIVEN),
            _ => return self.japanese(company, chance),
        };
        self.person(order, &parts(family), &parts(given), company, chance)
    }

    /// A person known by name.
    pub fn known(&mut self, family: &str, given: &str, company: &str) -> Person {
        let mut chance = Chance::new(0, "known");
        self.person(Order::FamilySpace, &parts(family), &parts(given), company, &mut chance)
    }

    /// Names hold no digits, so a numbered address is never somebody's first one.
    fn email(&mut self, local: &str, host: &str) -> String {
        let wanted = format!("{local}@{host}");
        let times = self.emails.entry(wanted.clone()).or_default();
        *times += 1;
        if *times == 1 {
            wanted
        } else {
            format!("{local}{times}@{host}")
        }
    }
}
