//! Where Limerick's files lie: the same folders for the app and the command line.

use std::{env, path::PathBuf};

use directories::{BaseDirs, ProjectDirs};
use limerick_tasks::{Error, ErrorCode, Result};

/// The two folders that the app writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// History, connections, cached lists.
    pub data: PathBuf,
    /// Built-in models.
    pub models: PathBuf,
}

impl Folders {
    /// `LIMERICK_DATA` and `LIMERICK_MODELS` where they are set, else the system's data folder and
    /// `limerick/models` in the system's cache folder.
    ///
    /// # Errors
    /// `Internal` when the system names no home folder.
    pub fn standard() -> Result<Self> {
        let homeless = || {
            let message = "This system has no home folder for Limerick. Set LIMERICK_DATA and LIMERICK_MODELS to folders of yours.";
            Error::new(ErrorCode::Internal, message)
        };
        let given = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let data = given("LIMERICK_DATA")
            .or_else(|| Some(ProjectDirs::from("", "", "limerick")?.data_dir().to_owned()))
            .ok_or_else(homeless)?;
        let models = given("LIMERICK_MODELS")
            .or_else(|| Some(BaseDirs::new()?.cache_dir().join("limerick").join("models")))
            .ok_or_else(homeless)?;
        Ok(Self { data, models })
    }
}
