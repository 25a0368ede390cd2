//! The rules of a trade show: every noun, every right, every refusal. Pure: no database, no network, no
//! clock, no environment, no async. Whoever calls brings the facts (a *situation*), the command and a
//! [`Ctx`]; the rule answers with what is to be kept, or with a [`Refusal`].
//!
//! # Glossary: one word per concept, the same in SQL, Rust, GraphQL, the app and prose
//!
//! | word | meaning |
//! | --- | --- |
//! | **programme** | one public contract with its own period, targets and reports; an event belongs to one |
//! | **target** | a figure a programme must reach (or, as a *limit*, must not pass), with definition, unit, due date |
//! | **event** | one trade show: days, slot grid, venue, participants. Every row of an event carries its id |
//! | **phase** | where an event stands: wishes → calculated → open calendar → final → on site → after |
//! | **day**, **slot** | a date of the event; one meeting time on its grid, numbered over all days from 0 |
//! | **cell** | five minutes of the world's time, numbered since 1970: the unit in which anything is occupied |
//! | **resource**, **lane** | who or what can be occupied (a person, a booth's tables, an interpreter pool); one of its places |
//! | **occupancy** | one (resource, lane, cell) taken by a holder: a meeting, a session, an absence |
//! | **venue**, **hall**, **zone** | the building, a room of it, a part of a hall that is near to itself |
//! | **organisation**, **person** | a company; a human being, one over all programmes |
//! | **participation** | a person taking part in an event in a role, for an organisation |
//! | **role** | visitor, buyer, exhibitor, adviser, speaker, interpreter, door staff, organizer, officer |
//! | **buyer** | a participation that comes to buy; has languages, genres, quota, arrival and departure |
//! | **exhibitor** | an organisation that shows at a booth; its staff are participations |
//! | **party**, **direct** | a buyer or an exhibitor; may be booked without being asked first |
//! | **booth**, **table**, **staffing** | where an exhibitor stands; its places for a meeting; how many are staffed when |
//! | **artist** | represented by an exhibitor, with rights in territories |
//! | **wish** | one side wants to meet the other, ranked 1–5 (5 most), or does not want to: *avoid* |
//! | **request** | a pair at least one side wishes for and neither avoids, weighed into one value |
//! | **quota** | the least and the most meetings a party shall have |
//! | **interpreter pool** | so many interpreters of one pair of languages at once |
//! | **timetable** | one version of all meetings: draft → proposed → published → superseded |
//! | **run** | the calculation of a timetable: a draft, held by a lease as long as its process lives |
//! | **fairness** | the shares of wishes a timetable meets: by rank, region, size of the exhibitor; mutual ones |
//! | **disturbance**, **repair** | something that happened on site; the calendar with the fewest people disturbed by it |
//! | **suggestion**, **insertion** | a free slot of a pair; one more meeting, with the fewest others moved |
//! | **explanation** | why a pair does not meet: the whole of it for the organizer, what a side may know for a side |
//! | **placement** | one meeting in a timetable: pair, slot, table, interpreter |
//! | **meeting** | a promised placement in the live calendar: one a buyer–exhibitor pair, company wide |
//! | **meeting request** | one side asks the other for a meeting; holds no place until it is accepted |
//! | **shift** | others asked to move so that one more meeting fits in |
//! | **guest** | who sits at a meeting besides: staff of the booth by name, an adviser |
//! | **check-in**, **no-show** | a side has come to the table; it has not, three minutes after the beginning |
//! | **standby**, **offer** | buyers who wait for a place at a booth; a place that came free, the first yes has it |
//! | **outcome** | what a side notes after a meeting: rating, interest, next step, whether a deal has begun |
//! | **absence**, **stay** | a time a person is not to be had; when a buyer comes and goes |
//! | **verb**, **phase of a verb** | everything that changes something, and when it may |
//! | **notice** | what a person is told: in the app, by mail gathered into a digest, by push |
//! | **letter** | what is kept to be carried out outside: waiting, sent, or failed; the organizer may try it anew |
//! | **calendar feed** | a person's own calendar at a secret address, which programs read without a login |
//! | **refusal** | an expected no, with a stable code and a sentence in Japanese and English |

pub mod absence;
pub mod access;
pub mod arrangement;
pub mod artist;
pub mod audit;
pub mod board;
pub mod booking;
pub mod event;
pub mod explain;
pub mod fairness;
pub mod feed;
pub mod guest;
pub mod id;
pub mod import;
pub mod insert;
pub mod letter;
pub mod market;
pub mod message;
pub mod moving;
pub mod name;
pub mod notice;
pub mod outcome;
pub mod participation;
pub mod party;
pub mod problem;
pub mod programme;
pub mod refusal;
pub mod region;
pub mod repair;
pub mod request;
pub mod run;
mod sentence;
pub mod shift;
pub mod sign_in;
pub mod staffing;
pub mod standby;
pub mod suggest;
pub mod table;
pub mod telling;
pub mod time;
pub mod timetable;
pub mod venue;
pub mod verb;
pub mod what_if;
pub mod wish;

pub use access::{Actor, Role, Roles};
pub use refusal::Refusal;

use id::EventId;
use jiff::Timestamp;

/// Who asks, in which event, when. Made once a request at the edge; rules take the time from here only.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// The event everything is asked about.
    pub event: EventId,
    /// The moment of the request.
    pub now: Timestamp,
    /// Joins the log lines, the audit entry and the answer of one request.
    pub request_id: String,
}

#[cfg(test)]
mod tests;
