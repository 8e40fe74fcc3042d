//! A region's beginning from the command line: its keys file, the recovery sheet and the proof that
//! somebody holds it, the town office, the first administrator's invitation. Also opening the house of
//! a region that began, and getting a lost keys file back from the sheet.

use std::io::BufRead;
use std::io::Write;
use std::path::Path;

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use crate::acts::House;
use crate::acts::Who;
use crate::acts::accounts;
use crate::acts::register;
use crate::acts::register::NewInvitation;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::InvitationId;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Key;
use crate::kernel::seal::Keys;
use crate::kernel::seal::random;
use crate::kernel::seal::sha256;
use crate::kernel::time::Clock;
use crate::ops::keys;
use crate::record::Author;
use crate::record::cards::InvitationCard;
use crate::record::cards::OfficeCard;
use crate::record::payload::OfficeKind;
use crate::record::payload::Rank;
use crate::store::Place;

/// How many lines the recovery sheet has; each holds eight bytes and a check.
const LINES: usize = 8;
const BYTES: usize = 8;
/// How often part of the sheet may be typed back wrongly.
const TRIES: usize = 3;

/// What `region init` was told.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The region's name.
    pub name: String,
    /// The town office's name.
    pub office: String,
    /// Whom the first invitation is for.
    pub administrator: String,
    /// The address that people will type.
    pub origin: String,
}

/// Opens the house of a region that began: the keys file must lie outside the data folder and be
/// readable by its owner alone.
pub async fn open(place: &Place, keys_file: &Path, data: Option<&Path>) -> Result<House> {
    if let Some(data) = data {
        outside(keys_file, data)?;
    }
    check_mode(keys_file)?;
    let house = House::open(place, keys::read(keys_file)?, Clock::System).await?;
    house.publish_shipped().await?;
    Ok(house)
}

/// Refuses keys that lie where the data lie: whoever takes the folder would have both.
fn outside(keys_file: &Path, data: &Path) -> Result<()> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if real(keys_file).starts_with(real(data)) {
        return Err(Error::fault(format!(
            "the keys file {} lies inside the data folder; keep it elsewhere, so that a stolen folder or backup opens nothing",
            keys_file.display()
        )));
    }
    Ok(())
}

