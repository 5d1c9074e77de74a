//! Commands that do one thing in the database.

use std::{
    error::Error,
    io::{BufRead, Write},
};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, TransactionTrait};

use crate::{
    bases::{
        clock::Clock, config::Config, db::Db, e164::E164, error::AppError, ids::OrganizationId,
        jobs::migrate_jobs,
    },
    entities::{
        organization, phone_number,
        states::{Role, SharedTwilio},
    },
    mods::{
        account::services::{
            end_lost_claims_service, notify_twilio_account_service, set_shared_twilio_service,
        },
        auth::services::{
            NewUser, check_master_key_service, create_organization_service, create_user_service,
            forget_sealed_values_service, remove_user_service, rotate_master_key_service,
            set_password_service, set_role_service, sign_out_user_service,
        },
        phone::services::{assign_number_service, unassign_number_service},
    },
    server::{
        self,
        embedded_postgres::{Durability, EmbeddedPostgres},
        migrate::migrate as migrate_schema,
        newer_schema::refuse_newer_schema,
    },
};

/// How a command ends: its error is shown to the person at the terminal.
pub type Done = Result<(), Box<dyn Error>>;

/// A command needs few connections.
const CONNECTIONS: u32 = 5;

/// `loquent migrate`.
pub async fn migrate() -> Done {
    with_any_key(async |_, _| Ok(())).await
}

/// `loquent org create`.
pub async fn create_organization(name: &str, shared: Option<SharedTwilio>) -> Done {
    with_database(async |db, _| {
        let now = Clock::system().now();
        let id = create_organization_service(&db, name, shared, now).await?;
        print_line(&id.to_string())
    })
    .await
}

/// `loquent org set-shared-twilio`.
pub async fn set_shared_twilio(organization: &str, shared: SharedTwilio) -> Done {
    with_database(async |db, config| {
        let organization = find_organization(&db, organization).await?;
        let transaction = db.begin().await?;
        set_shared_twilio_service(&transaction, organization, shared).await?;
        end_lost_claims_service(&transaction, &config, organization).await?;
        notify_twilio_account_service(&transaction, organization).await?;
        Ok(transaction.commit().await?)
    })
    .await
}

/// `loquent number assign`.
pub async fn assign_number(organization: &str, number: &E164) -> Done {
    with_database(async |db, config| {
        let organization = find_organization(&db, organization).await?;
        let transaction = db.begin().await?;
        let account = shared_account(&config)?;
        assign_number_service(&transaction, account, number, organization).await?;
        tell_claimants(&transaction, &config, account, number).await?;
        Ok(transaction.commit().await?)
    })
    .await
}

/// `loquent number unassign`.
pub async fn unassign_number(number: &E164) -> Done {
    with_database(async |db, config| {
        let transaction = db.begin().await?;
        let account = shared_account(&config)?;
        unassign_number_service(&transaction, account, number).await?;
        tell_claimants(&transaction, &config, account, number).await?;
        Ok(transaction.commit().await?)
    })
    .await
}

fn shared_account(config: &Config) -> Result<&str, AppError> {
    config.shared_account_sid().ok_or_else(|| {
        AppError::conflict(
            "There is no shared account: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
        )
    })
}

/// Stops the work of organizations that have lost a number and refreshes their pages. That includes
/// the last reconciliation of a number that was given up.
async fn tell_claimants(
    conn: &impl ConnectionTrait,
    config: &Config,
    account_sid: &str,
    number: &E164,
) -> Result<(), DbErr> {
    let rows = phone_number::Entity::find()
        .filter(phone_number::Column::TwilioAccountSid.eq(account_sid))
        .filter(phone_number::Column::Number.eq(number.as_str()))
        .all(conn)
        .await?;
    for row in rows {
        let organization = row.organization_id;
        end_lost_claims_service(conn, config, organization).await?;
        notify_twilio_account_service(conn, organization).await?;
    }
    Ok(())
}

/// `loquent user create`.
pub async fn create_user(organization: &str, email: String, name: String, role: Role) -> Done {
    let password = read_password()?;
    with_database(async |db, _| {
        let organization = find_organization(&db, organization).await?;
        let user = NewUser {
            organization,
            email,
            name,
            role,
            password,
        };
        let transaction = db.begin().await?;
        let id = create_user_service(&transaction, user, &Clock::system()).await?;
        transaction.commit().await?;
        print_line(&id.to_string())
    })
    .await
}

