//! The region's beginning, and opening the house of a region that began.

use std::sync::Arc;
use std::sync::RwLock;

use crate::acts::House;
use crate::acts::Inner;
use crate::acts::Who;
use crate::acts::library::Library;
use crate::acts::live::Live;
use crate::acts::looked::Recorder;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LogId;
use crate::kernel::seal::Keys;
use crate::kernel::seal::random;
use crate::kernel::time::Clock;
use crate::record::Author;
use crate::record::payload::RegionStarted;
use crate::store::Place;
use crate::store::Store;
use crate::store::log::LogKind;
use crate::store::register;

/// What the key check says when it opens.
const KEY_CHECK: &[u8] = b"renkei/key-check/1";

/// How many readers a house opens.
const READERS: u32 = 4;

impl House {
    /// Begins a region in an empty database, under fresh keys.
    pub async fn found(place: &Place, keys: Keys, name: &str, clock: Clock) -> Result<Self> {
        let store = Store::open(place, READERS, clock)?;
        if store.read(register::region)?.is_some() {
            return Err(Error::fault("this database already holds a region"));
        }
        let register_log = LogId::new();
        let (epoch, key_check) =
            (random::<16>()?.to_vec(), keys.wrap(KEY_CHECK, &crate::kernel::seal::Key::random()?)?);
        let house = Self::of(store, keys, register_log, clock);
        let started = RegionStarted { name: name.to_owned() };
        let id = EntryId::new();
        house
            .perform(Who::other(Author::Operator), vec![register_log], move |act| {
                act.begin(register_log, LogKind::Register)?;
                let row = register::Region {
                    id: register_log,
                    epoch: epoch.clone(),
                    key_check: key_check.clone(),
                    recovery_confirmed: false,
                };
                register::add_region(act.conn, &row)?;
                act.enter(id, started.clone())
            })
            .await?;
        house.publish_shipped().await?;
        Ok(house)
    }

    /// Opens the house of a region that began; refuses keys of another region.
    pub async fn open(place: &Place, keys: Keys, clock: Clock) -> Result<Self> {
        let store = Store::open(place, READERS, clock)?;
        let region = store.read(register::region)?.ok_or_else(|| {
            Error::fault("this database holds no region yet; run `renkei region init` first")
        })?;
        keys.unwrap(KEY_CHECK, &region.key_check).map_err(|_| {
            Error::fault("the keys file belongs to another region, or is damaged; nothing can be opened without the right one")
        })?;
        let house = Self::of(store, keys, region.id, clock);
        house.reload_library().await?;
        // A newer program brings newer versions; those in use stay published beside them.
        house.publish_shipped().await?;
        Ok(house)
    }

    fn of(store: Store, keys: Keys, register: LogId, clock: Clock) -> Self {
        let inner = Inner {
            store,
            keys,
            register,
            library: RwLock::new(Arc::new(Library::default())),
            directory: RwLock::default(),
            live: Live::default(),
            recorder: Recorder::default(),
        };
        Self { inner: Arc::new(inner), clock }
    }

    /// Reads the published definitions anew.
    pub async fn reload_library(&self) -> Result<()> {
        let library = self.read(|reading| Library::read(reading.conn)).await?;
        if let Ok(mut place) = self.inner.library.write() {
            *place = Arc::new(library);
        }
        Ok(())
    }

    /// The region as the register holds it.
    pub async fn region(&self) -> Result<register::Region> {
        self.read(|reading| register::region(reading.conn)?.ok_or(Error::Missing)).await
    }

    /// Notes that part of the recovery sheet was typed back.
    pub async fn confirm_recovery(&self) -> Result<()> {
        self.jot(|conn, _| register::confirm_recovery(conn)).await
    }
}
