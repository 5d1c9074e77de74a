mod check_twilio_accounts_job;

pub use check_twilio_accounts_job::CheckTwilioAccountsJob;
