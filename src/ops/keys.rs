//! The region's keys in a file of their own, outside the database, the data folder and the backup.
//! Making the recovery sheet and asking for it back is the business of `region init`.

use std::io::Write;
use std::path::Path;

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::seal::Key;
use crate::kernel::seal::Keys;

/// The file's first line.
const HEAD: &str = "renkei-keys/1";
/// No keys file is longer.
const SIZE_MAX: usize = 1_000;

/// Writes fresh keys to a new file.
pub fn create(file: &Path) -> Result<Keys> {
    let keys = Keys::random()?;
    write(file, &keys)?;
    Ok(keys)
}

/// Makes the folder that a file shall lie in, open to its owner alone; one that is there stays as it is.
pub fn make_folder_of(file: &Path) -> Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .recursive(true)
        .create(folder)
        .map_err(|cause| Error::fault(format!("the folder {}: {cause}", folder.display())))
}

/// Writes keys to a file that only its owner may read; never over a file that exists.
pub fn write(file: &Path, keys: &Keys) -> Result<()> {
    make_folder_of(file)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(|cause| trouble(file, &cause))?;
    let written = opened.write_all(text(keys).as_bytes()).and_then(|()| opened.sync_all());
    written.map_err(|cause| trouble(file, &cause))
}

/// Reads a keys file.
pub fn read(file: &Path) -> Result<Keys> {
    let bytes = Zeroizing::new(std::fs::read(file).map_err(|cause| trouble(file, &cause))?);
    let damaged = || Error::fault(format!("{} is not a keys file, or it is damaged", file.display()));
    if bytes.len() > SIZE_MAX {
        return Err(damaged());
    }
    std::str::from_utf8(&bytes).ok().and_then(parse).ok_or_else(damaged)
}

fn trouble(file: &Path, cause: &std::io::Error) -> Error {
    Error::fault(format!("the keys file {}: {cause}", file.display()))
}

fn text(keys: &Keys) -> Zeroizing<String> {
    let (region, look_up) = keys.parts();
    let code = |key: &Key| Zeroizing::new(BASE32_NOPAD.encode(key.expose()));
    let (region, look_up) = (code(region), code(look_up));
    Zeroizing::new(format!("{HEAD}\nregion {}\nlook-up {}\n", *region, *look_up))
}

fn parse(text: &str) -> Option<Keys> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return None;
    }
    let mut key = |name: &str| {
        let code = lines.next()?.strip_prefix(name)?.trim();
        Key::from_bytes(&Zeroizing::new(BASE32_NOPAD.decode(code.as_bytes()).ok()?))
    };
    Some(Keys::new(key("region ")?, key("look-up ")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_they_were_written_and_nothing_else_does() {
        let keys = Keys::random().unwrap();
        let again = parse(&text(&keys)).unwrap();
        assert_eq!(keys.parts().0.expose(), again.parts().0.expose());
        assert_eq!(keys.look_up("x", "y"), again.look_up("x", "y"));
        let good = text(&keys).to_string();
        for bad in ["", HEAD, &good.replace("look-up", "lookup"), &good.replace("/1", "/2"), &good[..60]] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
