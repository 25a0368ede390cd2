//! The tables as sea-orm sees them, one row of this page a column. They do not leave this crate. No relations:
//! what is loaded together is loaded by one statement a table, batched by ids.
//!
//! Times are Unix milliseconds, dates ISO texts, lists comma-joined codes: the same on both databases.

#![allow(
    missing_docs,
    reason = "names are the glossary's; sea-orm's derives add undocumented items"
)]

/// Declares tables. `event` marks those whose rows belong to an event (column `event_id`) and can be read only
/// through a scope; `world` marks those that belong to none.
macro_rules! tables {
    ($($module:ident $table:literal $scope:ident { $($(#[$meta:meta])* $field:ident: $ty:ty),* $(,)? })*) => {
        $(pub mod $module {
            use sea_orm::entity::prelude::*;
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$meta])* pub $field: $ty),* }
            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
            tables!(@scope $scope);
        })*

        /// Calls a macro with every table's module, in an order in which rows may be inserted.
        macro_rules! every_table { ($call:ident) => { $call! { $($module)* } } }
        pub(crate) use every_table;
    };
    (@scope event) => {
        impl crate::scope::InEvent for Entity {
            const EVENT: Self::Column = Column::EventId;
        }
    };
    (@scope world) => {
        impl crate::scope::InNoEvent for Entity {}
    };
}

