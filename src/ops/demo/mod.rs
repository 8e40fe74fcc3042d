//! The made-up region that `renkei demo` opens: its script as data, and the player that lives it
//! through the house's own verbs with past clocks. No SQL and no rights of its own.

use std::path::Path;
use std::path::PathBuf;

use crate::acts::House;
use crate::acts::views;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::seal::Keys;
use crate::kernel::time::Clock;
use crate::kernel::time::Time;
use crate::ops::keys;
use crate::store::Place;

mod play;
pub mod script;

/// The demo's database in its data folder.
const DATABASE: &str = "demo.db";
/// Stands in the data folder once the region was built to its end.
const BUILT: &str = "demo.built";

/// Opens the made-up region in a data folder, and makes it there first when there is none. Its keys lie
/// beside the folder, never in it.
pub async fn open(data: &Path) -> Result<House> {
    let place = Place::File(data.join(DATABASE));
    let keys_file = keys_beside(data)?;
    if data.join(BUILT).exists() {
        return House::open(&place, keys::read(&keys_file)?, Clock::System).await;
    }
    make_room(data, &keys_file)?;
    let keys = keys::create(&keys_file)?;
    let house = build(&place, keys, Clock::System.now()).await?;
    std::fs::write(data.join(BUILT), "demo/1\n").map_err(|cause| trouble(data, &cause))?;
    Ok(house)
}

/// Builds the region in an empty database, its history ending now.
pub async fn build(place: &Place, keys: Keys, now: Time) -> Result<House> {
    let script = script::Script::shipped()?;
    let began = now.plus_seconds(-play::BEGINNING_DAYS * 86_400);
    let name = &script.region.name.ja;
    drop(House::found(place, keys.clone(), name, Clock::Fixed(began)).await?);
    let house = House::open(place, keys, Clock::System).await?;
    play::Stage::new(&house, &script, now).play().await?;
    Ok(house)
}

/// The people one can be, a line each, by profession.
pub async fn people(house: &House) -> Result<Vec<String>> {
    let people = house.read(|reading| views::house::people(reading, None)).await?;
    let line = |person: &views::PersonView| {
        format!("  {}　{}　{}", person.profession.name().ja, person.name, person.office_name)
    };
    Ok(people.iter().filter(|person| person.active).map(line).collect())
}

/// The keys lie beside the folder, under a name that no real region's keys have.
fn keys_beside(data: &Path) -> Result<PathBuf> {
    let name = data.file_name().ok_or_else(|| {
        Error::fault(format!("{} cannot be a demo's folder; please name one", data.display()))
    })?;
    let mut name = name.to_os_string();
    name.push(".demo-keys");
    Ok(data.with_file_name(name))
}

/// Makes the folder, and clears away a demo that was broken off; anything else in it is left alone and
/// refused, so that nobody's data is ever taken for ours.
fn make_room(data: &Path, keys_file: &Path) -> Result<()> {
    std::fs::create_dir_all(data).map_err(|cause| trouble(data, &cause))?;
    let mut ours = vec![keys_file.to_path_buf()];
    for entry in std::fs::read_dir(data).map_err(|cause| trouble(data, &cause))? {
        let entry = entry.map_err(|cause| trouble(data, &cause))?;
        if !entry.file_name().to_string_lossy().starts_with(DATABASE) {
            return Err(Error::fault(format!(
                "{} holds something that is not a demo; please name an empty or a new folder",
                data.display()
            )));
        }
        ours.push(entry.path());
    }
    for file in ours.iter().filter(|file| file.exists()) {
        std::fs::remove_file(file).map_err(|cause| trouble(file, &cause))?;
    }
    Ok(())
}

fn trouble(path: &Path, cause: &std::io::Error) -> Error {
    Error::fault(format!("{}: {cause}", path.display()))
}
