//! Booking: requests, shifts, standby, what happens at the table, notices, and the stamp of an event's facts.

use super::sketch::{self, References, Sketch, sketch};
use sea_orm_migration::{
    async_trait,
    prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager},
    sea_orm::ConnectionTrait,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_booking"
    }
}

const TABLES: &[Sketch] = &[
    Sketch {
        index: &[&["event_id", "person_id"]],
        ..sketch(
            "guest",
            "meeting_id:u person_id:u event_id:u part:s",
            &["meeting_id", "person_id"],
        )
    },
    sketch("party_setting", "party_id:u event_id:u direct:t", &["party_id"]),
    Sketch {
        index: &[
            &["event_id", "buyer_id"],
            &["event_id", "exhibitor_id"],
            &["state", "expires_at"],
        ],
        ..sketch(
            "meeting_request",
            "id:u event_id:u buyer_id:u exhibitor_id:u side:s state:s turn:s message:s slots:s made_by:u made_at:b \
                 expires_at:b answered_at:B reason:S meeting_id:U",
            &["id"],
        )
    },
    Sketch {
        index: &[&["event_id"], &["state", "expires_at"]],
        ..sketch(
            "shift",
            "id:u event_id:u buyer_id:u exhibitor_id:u slot:i asked_by:u state:s made_at:b expires_at:b",
            &["id"],
        )
    },
    Sketch {
        index: &[&["event_id", "meeting_id"]],
        ..sketch(
            "shift_move",
            "shift_id:u meeting_id:u event_id:u from_slot:i to_slot:i seen_revision:i buyer_yes:T exhibitor_yes:T",
            &["shift_id", "meeting_id"],
        )
    },
    Sketch {
        index: &[&["event_id", "exhibitor_id"]],
        ..sketch(
            "standby",
            "buyer_id:u exhibitor_id:u event_id:u at:b",
            &["buyer_id", "exhibitor_id"],
        )
    },
    Sketch {
        index: &[
            &["event_id", "buyer_id"],
            &["event_id", "exhibitor_id"],
            &["state", "expires_at"],
        ],
        ..sketch(
            "offer",
            "id:u event_id:u buyer_id:u exhibitor_id:u slot:i booth_id:u seat:i state:s made_at:b expires_at:b",
            &["id"],
        )
    },
    sketch(
        "outcome",
        "meeting_id:u side:s event_id:u by:u at:b rating:I note:s interest:S next_step:s deal:t",
        &["meeting_id", "side"],
    ),
    Sketch {
        index: &[&["event_id", "person_id", "id"]],
        ..sketch(
            "notice",
            "id:+ event_id:u person_id:u at:b kind:s meeting_id:U request_id:U said:s read_at:B",
            &["id"],
        )
    },
    Sketch {
        index: &[&["person_id"]],
        ..sketch(
            "calendar_feed",
            "secret_hash:x person_id:u event_id:u made_at:b revoked_at:B",
            &["secret_hash"],
        )
    },
    sketch("fact", "event_id:u stamp:u", &["event_id"]),
];

const REFERENCES: References = &[
    ("guest", "meeting_id", "meeting"),
    ("guest", "person_id", "person"),
    ("meeting_request", "buyer_id", "buyer"),
    ("meeting_request", "exhibitor_id", "exhibitor"),
    ("shift_move", "shift_id", "shift"),
    ("shift_move", "meeting_id", "meeting"),
    ("standby", "buyer_id", "buyer"),
    ("standby", "exhibitor_id", "exhibitor"),
    ("offer", "buyer_id", "buyer"),
    ("offer", "exhibitor_id", "exhibitor"),
    ("outcome", "meeting_id", "meeting"),
    ("notice", "person_id", "person"),
    ("calendar_feed", "person_id", "person"),
    ("fact", "event_id", "event"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sketch::make(manager, TABLES, REFERENCES).await?;
        for change in [
            "ALTER TABLE meeting ADD COLUMN revision INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE meeting ADD COLUMN locked BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE meeting ADD COLUMN buyer_came_at BIGINT",
            "ALTER TABLE meeting ADD COLUMN exhibitor_came_at BIGINT",
            "ALTER TABLE meeting ADD COLUMN ended_at BIGINT",
            "ALTER TABLE meeting ADD COLUMN absent TEXT",
            // One open request a pair: the second of two that ask at once gets the first.
            "CREATE UNIQUE INDEX request_of_pair ON meeting_request (event_id, buyer_id, exhibitor_id) \
             WHERE state = 'open'",
            // A place that came free is somebody's once.
            "CREATE UNIQUE INDEX offer_taken ON offer (event_id, booth_id, seat, slot) WHERE state = 'taken'",
            "INSERT INTO fact (event_id, stamp) SELECT id, id FROM event",
        ] {
            manager.get_connection().execute_unprepared(change).await?;
        }
        Ok(())
    }
}
