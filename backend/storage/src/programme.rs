//! Programmes with their targets.

use crate::{
    Error, Snapshot, column,
    entity::{programme, target},
    scope,
};
use domain::{
    id::ProgrammeId,
    programme::{Programme, Target, TargetKind},
};
use sea_orm::QueryOrder;

impl Snapshot {
    /// All programmes by code, each with its targets. Programmes belong to no event.
    pub async fn programmes(&self) -> Result<Vec<(Programme, Vec<Target>)>, Error> {
        let rows = scope::world::<programme::Entity>()
            .order_by_asc(programme::Column::Code)
            .all(&self.tx)
            .await?;
        let targets = scope::world::<target::Entity>()
            .order_by_asc(target::Column::Code)
            .all(&self.tx)
            .await?;
        let mut targets = targets.into_iter().map(target_from).collect::<Result<Vec<_>, _>>()?;
        let mut programmes = Vec::new();
        for row in rows {
            let id = ProgrammeId(row.id);
            let own = targets.extract_if(.., |target| target.programme == id).collect();
            let programme = Programme {
                id,
                code: row.code,
                name: column::bilingual(row.name_ja, row.name_en),
                starts_on: date(&row.starts_on)?,
                ends_on: date(&row.ends_on)?,
            };
            programmes.push((programme, own));
        }
        Ok(programmes)
    }
}

fn date(text: &str) -> Result<domain::programme::Date, Error> {
    column::word("a date", text, |text| text.parse().ok())
}

fn target_from(row: target::Model) -> Result<Target, Error> {
    Ok(Target {
        programme: ProgrammeId(row.programme_id),
        code: row.code,
        name: column::bilingual(row.name_ja, row.name_en),
        definition: row.definition,
        unit: row.unit,
        amount: row.amount,
        kind: column::word("a kind of target", &row.kind, TargetKind::parse)?,
        group: row.grouping,
        due_on: date(&row.due_on)?,
    })
}
