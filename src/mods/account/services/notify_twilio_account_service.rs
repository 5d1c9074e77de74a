use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::OrganizationId,
    realtime::{EventKind, RealtimeNotice, publish_realtime},
};

/// Tells the browsers of the organization that something about its Twilio account has changed, as
/// part of the caller's transaction.
pub async fn notify_twilio_account_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<(), DbErr> {
    let notice = RealtimeNotice::new(organization, EventKind::TwilioAccount, organization.0);
    publish_realtime(conn, &[notice]).await
}
