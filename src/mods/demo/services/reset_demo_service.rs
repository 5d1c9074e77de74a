use sea_orm::DatabaseConnection;

use crate::bases::error::AppError;

pub async fn reset_demo_service(_db: &DatabaseConnection) -> Result<(), AppError> {
    Ok(())
}
