//! Runs: a version that is being calculated is a draft, held by a lease; an event has one draft at most, so that the
//! database itself refuses a second run.

use sea_orm_migration::{
    async_trait,
    prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager},
    sea_orm::ConnectionTrait,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_run"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for change in [
            "ALTER TABLE timetable ADD COLUMN leased_until BIGINT",
            "ALTER TABLE timetable ADD COLUMN stop_asked_at BIGINT",
            "ALTER TABLE timetable ADD COLUMN ran_ms BIGINT",
            "ALTER TABLE timetable ADD COLUMN failure TEXT",
            "CREATE UNIQUE INDEX timetable_draft ON timetable (event_id) WHERE state = 'draft'",
        ] {
            manager.get_connection().execute_unprepared(change).await?;
        }
        Ok(())
    }
}
