//! Migrations, forward only, the same on both databases. Seeds are never migrations.

use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod m0001_market;
mod m0002_run;
mod m0003_booking;
mod m0004_letter;
mod sketch;

/// All migrations in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_market::Migration),
            Box::new(m0002_run::Migration),
            Box::new(m0003_booking::Migration),
            Box::new(m0004_letter::Migration),
        ]
    }
}
