//! One run of the import of a number's history.

use sea_orm::{QueryFilter, Select, entity::prelude::*};

use crate::{
    bases::ids::{ImportId, OrganizationId, PhoneNumberId, UserId},
    entities::states::{ImportPhase, ImportState, Word},
};

/// One run of the import of a number's history.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sms_sync_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    pub since: Option<Date>,
    pub state: Word<ImportState>,
    pub phase: Word<ImportPhase>,
    pub fetched: i64,
    pub new_count: i64,
    pub skipped: i64,
    pub parts_done: i32,
    pub parts_total: i32,
    pub media_total: i64,
    pub media_downloaded: i64,
    pub media_failed: i64,
    /// A hash of each entry of Twilio's list that could not be read, up to 1,000.
    pub unreadable: Vec<String>,
    pub error: Option<String>,
    pub requested_by_user_id: Option<UserId>,
    /// Who works on it; a lease that has run out can be taken over.
    pub lease_owner: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    pub started_at: DateTimeUtc,
    /// When the last message was stored; media may follow.
    pub messages_in_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
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
