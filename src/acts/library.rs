//! The published pathways and forms, parsed once and shared.

use crate::kernel::error::Result;
use crate::store::Conn;

/// Every version that is in use, by its hash; and which one is current.
#[derive(Debug, Default)]
pub struct Library {}

impl Library {
    /// Reads what the region has published.
    pub fn read(_conn: &mut Conn) -> Result<Self> {
        Ok(Self {})
    }
}
