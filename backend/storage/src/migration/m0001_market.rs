//! The first schema: programmes, events, market, timetable, live calendar, and what every write leaves behind.

use super::sketch::{self, References, Sketch, sketch};
use sea_orm_migration::{
    async_trait,
    prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager},
    sea_orm::ConnectionTrait,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_market"
    }
}

const BY_CODE: &[&[&str]] = &[&["event_id", "code"]];

const TABLES: &[Sketch] = &[
    Sketch {
        unique: &[&["code"]],
        ..sketch(
            "programme",
            "id:u code:s name_ja:s name_en:s starts_on:s ends_on:s",
            &["id"],
        )
    },
    sketch(
        "target",
        "programme_id:u code:s name_ja:s name_en:s definition:s unit:s amount:b kind:s grouping:s due_on:s",
        &["programme_id", "code"],
    ),
    Sketch {
        unique: &[&["code"]],
        ..sketch(
            "event",
            "id:u programme_id:u code:s name_ja:s name_en:s zone:s phase:s venue_ja:s venue_en:s",
            &["id"],
        )
    },
    sketch(
        "slot",
        "event_id:u number:i day:i starts:b ends:b frees:b",
        &["event_id", "number"],
    ),
    Sketch {
        unique: BY_CODE,
        ..sketch("hall", "id:u event_id:u code:s name_ja:s name_en:s", &["id"])
    },
    Sketch {
        unique: BY_CODE,
        ..sketch("zone", "id:u event_id:u hall_id:u code:s name_ja:s name_en:s", &["id"])
    },
    sketch("organisation", "id:u written:s reading:S latin:S region:S", &["id"]),
    Sketch {
        unique: &[&["email"]],
        ..sketch(
            "person",
            "id:u written:s reading:S latin:S email:S languages:s",
            &["id"],
        )
    },
    Sketch {
        unique: BY_CODE,
        ..sketch(
            "exhibitor",
            "id:u event_id:u organisation_id:u code:s languages:s genres:s quota_min:I quota_max:I homepage:S",
            &["id"],
        )
    },
    Sketch {
        unique: BY_CODE,
        index: &[&["person_id"]],
        ..sketch(
            "participation",
            "id:u event_id:u person_id:u organisation_id:U role:s exhibitor_id:U code:s",
            &["id"],
        )
    },
    Sketch {
        unique: &[&["event_id", "code"], &["exhibitor_id"]],
        ..sketch(
            "booth",
            "id:u event_id:u exhibitor_id:u code:s zone_id:u tables:i",
            &["id"],
        )
    },
    sketch(
        "staffing",
        "booth_id:u starts:b event_id:u ends:b tables:i",
        &["booth_id", "starts"],
    ),
    Sketch {
        unique: BY_CODE,
        ..sketch(
            "buyer",
            "id:u event_id:u person_id:u organisation_id:u code:s languages:s genres:s rights:s territories:s \
                 arrives:B leaves:B quota_min:I quota_max:I",
            &["id"],
        )
    },
    Sketch {
        unique: BY_CODE,
        index: &[&["exhibitor_id"]],
        ..sketch(
            "artist",
            "id:u event_id:u exhibitor_id:u code:s written:s reading:S latin:S genre:s rights:s territories:s",
            &["id"],
        )
    },
    Sketch {
        unique: BY_CODE,
        ..sketch(
            "interpreter_pool",
            "id:u event_id:u position:i code:s language_a:s language_b:s interpreters:i",
            &["id"],
        )
    },
    Sketch {
        index: &[&["event_id"]],
        ..sketch(
            "wish",
            "buyer_id:u exhibitor_id:u side:s event_id:u rank:I",
            &["buyer_id", "exhibitor_id", "side"],
        )
    },
    Sketch {
        unique: BY_CODE,
        ..sketch(
            "session",
            "id:u event_id:u code:s title_ja:s title_en:s starts:b ends:b place:s",
            &["id"],
        )
    },
    Sketch {
        index: &[&["person_id"]],
        ..sketch(
            "attendance",
            "session_id:u person_id:u event_id:u",
            &["session_id", "person_id"],
        )
    },
    Sketch {
        index: &[&["person_id"]],
        ..sketch(
            "absence",
            "id:u event_id:u person_id:u starts:b ends:b reason:s",
            &["id"],
        )
    },
    Sketch {
        unique: &[&["event_id", "version"]],
        ..sketch(
            "timetable",
            "id:u event_id:u version:i state:s value:b upper_bound:b requests:i placed:i mutual:i \
                 mutual_placed:i breaks:b dashes:b seed:b certificate:s proposed_at:b published_at:B",
            &["id"],
        )
    },
    sketch(
        "placement",
        "timetable_id:u buyer_id:u exhibitor_id:u event_id:u slot:i booth_id:u seat:i pool_id:U lane:I",
        &["timetable_id", "buyer_id", "exhibitor_id"],
    ),
    Sketch {
        index: &[&["event_id", "buyer_id"], &["event_id", "exhibitor_id"]],
        ..sketch(
            "meeting",
            "id:u event_id:u buyer_id:u exhibitor_id:u slot:i booth_id:u seat:i pool_id:U lane:I state:s \
                 timetable_id:U",
            &["id"],
        )
    },
    Sketch {
        index: &[&["holder"]],
        ..sketch(
            "occupancy",
            "resource:u lane:i cell:b event_id:u kind:s holder:u",
            &["resource", "lane", "cell"],
        )
    },
    Sketch {
        index: &[&["at"]],
        ..sketch(
            "idempotency",
            "actor:s operation:s key:s fingerprint:s answer:s at:b",
            &["actor", "operation", "key"],
        )
    },
    Sketch {
        index: &[&["done_at", "due"]],
        ..sketch(
            "outbox",
            "id:+ event_id:u at:b topic:s recipient:U payload:s tries:i due:b done_at:B",
            &["id"],
        )
    },
    sketch(
        "audit",
        "number:b event_id:U at:b actor:s verb:s subject:s detail:s request:s seal:x",
        &["number"],
    ),
    Sketch {
        index: &[&["person_id"]],
        ..sketch(
            "login",
            "secret_hash:x person_id:u made_at:b seen_at:b ended_at:B",
            &["secret_hash"],
        )
    },
    Sketch {
        index: &[&["person_id"]],
        ..sketch(
            "link",
            "secret_hash:x person_id:u made_at:b used_at:B tries:i browser_hash:X code_hash:X",
            &["secret_hash"],
        )
    },
];