/// `loquent user set-password`.
pub async fn set_password(email: &str) -> Done {
    let password = read_password()?;
    with_database(async |db, _| Ok(set_password_service(&db, email, password).await?)).await
}

/// `loquent user set-role`.
pub async fn set_role(email: &str, role: Role) -> Done {
    with_database(async |db, _| Ok(set_role_service(&db, email, role).await?)).await
}

/// `loquent user sign-out`.
pub async fn sign_out(email: &str) -> Done {
    with_database(async |db, _| Ok(sign_out_user_service(&db, email).await?)).await
}

/// `loquent user remove`.
pub async fn remove_user(email: &str) -> Done {
    with_database(async |db, _| Ok(remove_user_service(&db, email).await?)).await
}

/// `loquent key rotate`.
pub async fn rotate_key() -> Done {
    with_database(async |db, config| {
        let rotation = rotate_master_key_service(&db, config.master_key).await?;
        print_line(&format!("sealed again: {}", rotation.sealed_again))?;
        if rotation.unopened > 0 {
            print_line(&format!("opened by neither key: {}", rotation.unopened))?;
        }
        Ok(())
    })
    .await
}

/// `loquent key forget`.
pub async fn forget_key(all: bool, yes: bool) -> Done {
    with_any_key(async |db, config| {
        // A wrong data directory looks the same as a lost key, so nothing is deleted yet.
        if config.master_key.is_new() && !all {
            return Err(
                "there is no master key, so everything that is sealed would be given up. \
                        Set LOQUENT_MASTER_KEY, or LOQUENT_DATA_DIR to the directory that has \
                        master.key. If the key is lost, say so with --all"
                    .into(),
            );
        }
        let forgotten = forget_sealed_values_service(&db, &config.master_key, yes).await?;
        for organization in &forgotten {
            print_line(&organization.to_string())?;
        }
        print_line(&format!(
            "organizations that have to connect again: {}",
            forgotten.len()
        ))?;
        match yes {
            true => Ok(()),
            false => Err("nothing was given up yet; do it with --yes".into()),
        }
    })
    .await
}

/// Runs a command on the migrated database, with the master key that belongs to it.
///
/// # Errors
/// Those of the start (settings, database, master key) and of the command.
pub async fn with_database(command: impl AsyncFnOnce(Db, Config) -> Done) -> Done {
    with_any_key(async |db, config| {
        check_master_key_service(&db, &config.master_key).await?;
        command(db, config).await
    })
    .await
}

/// Runs a command on the migrated database. It stops the cluster if it started it, and leaves one
/// that a server uses alone.
async fn with_any_key(command: impl AsyncFnOnce(Db, Config) -> Done) -> Done {
    let config = Config::from_env()?;
    let cluster = match config.database_url {
        Some(_) => None,
        None => Some(
            EmbeddedPostgres::start(&config.data_dir.join("postgres"), Durability::Durable).await?,
        ),
    };
    let done = async {
        let url = server::database_url(&config, cluster.as_ref());
        let db = server::connect(&url, CONNECTIONS).await?;
        refuse_newer_schema(&db).await?;
        migrate_schema(&url).await?;
        migrate_jobs(&db).await?;
        command(db, config).await
    }
    .await;
    if let Some(cluster) = cluster {
        cluster.stop_if_started_here().await;
    }
    done
}

async fn find_organization(db: &Db, name_or_id: &str) -> Result<OrganizationId, Box<dyn Error>> {
    if let Ok(id) = name_or_id.parse::<OrganizationId>()
        && organization::Entity::find_by_id(id)
            .one(db)
            .await?
            .is_some()
    {
        return Ok(id);
    }
    let named = organization::Entity::find()
        .filter(organization::Column::Name.eq(name_or_id))
        .all(db)
        .await?;
    match named.as_slice() {
        [one] => Ok(one.id),
        [] => Err(AppError::not_found(format!("organization as {name_or_id:?}")).into()),
        _ => Err("several organizations have that name; give the id".into()),
    }
}

/// Not an argument, since every user of the machine can see those.
fn read_password() -> Result<String, Box<dyn Error>> {
    eprint!("Password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn print_line(text: &str) -> Done {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
