use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, PaginatorTrait, QueryFilter, TransactionTrait};

use super::{
    DEMO_ORGANIZATION, DemoMessage, fill_simulator_service, find_demo_organization_service,
    forward_simulator_events_service, insert_demo_contacts_service,
    insert_demo_delivery_log_service, insert_demo_messages_service, insert_demo_numbers_service,
};
use crate::{
    conversations::DEMO_SCRIPTS,
    types::{DemoScript, DemoUser, SeededDemo},
    utils::{
        PlayedMessage, SimulatorClient, connected_at, parse_demo_scripts_util,
        play_demo_script_util,
    },
};
use loquent::{
    bases::{
        clock::Clock,
        config::{Config, SharedTwilioAccount},
        db::Db,
        error::AppError,
        ids::{MessageId, OrganizationId, UserId},
        sql,
    },
    entities::phone_number,
    mods::auth::services::{NewUser, create_organization_service, create_user_service},
};

/// Any number that nothing else locks: two seeds at once must not make two demo organizations.
const LOCK: i64 = 4_155_550_134;

/// Makes the demo organization, which uses the shared Twilio account, unless it is there already;
/// then fills the simulator at the given URL from it. Both can be done again at any time.
///
/// 409 without a shared Twilio account, if the demo organization was made for another account,
/// or if the simulator does not play along.
pub async fn seed_demo_service(
    db: &Db,
    config: &Config,
    simulator: Option<&str>,
    clock: &Clock,
) -> Result<SeededDemo, AppError> {
    let account = config.shared_twilio.as_ref().ok_or_else(|| {
        AppError::conflict(
            "The demo uses the shared Twilio account: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. \
             With the simulator these are what the simulator was started with.",
        )
    })?;
    let organization = find_or_create(db, config, account, clock).await?;
    if let Some(url) = simulator {
        let client = SimulatorClient::new(url, account)?;
        fill_simulator_service(db, &client, organization, &account.account_sid).await?;
        forward_simulator_events_service(&client, &config.events_url()).await?;
    }
    Ok(SeededDemo {
        organization: DEMO_ORGANIZATION,
        logins: DemoUser::ALL.map(DemoUser::login).to_vec(),
    })
}

async fn find_or_create(
    db: &Db,
    config: &Config,
    account: &SharedTwilioAccount,
    clock: &Clock,
) -> Result<OrganizationId, AppError> {
    let transaction = db.begin().await?;
    lock(&transaction).await?;
    if let Some(found) = find_demo_organization_service(&transaction).await? {
        check_account(&transaction, found, &account.account_sid).await?;
        return Ok(found);
    }
    let organization = create(&transaction, &account.account_sid, clock).await?;
    transaction.commit().await?;
    if !config.is_loopback() {
        tracing::warn!(
            "the passwords of the demo's users are public, and so is this server; \
             change them with `loquent user set-password`, or remove the demo with `demo reset`"
        );
    }
    Ok(organization)
}

async fn check_account(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    account_sid: &str,
) -> Result<(), AppError> {
    let foreign = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::TwilioAccountSid.ne(account_sid));
    if foreign.count(conn).await? == 0 {
        return Ok(());
    }
    Err(AppError::conflict(
        "The demo organization was made for another Twilio account than the one that is set now. \
         Remove it with `demo reset` and seed again.",
    ))
}

async fn lock(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let sql = "SELECT pg_advisory_xact_lock($1)";
    sql::run(conn, sql, [LOCK.into()]).await.map(drop)
}

async fn create(
    conn: &impl ConnectionTrait,
    account_sid: &str,
    clock: &Clock,
) -> Result<OrganizationId, AppError> {
    let now = clock.now();
    let conversations = play(now)?;
    let since = connected_at(now);
    let organization = create_organization_service(conn, DEMO_ORGANIZATION, None, since).await?;
    let users = create_users(conn, organization, clock).await?;
    let numbers = insert_demo_numbers_service(conn, organization, account_sid, since).await?;
    let contacts = insert_demo_contacts_service(conn, organization, &conversations, now).await?;
    let messages: Vec<DemoMessage<'_>> = conversations
        .iter()
        .zip(&contacts)
        .flat_map(|((script, played), contact)| {
            played.iter().map(|played| DemoMessage {
                id: MessageId::new(),
                contact_id: *contact,
                script,
                played,
            })
        })
        .collect();
    insert_demo_messages_service(conn, organization, &messages, &numbers, &users).await?;
    insert_demo_delivery_log_service(conn, organization, account_sid, &messages).await?;
    tracing::info!(
        organization_id = %organization, contacts = contacts.len(), messages = messages.len(),
        "made the demo organization"
    );
    Ok(organization)
}

fn play(now: DateTime<Utc>) -> Result<Vec<(DemoScript, Vec<PlayedMessage>)>, AppError> {
    let mut conversations = Vec::new();
    for text in DEMO_SCRIPTS {
        let scripts = parse_demo_scripts_util(text).map_err(|error| {
            tracing::error!(%error, "the demo cannot be read");
            AppError::Internal
        })?;
        conversations.extend(scripts.into_iter().map(|script| {
            let played = play_demo_script_util(&script, now);
            (script, played)
        }));
    }
    Ok(conversations)
}

async fn create_users(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    clock: &Clock,
) -> Result<HashMap<DemoUser, UserId>, AppError> {
    let mut ids = HashMap::new();
    for user in DemoUser::ALL {
        let login = user.login();
        let new = NewUser {
            organization,
            email: login.email.to_owned(),
            name: user.name().to_owned(),
            role: user.role(),
            password: login.password.to_owned(),
        };
        ids.insert(user, create_user_service(conn, new, clock).await?);
    }
    Ok(ids)
}