const REFERENCES: References = &[
    ("target", "programme_id", "programme"),
    ("event", "programme_id", "programme"),
    ("slot", "event_id", "event"),
    ("hall", "event_id", "event"),
    ("zone", "hall_id", "hall"),
    ("exhibitor", "event_id", "event"),
    ("exhibitor", "organisation_id", "organisation"),
    ("participation", "event_id", "event"),
    ("participation", "person_id", "person"),
    ("participation", "exhibitor_id", "exhibitor"),
    ("booth", "exhibitor_id", "exhibitor"),
    ("booth", "zone_id", "zone"),
    ("staffing", "booth_id", "booth"),
    ("buyer", "id", "participation"),
    ("buyer", "organisation_id", "organisation"),
    ("artist", "exhibitor_id", "exhibitor"),
    ("interpreter_pool", "event_id", "event"),
    ("wish", "buyer_id", "buyer"),
    ("wish", "exhibitor_id", "exhibitor"),
    ("session", "event_id", "event"),
    ("attendance", "session_id", "session"),
    ("attendance", "person_id", "person"),
    ("absence", "person_id", "person"),
    ("timetable", "event_id", "event"),
    ("placement", "timetable_id", "timetable"),
    ("meeting", "buyer_id", "buyer"),
    ("meeting", "exhibitor_id", "exhibitor"),
    ("login", "person_id", "person"),
    ("link", "person_id", "person"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sketch::make(manager, TABLES, REFERENCES).await?;
        // Of all versions one is published, of all meetings of a pair one is live: the database itself says so.
        for index in [
            "CREATE UNIQUE INDEX timetable_published ON timetable (event_id) WHERE state = 'published'",
            "CREATE UNIQUE INDEX meeting_of_pair ON meeting (event_id, buyer_id, exhibitor_id) WHERE state = 'planned'",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
