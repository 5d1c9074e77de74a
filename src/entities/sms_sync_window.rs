//! A part of an import, with its place in Twilio's list.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{ImportId, OrganizationId},
    entities::states::{HistorySide, PartKind, Word},
};

/// A part of an import, with its place in Twilio's list.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sms_sync_window")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: ImportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub side: Word<HistorySide>,
    pub kind: Word<PartKind>,
    /// First day (UTC) of a part by dates; none at the beginning of time.
    pub from_date: Option<Date>,
    /// Last day of a part by dates; none at the end.
    pub to_date: Option<Date>,
    /// Path and query of the page that comes next, as Twilio gave it.
    pub next_page: Option<String>,
    pub done: bool,
    /// SID of the message behind which the part enters its list; none for one that begins where
    /// its list does.
    pub entry_after: Option<String>,
    /// SID of the first message that the part was given: the part before it ends there.
    pub first_sid: Option<String>,
    /// Time of the last message that was stored, which is that of the next one if it tells none.
    pub reached_at: Option<DateTimeUtc>,
    /// SIDs of the last page that was stored: the next one may show some of them again.
    pub page_sids: Option<Vec<String>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of one organization: the way in for every read.
    pub fn in_org(organization: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::OrganizationId.eq(organization))
    }
}
