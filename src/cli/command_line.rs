use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{
    manage::{self, Done},
    serve::{self, PostgresArgs},
    telemetry,
};
use crate::{
    bases::e164::E164,
    entities::states::{Role, SharedTwilio},
};

/// Loquent: a self-hosted SMS platform on Twilio. Settings come from the environment; see
/// .env.example.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default). Address: IP and PORT.
    Serve,
    /// Bring the database schema up to date and exit.
    Migrate,
    /// Keep a Postgres cluster running in the foreground; print its DATABASE_URL.
    Postgres(PostgresArgs),
    /// Organizations.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Numbers of the shared Twilio account.
    #[command(subcommand)]
    Number(NumberCommand),
    /// Users.
    #[command(subcommand)]
    User(UserCommand),
    /// The master key.
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Debug, Subcommand)]
enum OrgCommand {
    /// Make an organization; prints its id.
    Create {
        #[arg(long)]
        name: String,
        /// How much of the shared Twilio account it may use: none, assigned (the numbers that are
        /// assigned to it, and those that it buys) or whole. The first organization gets the
        /// whole, unless this says otherwise; later ones get assigned.
        #[arg(long)]
        shared_twilio: Option<SharedTwilio>,
    },
    /// Change how much of the shared Twilio account an organization may use.
    SetSharedTwilio {
        /// Name or id of the organization.
        #[arg(long)]
        organization: String,
        /// none, assigned or whole.
        #[arg(long)]
        shared_twilio: SharedTwilio,
    },
}

#[derive(Debug, Subcommand)]
enum NumberCommand {
    /// Give a number of the shared account to an organization; its admins can import it then.
    /// Another organization that had it loses it. Nothing changes at Twilio.
    Assign {
        /// Name or id of the organization.
        #[arg(long)]
        organization: String,
        /// With country code, such as +14155550134.
        #[arg(long, value_parser = E164::parse)]
        number: E164,
    },
    /// Take a number of the shared account back. Nothing changes at Twilio.
    Unassign {
        /// With country code, such as +14155550134.
        #[arg(long, value_parser = E164::parse)]
        number: E164,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Add a user; the password is read from standard input.
    Create {
        /// Name or id of the organization.
        #[arg(long)]
        organization: String,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// owner, admin or agent.
        #[arg(long, default_value = "agent")]
        role: Role,
    },
    /// Give a user a new password, read from standard input; ends all their sessions.
    SetPassword {
        #[arg(long)]
        email: String,
    },
    /// Give a user another role; a lower one ends all their sessions.
    SetRole {
        #[arg(long)]
        email: String,
        /// owner, admin or agent.
        #[arg(long)]
        role: Role,
    },
    /// End all sessions of a user.
    SignOut {
        #[arg(long)]
        email: String,
    },
    /// Take a user out for good; ends all their sessions. What they have done keeps their name.
    Remove {
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Seal everything again with LOQUENT_MASTER_KEY that LOQUENT_MASTER_KEY_SECOND opens, and
    /// refuse the second key from then on.
    Rotate,
    /// Give up what no present key opens: these organizations have to connect Twilio again. Without
    /// --yes it only says which ones.
    Forget {
        /// Also where there is no key at all, which gives up everything.
        #[arg(long)]
        all: bool,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    run_command("loquent", Cli::parse, async |cli| {
        run(cli.command.unwrap_or(Command::Serve)).await
    })
}

/// Runs a program of the command line: settings from `.env`, the log, a runtime, and the error of
/// `run` for a person at the terminal.
pub fn run_command<C>(
    program: &str,
    parse: impl FnOnce() -> C,
    run: impl AsyncFnOnce(C) -> Done,
) -> ExitCode {
    drop(dotenvy::dotenv());
    telemetry::init();
    let command = parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime could not start");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run(command));
    // A read of standard input cannot be cancelled, so the program does not wait for it.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // For a person at a terminal; the log may be elsewhere.
            eprintln!("{program}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Done {
    match command {
        Command::Serve => serve::serve().await,
        Command::Migrate => manage::migrate().await,
        Command::Postgres(args) => serve::postgres(args).await,
        Command::Org(command) => run_org(command).await,
        Command::Number(NumberCommand::Assign {
            organization,
            number,
        }) => manage::assign_number(&organization, &number).await,
        Command::Number(NumberCommand::Unassign { number }) => {
            manage::unassign_number(&number).await
        }
        Command::User(UserCommand::Create {
            organization,
            email,
            name,
            role,
        }) => manage::create_user(&organization, email, name, role).await,
        Command::User(UserCommand::SetPassword { email }) => manage::set_password(&email).await,
        Command::User(UserCommand::SetRole { email, role }) => manage::set_role(&email, role).await,
        Command::User(UserCommand::SignOut { email }) => manage::sign_out(&email).await,
        Command::User(UserCommand::Remove { email }) => manage::remove_user(&email).await,
        Command::Key(KeyCommand::Rotate) => manage::rotate_key().await,
        Command::Key(KeyCommand::Forget { all, yes }) => manage::forget_key(all, yes).await,
    }
}

async fn run_org(command: OrgCommand) -> Done {
    match command {
        OrgCommand::Create {
            name,
            shared_twilio,
        } => manage::create_organization(&name, shared_twilio).await,
        OrgCommand::SetSharedTwilio {
            organization,
            shared_twilio,
        } => manage::set_shared_twilio(&organization, shared_twilio).await,
    }
}
