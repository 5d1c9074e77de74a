use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, PaginatorTrait, QueryFilter, SqlErr, TransactionTrait,
};
use uuid::Uuid;

use super::{
    FirstLogEntry, HistoryDetails, MessageInsert, RollUp, find_messages_by_ids,
    insert_messages_service, roll_up_conversations_service,
};
use crate::{
    bases::{
        db::Db,
        e164::E164,
        error::AppError,
        ids::{ContactId, MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::{
        contact, message, opt_out, phone_number,
        position::Position,
        states::{LogSource, MessageDirection, MessageSource, MessageStatus},
    },
    mods::{
        auth::types::CurrentUser,
        contact::{
            services::{UnresolvedContact, resolve_contacts_service},
            utils::parse_phone_number_util,
        },
        messaging::{
            jobs::SendMessageJob,
            types::{MAX_MESSAGE_CHARACTERS, Message, SendMessageIn},
            utils::{count_segments_util, is_blank_util, preview_util},
        },
        phone::services::find_live_number_service,
    },
};

/// Accepts a text: row, job, delivery log and notice are one transaction, so that it is sent if and
/// only if the caller was told so.
///
/// `shared` is the SID of the shared account. `position` is the text's place among those of its
/// second: when it came in.
pub async fn send_message_service(
    db: &Db,
    shared: Option<&str>,
    user: &CurrentUser,
    send: SendMessageIn,
    position: Position,
    now: DateTime<Utc>,
) -> Result<Message, AppError> {
    let organization = user.organization_id;
    check_body(&send.body)?;
    if let Some(first) = find_by_client_key(db, organization, send.client_key).await? {
        return Ok(first);
    }
    let transaction = db.begin().await?;
    let from =
        find_live_number_service(&transaction, shared, organization, send.phone_number_id).await?;
    let to = find_recipient(&transaction, organization, &send, &from, now).await?;
    let id = MessageId::new();
    match insert(&transaction, user, &send, (&from, &to), (id, position), now).await {
        Err(error) if is_repeat(&error) => {
            transaction.rollback().await?;
            let first = find_by_client_key(db, organization, send.client_key).await?;
            return first.ok_or(AppError::Internal);
        }
        inserted => inserted?,
    }
    roll_up_conversations_service(
        &transaction,
        &[RollUp {
            organization_id: organization,
            contact_id: to.id,
            message_id: id,
            at: now,
            position,
            preview: Some(preview_util(&send.body)),
            unread: false,
        }],
    )
    .await?;
    SendMessageJob::first(organization, id, 1)
        .enqueue(&transaction, Duration::ZERO)
        .await?;
    publish_realtime(
        &transaction,
        &[RealtimeNotice::new(organization, EventKind::MessageNew, id)],
    )
    .await?;
    // Before the commit, so that an accepted text is never answered with an error.
    let message = find_messages_by_ids(&transaction, organization, &[id])
        .await?
        .pop()
        .ok_or(AppError::Internal)?;
    transaction.commit().await?;
    Ok(message)
}

fn check_body(body: &str) -> Result<(), AppError> {
    if is_blank_util(body) {
        return Err(AppError::bad_request("Write something first."));
    }
    let characters = body.chars().count();
    if characters > MAX_MESSAGE_CHARACTERS {
        return Err(AppError::bad_request(format!(
            "This text has {characters} characters. At most {MAX_MESSAGE_CHARACTERS} can be sent."
        )));
    }
    if body.contains('\0') {
        return Err(AppError::bad_request(
            "A text can’t hold the character NUL.",
        ));
    }
    Ok(())
}

async fn find_by_client_key(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    client_key: Option<Uuid>,
) -> Result<Option<Message>, AppError> {
    let Some(key) = client_key else {
        return Ok(None);
    };
    let found = message::Entity::in_org(organization)
        .filter(message::Column::ClientKey.eq(key))
        .one(conn)
        .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(find_messages_by_ids(conn, organization, &[row.id])
        .await?
        .pop())
}

fn is_repeat(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

async fn find_recipient(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    send: &SendMessageIn,
    from: &phone_number::Model,
    now: DateTime<Utc>,
) -> Result<contact::Model, AppError> {
    let id = match (send.contact_id, &send.to) {
        (Some(contact), None) => contact,
        (None, Some(to)) => contact_of_number(conn, organization, to, &from.number, now).await?,
        _ => {
            return Err(AppError::bad_request(
                "send exactly one of `contact_id` and `to`",
            ));
        }
    };
    let found = contact::Entity::in_org(organization).filter(contact::Column::Id.eq(id));
    let contact = found
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("contact"))?;
    let closed = format!(
        "SELECT c.id FROM contact c WHERE c.organization_id = $1 AND c.id = $2 AND {}",
        opt_out::is_closed("c", "$3::text")
    );
    let values = [organization.into(), id.into(), from.number.clone().into()];
    let closed = sql::first(conn, closed, values).await?;
    if closed.is_some() {
        return Err(AppError::conflict(
            "This person texted STOP. You can’t text them until they send START.",
        ));
    }
    if E164::parse(&contact.phone).is_err() {
        return Err(AppError::conflict(
            "This sender can’t be answered by text: it is not a phone number.",
        ));
    }
    Ok(contact)
}

async fn contact_of_number(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    to: &str,
    from: &str,
    now: DateTime<Utc>,
) -> Result<ContactId, AppError> {
    let phone = parse_phone_number_util(to, from)
        .map_err(|error| AppError::bad_request(error.to_string()))?;
    let own = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::Number.eq(phone.as_str()))
        .filter(phone_number::Column::ReleasedAt.is_null());
    if own.count(conn).await? > 0 {
        return Err(AppError::bad_request("That is one of your own numbers."));
    }
    let wanted = UnresolvedContact {
        organization_id: organization,
        phone: phone.as_str().to_owned(),
        source: "manual",
        at: now,
    };
    let resolved = resolve_contacts_service(conn, &[wanted]).await?;
    resolved.into_values().next().ok_or(AppError::Internal)
}

async fn insert(
    conn: &impl ConnectionTrait,
    user: &CurrentUser,
    send: &SendMessageIn,
    (from, to): (&phone_number::Model, &contact::Model),
    (id, position): (MessageId, Position),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let segments = count_segments_util(&send.body).segments;
    let row = MessageInsert {
        id,
        organization_id: user.organization_id,
        contact_id: to.id,
        phone_number_id: from.id,
        direction: MessageDirection::Outbound,
        body: Some(&send.body),
        from_address: &from.number,
        to_address: &to.phone,
        also_to: &[],
        status: MessageStatus::Queued,
        sid: None,
        source: MessageSource::Loquent,
        num_media: 0,
        num_segments: i32::try_from(segments).ok(),
        details: HistoryDetails::default(),
        sent_by: Some(user.id),
        client_key: send.client_key,
        at: now,
        stated_at: None,
        position,
        delivered_at: None,
        updated_at: Some(now),
    };
    let log = FirstLogEntry {
        source: LogSource::User,
        dedup_key: "attempt:1",
        user: Some(user.id),
        odd: Vec::new(),
    };
    insert_messages_service(conn, &[row], Some(log)).await?;
    Ok(())
}
