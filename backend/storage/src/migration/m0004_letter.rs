//! Letters: when one was given up and why it could not be carried out last, and the organizer's list of them.

use sea_orm_migration::{
    async_trait,
    prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager},
    sea_orm::ConnectionTrait,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_letter"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for change in [
            "ALTER TABLE outbox ADD COLUMN failed_at BIGINT",
            "ALTER TABLE outbox ADD COLUMN problem TEXT",
            // Until now a letter was given up by its tries alone.
            "UPDATE outbox SET failed_at = due WHERE done_at IS NULL AND tries >= 12",
            "CREATE INDEX outbox_of_event ON outbox (event_id, id)",
            // Those not sent are few among those sent.
            "CREATE INDEX outbox_open ON outbox (event_id, id) WHERE done_at IS NULL",
        ] {
            manager.get_connection().execute_unprepared(change).await?;
        }
        Ok(())
    }
}
