//! SeaORM's connection, with a limit on every wait.

use std::{ops::Deref, pin::Pin, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, IsolationLevel, QueryResult, Statement, TransactionError, TransactionOptions,
    TransactionSession, TransactionTrait,
};

use super::{
    limit::{ANSWER_LIMIT, STATEMENT_TIMEOUT},
    within,
};

/// What a statement of [`Db::begin_long`] may take, on both sides.
const LONG_STATEMENT: Duration = Duration::from_secs(300);

/// The database: a pool of connections with a limit for each statement. A silent connection is
/// dropped and replaced.
#[derive(Clone, Debug)]
pub struct Db(DatabaseConnection);

/// A transaction of [`Db`].
#[derive(Debug)]
pub struct DbTransaction {
    inner: DatabaseTransaction,
    limit: Duration,
}

impl Db {
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self(connection)
    }

    /// A transaction for statements that take minutes, such as those that clean up.
    pub async fn begin_long(&self) -> Result<DbTransaction, DbErr> {
        let mut transaction = self.begin().await?;
        let limit = format!(
            "SET LOCAL statement_timeout = {}",
            LONG_STATEMENT.as_millis()
        );
        transaction.execute_unprepared(&limit).await?;
        transaction.limit = LONG_STATEMENT + (ANSWER_LIMIT - STATEMENT_TIMEOUT);
        Ok(transaction)
    }
}

/// For calls that SeaORM makes on a pool and not on a connection.
impl Deref for Db {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.0
    }
}

#[async_trait]
impl ConnectionTrait for Db {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.0)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within(ANSWER_LIMIT, self.0.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        within(ANSWER_LIMIT, self.0.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within(ANSWER_LIMIT, self.0.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within(ANSWER_LIMIT, self.0.query_all_raw(statement)).await
    }
}

#[async_trait]
impl ConnectionTrait for DbTransaction {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within(self.limit, self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        within(self.limit, self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within(self.limit, self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within(self.limit, self.inner.query_all_raw(statement)).await
    }
}

impl DbTransaction {
    /// Commits. Without an answer, nobody knows whether it was committed.
    pub async fn commit(self) -> Result<(), DbErr> {
        within(self.limit, self.inner.commit()).await
    }

    /// Rolls back.
    pub async fn rollback(self) -> Result<(), DbErr> {
        within(self.limit, self.inner.rollback()).await
    }
}

#[async_trait]
impl TransactionSession for DbTransaction {
    async fn commit(self) -> Result<(), DbErr> {
        Self::commit(self).await
    }

    async fn rollback(self) -> Result<(), DbErr> {
        Self::rollback(self).await
    }
}

/// The same for both: only where a transaction comes from differs.
macro_rules! limited_transactions {
    ($begins:ty, $inner:tt, |$this:ident| $limit:expr) => {
        #[async_trait]
        impl TransactionTrait for $begins {
            type Transaction = DbTransaction;

            async fn begin(&self) -> Result<DbTransaction, DbErr> {
                self.begin_with_options(TransactionOptions::default()).await
            }

            async fn begin_with_config(
                &self,
                isolation_level: Option<IsolationLevel>,
                access_mode: Option<AccessMode>,
            ) -> Result<DbTransaction, DbErr> {
                let options = TransactionOptions {
                    isolation_level,
                    access_mode,
                    ..TransactionOptions::default()
                };
                self.begin_with_options(options).await
            }

            async fn begin_with_options(
                &self,
                options: TransactionOptions,
            ) -> Result<DbTransaction, DbErr> {
                let $this = self;
                let limit = $limit;
                let inner = within(limit, self.$inner.begin_with_options(options)).await?;
                Ok(DbTransaction { inner, limit })
            }

            async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
            where
                F: for<'c> FnOnce(
                        &'c DbTransaction,
                    )
                        -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
                    + Send,
                T: Send,
                E: std::fmt::Display + std::fmt::Debug + Send,
            {
                self.transaction_with_config(callback, None, None).await
            }

            async fn transaction_with_config<F, T, E>(
                &self,
                callback: F,
                isolation_level: Option<IsolationLevel>,
                access_mode: Option<AccessMode>,
            ) -> Result<T, TransactionError<E>>
            where
                F: for<'c> FnOnce(
                        &'c DbTransaction,
                    )
                        -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
                    + Send,
                T: Send,
                E: std::fmt::Display + std::fmt::Debug + Send,
            {
                let begun = self.begin_with_config(isolation_level, access_mode).await;
                let transaction = begun.map_err(TransactionError::Connection)?;
                let done = callback(&transaction)
                    .await
                    .map_err(TransactionError::Transaction)?;
                transaction
                    .commit()
                    .await
                    .map_err(TransactionError::Connection)?;
                Ok(done)
            }
        }
    };
}

limited_transactions!(Db, 0, |_this| ANSWER_LIMIT);
limited_transactions!(DbTransaction, inner, |this| this.limit);