#[cfg(unix)]
fn check_mode(keys_file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(about) = std::fs::metadata(keys_file) else {
        return Err(Error::fault(format!(
            "the keys file {} is not there; if it is lost, `renkei region recover` makes it anew from the recovery sheet",
            keys_file.display()
        )));
    };
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Error::fault(format!(
            "the keys file {0} can be read by others; run `chmod 600 {0}` first",
            keys_file.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<()> {
    Ok(())
}

/// Begins a region: keys file, database, town office, invitation. Returns the house and the link.
pub async fn begin(
    place: &Place,
    keys_file: &Path,
    data: Option<&Path>,
    beginning: &Beginning,
) -> Result<(House, String)> {
    if let Some(data) = data {
        outside(keys_file, data)?;
    }
    if let Place::File(file) = place {
        keys::make_folder_of(file)?;
    }
    let keys = keys::create(keys_file)?;
    let house = match House::found(place, keys, &beginning.name, Clock::System).await {
        Ok(house) => house,
        Err(why) => {
            // Nothing was begun under these keys: leaving them would only confuse.
            let _ = std::fs::remove_file(keys_file);
            return Err(why);
        }
    };
    house.publish_shipped().await?;
    let link = invite_first(&house, beginning).await?;
    Ok((house, link))
}

async fn invite_first(house: &House, beginning: &Beginning) -> Result<String> {
    let card = OfficeCard { name: beginning.office.clone(), ..OfficeCard::default() };
    let set = register::new_office(OfficeKind::TownOffice, card);
    let (office_entry, invitation) = (EntryId::new(), InvitationId::new());
    let code = accounts::invitation_code(house.keys(), invitation);
    let new = NewInvitation {
        id: EntryId::new(),
        invitation,
        code: code.clone(),
        office: set.office,
        profession: Profession::LiaisonOfficer,
        rank: Rank::RegionAdmin,
        card: InvitationCard { name: beginning.administrator.clone(), kana: String::new() },
    };
    house
        .perform(Who::other(Author::Operator), vec![house.register()], move |act| {
            register::set_office(act, office_entry, set.clone())?;
            register::invite(act, &new)
        })
        .await?;
    Ok(format!("{}/join/{code}", beginning.origin.trim_end_matches('/')))
}

/// The recovery sheet: the keys as numbered lines of four groups, each line with its own check.
pub fn sheet(keys: &Keys) -> Vec<Zeroizing<String>> {
    let (region, look_up) = keys.parts();
    let bytes = Zeroizing::new([region.expose().as_slice(), look_up.expose().as_slice()].concat());
    bytes.chunks(BYTES).enumerate().map(|(number, part)| line(number, part)).collect()
}

fn line(number: usize, part: &[u8]) -> Zeroizing<String> {
    let letters = Zeroizing::new(format!("{}{}", BASE32_NOPAD.encode(part), check(number, part)));
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Zeroizing::new(groups.join(" "))
}

/// Three letters that a slip of the pen does not survive; the line's number is part of them.
fn check(number: usize, part: &[u8]) -> String {
    let digest = sha256(&[b"renkei/sheet/1", &[u8::try_from(number).unwrap_or(u8::MAX)], part]);
    BASE32_NOPAD.encode(&digest).chars().take(3).collect()
}

/// Prints the sheet with what it is for.
pub fn print_sheet(house: &House, out: &mut dyn Write) -> Result<()> {
    let mut say = |line: &str| writeln!(out, "{line}").map_err(|cause| trouble(&cause));
    say("RECOVERY SHEET 復旧シート")?;
    say("Write these lines down, or print them, and lock them away. Without the keys file and without")?;
    say(
        "this sheet nobody can open the region's records again. 鍵ファイルを失ったとき、この紙だけが記録を開けます。",
    )?;
    say("")?;
    for (number, line) in (1..).zip(sheet(house.keys())) {
        say(&format!("  {number}  {}", *line))?;
    }
    say("")
}

/// Reads one line as a person types it: spaces, dashes and case do not matter.
fn read_line(number: usize, typed: &str) -> Option<Zeroizing<Vec<u8>>> {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = Zeroizing::new(letters.to_ascii_uppercase());
    let (data, checked) = letters.split_at_checked(letters.len().checked_sub(3)?)?;
    let part = Zeroizing::new(BASE32_NOPAD.decode(data.as_bytes()).ok()?);
    (part.len() == BYTES && check(number, &part) == checked).then_some(part)
}

/// Asks for one line of the sheet and notes in the region that somebody holds it. Gives up after some
/// wrong answers.
pub async fn confirm(
    house: &House,
    answers: &mut (dyn BufRead + Send),
    out: &mut (dyn Write + Send),
) -> Result<bool> {
    let [chosen] = random::<1>()?;
    let number = usize::from(chosen) % LINES;
    let right = sheet(house.keys()).into_iter().nth(number).and_then(|line| read_line(number, &line));
    for _ in 0..TRIES {
        ask(out, number + 1)?;
        let mut typed = Zeroizing::new(String::new());
        if answers.read_line(&mut typed).map_err(|cause| trouble(&cause))? == 0 {
            break;
        }
        if right.is_some() && read_line(number, &typed) == right {
            house.confirm_recovery().await?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn ask(out: &mut dyn Write, number: usize) -> Result<()> {
    write!(out, "line {number}: ").and_then(|()| out.flush()).map_err(|cause| trouble(&cause))
}

/// Makes a lost keys file anew from the sheet, typed in line by line.
pub fn recover(keys_file: &Path, answers: &mut dyn BufRead, out: &mut dyn Write) -> Result<()> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LINES * BYTES));
    for number in 0..LINES {
        loop {
            ask(out, number + 1)?;
            let mut typed = Zeroizing::new(String::new());
            if answers.read_line(&mut typed).map_err(|cause| trouble(&cause))? == 0 {
                return Err(Error::fault("the sheet ended before its last line; nothing was written"));
            }
            if let Some(part) = read_line(number, &typed) {
                bytes.extend_from_slice(&part);
                break;
            }
            writeln!(out, "that is not line {}; please read it again", number + 1)
                .map_err(|cause| trouble(&cause))?;
        }
    }
    let (region, look_up) = bytes.split_at(bytes.len() / 2);
    let key = |part: &[u8]| Key::from_bytes(part).ok_or_else(|| Error::fault("the sheet is incomplete"));
    keys::write(keys_file, &Keys::new(key(region)?, key(look_up)?))
}

fn trouble(cause: &std::io::Error) -> Error {
    Error::fault(format!("the terminal: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_typed_back_makes_the_same_keys() {
        let keys = Keys::random().unwrap();
        let typed: String =
            sheet(&keys).iter().map(|line| format!("{}\n", line.to_lowercase().replace(' ', "-"))).collect();
        let folder = std::env::temp_dir().join(format!("renkei-sheet-{}", EntryId::new()));
        recover(&folder, &mut typed.as_bytes(), &mut Vec::new()).unwrap();
        let again = keys::read(&folder).unwrap();
        std::fs::remove_file(&folder).unwrap();
        assert_eq!(keys.look_up("a", "b"), again.look_up("a", "b"));
        assert_eq!(keys.parts().0.expose(), again.parts().0.expose());
    }

    #[test]
    fn a_slip_of_the_pen_and_a_line_in_the_wrong_place_are_noticed() {
        let lines = sheet(&Keys::random().unwrap());
        assert_eq!(lines.len(), LINES);
        assert!(read_line(0, &lines[0]).is_some());
        assert!(read_line(1, &lines[0]).is_none());
        let first = lines[0].chars().next().unwrap();
        let other = if first == 'A' { 'B' } else { 'A' };
        assert!(read_line(0, &lines[0].replacen(first, &other.to_string(), 1)).is_none());
    }
}
