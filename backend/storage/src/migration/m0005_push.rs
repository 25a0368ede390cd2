//! Push subscriptions: a person's browsers, each told by one person only.

use super::sketch::{self, References, Sketch, sketch};
use sea_orm_migration::{
    async_trait,
    prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_push"
    }
}

const TABLES: &[Sketch] = &[Sketch {
    unique: &[&["endpoint_hash"]],
    index: &[&["person_id"]],
    ..sketch(
        "push_subscription",
        "id:u person_id:u endpoint_hash:x endpoint:s p256dh:x auth:x made_at:b",
        &["id"],
    )
}];

const REFERENCES: References = &[("push_subscription", "person_id", "person")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sketch::make(manager, TABLES, REFERENCES).await
    }
}
