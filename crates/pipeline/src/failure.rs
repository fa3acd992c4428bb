//! Failures and their exit codes: 1 data refused, 2 usage or configuration, 74 a file that cannot
//! be read or written, 75 another run holds the lock, 130 and 143 a signal.

use std::process::ExitCode;

use crate::store::StoreError;
use crate::{signals, terminal};

/// A failure whose kind decides the exit code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The material was refused; its findings have been shown.
    #[error("{0}")]
    Refused(String),
    /// The command line or the configuration asks for something that is not there.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be read or written.
    #[error("{0}")]
    File(String),
}

impl Failure {
    /// A sheet that could not be read: the fault of its setting, of the file system, or of the sheet itself.
    pub(crate) fn unread(name: &str, error: &ingest::error::Error) -> Self {
        let message = format!("{name}: {error}");
        match error {
            ingest::error::Error::Setting { .. } => Failure::Usage(message),
            ingest::error::Error::Io(_) => Failure::File(message),
            _ => Failure::Refused(message),
        }
    }
}

/// Says what failed, with its causes, and gives the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    terminal::complain(&format!("error: {}", in_words(error)));
    ExitCode::from(exit_code(error))
}

/// What failed, and each cause that was not said yet.
pub(crate) fn in_words(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.ends_with(&cause) {
            told.push_str(if told.is_empty() { "" } else { ": " });
            told.push_str(&cause);
        }
    }
    told
}

/// A failure of the same exit code as `error` that says something else.
pub(crate) fn with_words(error: &anyhow::Error, message: String) -> anyhow::Error {
    let failure = match exit_code(error) {
        1 => Failure::Refused(message),
        74 => Failure::File(message),
        _ => Failure::Usage(message),
    };
    failure.into()
}

/// The exit code of a failure.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    for cause in error.chain() {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            return match failure {
                Failure::Refused(_) => 1,
                Failure::Usage(_) => 2,
                Failure::File(_) => 74,
            };
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            if let StoreError::Interrupted = error {
                return signals::exit_code().unwrap_or(error.exit_code());
            }
            return error.exit_code();
        }
        if cause.downcast_ref::<std::io::Error>().is_some() {
            return 74;
        }
    }
    // Everything else comes from reading the configuration.
    2
}