tables! {
    programme "programme" world {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, code: String, name_ja: String, name_en: String,
        starts_on: String, ends_on: String,
    }
    target "target" world {
        #[sea_orm(primary_key, auto_increment = false)] programme_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] code: String,
        name_ja: String, name_en: String, definition: String, unit: String, amount: i64, kind: String,
        grouping: String, due_on: String,
    }
    event "event" world {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, programme_id: Uuid, code: String, name_ja: String,
        name_en: String, zone: String, phase: String, venue_ja: String, venue_en: String,
    }
    slot "slot" event {
        #[sea_orm(primary_key, auto_increment = false)] event_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] number: i32,
        day: i32, starts: i64, ends: i64, frees: i64,
    }
    hall "hall" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, code: String, name_ja: String,
        name_en: String,
    }
    zone "zone" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, hall_id: Uuid, code: String,
        name_ja: String, name_en: String,
    }
    organisation "organisation" world {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, written: String, reading: Option<String>,
        latin: Option<String>, region: Option<String>,
    }
    person "person" world {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, written: String, reading: Option<String>,
        latin: Option<String>, email: Option<String>, languages: String,
    }
    exhibitor "exhibitor" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, organisation_id: Uuid, code: String,
        languages: String, genres: String, quota_min: Option<i32>, quota_max: Option<i32>, homepage: Option<String>,
    }
    participation "participation" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, person_id: Uuid,
        organisation_id: Option<Uuid>, role: String, exhibitor_id: Option<Uuid>, code: String,
    }
    booth "booth" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, exhibitor_id: Uuid, code: String,
        zone_id: Uuid, tables: i32,
    }
    staffing "staffing" event {
        #[sea_orm(primary_key, auto_increment = false)] booth_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] starts: i64,
        event_id: Uuid, ends: i64, tables: i32,
    }
    buyer "buyer" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, person_id: Uuid,
        organisation_id: Uuid, code: String, languages: String, genres: String, rights: String, territories: String,
        arrives: Option<i64>, leaves: Option<i64>, quota_min: Option<i32>, quota_max: Option<i32>,
    }
    artist "artist" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, exhibitor_id: Uuid, code: String,
        written: String, reading: Option<String>, latin: Option<String>, genre: String, rights: String,
        territories: String,
    }
    interpreter_pool "interpreter_pool" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, position: i32, code: String,
        language_a: String, language_b: String, interpreters: i32,
    }
    wish "wish" event {
        #[sea_orm(primary_key, auto_increment = false)] buyer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] exhibitor_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] side: String,
        event_id: Uuid, rank: Option<i32>,
    }
    session "session" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, code: String, title_ja: String,
        title_en: String, starts: i64, ends: i64, place: String,
    }
    attendance "attendance" event {
        #[sea_orm(primary_key, auto_increment = false)] session_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] person_id: Uuid,
        event_id: Uuid,
    }
    absence "absence" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, person_id: Uuid, starts: i64,
        ends: i64, reason: String,
    }
    timetable "timetable" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, version: i32, state: String,
        value: i64, upper_bound: i64, requests: i32, placed: i32, mutual: i32, mutual_placed: i32, breaks: i64,
        dashes: i64, seed: i64, certificate: String, proposed_at: i64, published_at: Option<i64>,
        leased_until: Option<i64>, stop_asked_at: Option<i64>, ran_ms: Option<i64>, failure: Option<String>,
    }
    placement "placement" event {
        #[sea_orm(primary_key, auto_increment = false)] timetable_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] buyer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] exhibitor_id: Uuid,
        event_id: Uuid, slot: i32, booth_id: Uuid, seat: i32, pool_id: Option<Uuid>, lane: Option<i32>,
    }
    meeting "meeting" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, buyer_id: Uuid, exhibitor_id: Uuid,
        slot: i32, booth_id: Uuid, seat: i32, pool_id: Option<Uuid>, lane: Option<i32>, state: String,
        timetable_id: Option<Uuid>, revision: i32, locked: bool, buyer_came_at: Option<i64>,
        exhibitor_came_at: Option<i64>, ended_at: Option<i64>, absent: Option<String>,
    }
    guest "guest" event {
        #[sea_orm(primary_key, auto_increment = false)] meeting_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] person_id: Uuid,
        event_id: Uuid, part: String,
    }
    party_setting "party_setting" event {
        #[sea_orm(primary_key, auto_increment = false)] party_id: Uuid, event_id: Uuid, direct: bool,
    }
    meeting_request "meeting_request" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, buyer_id: Uuid, exhibitor_id: Uuid,
        side: String, state: String, turn: String, message: String, slots: String, made_by: Uuid, made_at: i64,
        expires_at: i64, answered_at: Option<i64>, reason: Option<String>, meeting_id: Option<Uuid>,
    }
    shift "shift" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, buyer_id: Uuid, exhibitor_id: Uuid,
        slot: i32, asked_by: Uuid, state: String, made_at: i64, expires_at: i64,
    }
    shift_move "shift_move" event {
        #[sea_orm(primary_key, auto_increment = false)] shift_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] meeting_id: Uuid,
        event_id: Uuid, from_slot: i32, to_slot: i32, seen_revision: i32, buyer_yes: Option<bool>,
        exhibitor_yes: Option<bool>,
    }
    standby "standby" event {
        #[sea_orm(primary_key, auto_increment = false)] buyer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] exhibitor_id: Uuid,
        event_id: Uuid, at: i64,
    }
    offer "offer" event {
        #[sea_orm(primary_key, auto_increment = false)] id: Uuid, event_id: Uuid, buyer_id: Uuid, exhibitor_id: Uuid,
        slot: i32, booth_id: Uuid, seat: i32, state: String, made_at: i64, expires_at: i64,
    }
    outcome "outcome" event {
        #[sea_orm(primary_key, auto_increment = false)] meeting_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] side: String,
        event_id: Uuid, by: Uuid, at: i64, rating: Option<i32>, note: String, interest: Option<String>,
        next_step: String, deal: bool,
    }
    notice "notice" event {
        #[sea_orm(primary_key)] id: i64, event_id: Uuid, person_id: Uuid, at: i64, kind: String,
        meeting_id: Option<Uuid>, request_id: Option<Uuid>, said: String, read_at: Option<i64>,
    }
    calendar_feed "calendar_feed" world {
        #[sea_orm(primary_key, auto_increment = false)] secret_hash: Vec<u8>, person_id: Uuid, event_id: Uuid,
        made_at: i64, revoked_at: Option<i64>,
    }
    fact "fact" world {
        #[sea_orm(primary_key, auto_increment = false)] event_id: Uuid, stamp: Uuid,
    }
    occupancy "occupancy" event {
        #[sea_orm(primary_key, auto_increment = false)] resource: Uuid,
        #[sea_orm(primary_key, auto_increment = false)] lane: i32,
        #[sea_orm(primary_key, auto_increment = false)] cell: i64,
        event_id: Uuid, kind: String, holder: Uuid,
    }
    idempotency "idempotency" world {
        #[sea_orm(primary_key, auto_increment = false)] actor: String,
        #[sea_orm(primary_key, auto_increment = false)] operation: String,
        #[sea_orm(primary_key, auto_increment = false)] key: String,
        fingerprint: String, answer: String, at: i64,
    }
    outbox "outbox" event {
        #[sea_orm(primary_key)] id: i64, event_id: Uuid, at: i64, topic: String, recipient: Option<Uuid>,
        payload: String, tries: i32, due: i64, done_at: Option<i64>, failed_at: Option<i64>, problem: Option<String>,
    }
    audit "audit" world {
        #[sea_orm(primary_key, auto_increment = false)] number: i64, event_id: Option<Uuid>, at: i64, actor: String,
        verb: String, subject: String, detail: String, request: String, seal: Vec<u8>,
    }
    login "login" world {
        #[sea_orm(primary_key, auto_increment = false)] secret_hash: Vec<u8>, person_id: Uuid, made_at: i64,
        seen_at: i64, ended_at: Option<i64>,
    }
    link "link" world {
        #[sea_orm(primary_key, auto_increment = false)] secret_hash: Vec<u8>, person_id: Uuid, made_at: i64,
        used_at: Option<i64>, tries: i32, browser_hash: Option<Vec<u8>>, code_hash: Option<Vec<u8>>,
    }
}
