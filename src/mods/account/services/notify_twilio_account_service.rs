use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::OrganizationId,
    realtime::{EventKind, RealtimeNotice, publish_realtime},
};

/// Tells the organization's browsers that its Twilio account changed, in the caller's transaction.
pub async fn notify_twilio_account_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<(), DbErr> {
    let notice = RealtimeNotice::new(organization, EventKind::TwilioAccount, organization);
    publish_realtime(conn, &[notice]).await
}
