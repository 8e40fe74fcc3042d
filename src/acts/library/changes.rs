//! Publishing by two: one person proposes a draft, another confirms it, and one of them answers for the
//! region. Both acts are entries of the register, so both names and moments stay. What is confirmed is
//! what was proposed, to the letter: the hash pins it.

use crate::access::library::LibraryNeed;
use crate::access::library::publish_together;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::library::CURRENT;
use crate::acts::library::STORIES;
use crate::acts::library::drafts;
use crate::acts::library::drafts::DraftCard;
use crate::acts::library::drafts::may;
use crate::acts::library::drafts::need_own;
use crate::acts::library::stories;
use crate::acts::library::stories::Story;
use crate::acts::plans::need_reason;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::id::EntryId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::seal::sha256;
use crate::pathway::Pathway;
use crate::record::payload::Proposed;
use crate::record::payload::Published;
use crate::record::payload::Rank;
use crate::record::payload::TurnedDown;
use crate::store::definitions;
use crate::store::definitions::Definition;
use crate::store::library as rows;
use crate::store::register;
use crate::texts;

/// A draft as it is proposed.
#[derive(Debug, Clone)]
pub struct Proposing {
    /// The entry's id.
    pub id: EntryId,
    /// The id of what is proposed.
    pub change: ChangeId,
    /// Which draft.
    pub draft: DraftId,
    /// The hash that the author saw.
    pub hash: String,
    /// What changed, and why.
    pub reason: String,
}

impl House {
    /// Proposes a draft for publishing. One with findings is no candidate.
    pub async fn propose_pathway(&self, who: Who, new: Proposing) -> Result<()> {
        let (pathway, _) = self.sound(new.draft).await?;
        self.perform(who, vec![self.register()], move |act| propose(act, &new, &pathway)).await
    }

    /// Confirms what somebody else proposed: the draft becomes the current version for new runs. What
    /// runs keeps its own.
    pub async fn confirm_pathway(&self, who: Who, id: EntryId, change: ChangeId) -> Result<()> {
        let row =
            self.read(move |reading| rows::change(reading.conn, change)).await?.ok_or(Error::Missing)?;
        if row.state != "published" {
            let (pathway, stories) = self.sound(row.draft).await.map_err(|why| match why {
                Error::Missing => Error::Forbidden(Words::of(Text::proposed_draft_changed)),
                why => why,
            })?;
            let act = move |act: &mut Act<'_>| confirm(act, id, change, (&pathway, &stories));
            self.perform(who, vec![self.register()], act).await?;
        } else {
            self.perform(who, vec![self.register()], move |act| confirmed_before(act, id)).await?;
        }
        self.reload_library().await
    }

    /// The pathway of a draft and its stories, checked and played outside the committer; a flaw when
    /// something is wrong with it, or a story tells otherwise.
    async fn sound(&self, draft: DraftId) -> Result<(Pathway, Vec<Story>)> {
        let library = self.library();
        self.read(move |reading| {
            let row = rows::draft(reading.conn, draft)?.ok_or(Error::Missing)?;
            let key = crate::acts::log_key(reading.conn, reading.house.keys(), reading.house.register())?;
            let DraftCard { text, stories, .. } = drafts::open(&key, &row)?;
            let unsound = || Error::invalid("text", Words::of(Text::draft_has_findings));
            if !drafts::is_sound(&drafts::findings(&library, &text)) {
                return Err(unsound());
            }
            let pathway = drafts::read(&text).map_err(|_| unsound())?;
            if stories::play(&library.pathways, &pathway, &stories, drafts::FILE).fails() {
                return Err(Error::invalid("text", Words::of(Text::draft_stories_fail)));
            }
            Ok((pathway, stories))
        })
        .await
    }
}

fn propose(act: &mut Act<'_>, new: &Proposing, pathway: &Pathway) -> Result<()> {
    let who = act.who.need_person()?;
    may(act.conn, who, LibraryNeed::Write)?;
    need_reason(&new.reason)?;
    let definition = &pathway.definition;
    let proposed = Proposed {
        change: new.change,
        draft: new.draft,
        code: definition.id.clone(),
        version: definition.version.clone(),
        hash: pathway.hash.clone(),
        reason: new.reason.trim().to_owned(),
    };
    if act.stands(act.register(), new.id)?.is_some() {
        return act.enter(new.id, proposed).map(|_| ());
    }
    let draft = rows::draft(act.conn, new.draft)?.ok_or(Error::Missing)?;
    need_own(&draft, who)?;
    if pathway.hash != new.hash || drafted(act, &draft)?.as_ref() != Some(&new.hash) {
        return Err(Error::Stale);
    }
    need_new(act, pathway)?;
    if rows::change(act.conn, new.change)?.is_some() {
        return Err(Error::Conflict);
    }
    act.enter(new.id, proposed).map(|_| ())
}

/// The hash that a draft has now.
fn drafted(act: &mut Act<'_>, draft: &rows::Draft) -> Result<Option<String>> {
    let key = act.register_key()?;
    Ok(drafts::hash_of(&drafts::open(&key, draft)?.text))
}

/// A version that people can tell from every other one.
fn need_new(act: &mut Act<'_>, pathway: &Pathway) -> Result<()> {
    if definitions::by_hash(act.conn, &pathway.hash)?.is_some() {
        return Err(Error::invalid("text", Words::of(Text::version_is_published)));
    }
    let (code, version) = (&pathway.definition.id, &pathway.definition.version);
    let known = definitions::of_code(act.conn, "pathway", code)?;
    if known.iter().any(|row| row.version == *version) {
        return Err(Error::invalid("text", Words::of(|t| t.version_is_taken(version))));
    }
    // What is published becomes the current version: an older number would pass for an older text.
    match known.iter().find(|row| row.state == "current" && !is_newer(version, &row.version)) {
        Some(current) => Err(Error::invalid("text", Words::of(|t| t.version_is_older(&current.version)))),
        None => Ok(()),
    }
}

/// Whether a version such as `1.10.0` comes after another, number by number.
fn is_newer(version: &str, other: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map(|number| number.parse().unwrap_or(u64::MAX)).collect()
    };
    numbers(version) > numbers(other)
}

fn confirm(
    act: &mut Act<'_>,
    id: EntryId,
    change: ChangeId,
    (pathway, stories): (&Pathway, &[Story]),
) -> Result<()> {
    let who = act.who.need_person()?;
    let rank = may(act.conn, who, LibraryNeed::Write)?;
    let row = rows::change(act.conn, change)?.ok_or(Error::Missing)?;
    if act.stands(act.register(), id)?.is_some() {
        return confirmed_before(act, id);
    }
    let proposer = register::person(act.conn, row.proposer)?;
    let ranks = [rank, Rank::read(&proposer.rank).unwrap_or(Rank::Member)];
    publish_together(who == row.proposer, ranks)?;
    if row.state != "open" {
        return Err(Error::Stale);
    }
    let draft = rows::draft(act.conn, row.draft)?;
    let now = match &draft {
        Some(draft) => drafted(act, draft)?,
        None => None,
    };
    if pathway.hash != row.hash || now.as_ref() != Some(&row.hash) {
        return Err(Error::Forbidden(Words::of(Text::proposed_draft_changed)));
    }
    need_new(act, pathway)?;
    publish(act, id, &row, (pathway, stories))?;
    rows::drop_draft(act.conn, row.draft)
}

fn publish(
    act: &mut Act<'_>,
    id: EntryId,
    row: &rows::Change,
    (pathway, stories): (&Pathway, &[Story]),
) -> Result<()> {
    let published = Published {
        what: "pathway".to_owned(),
        code: row.code.clone(),
        version: row.version.clone(),
        hash: row.hash.clone(),
        change: Some(row.id),
    };
    let seq = act.enter(id, published)?.seq();
    let new = Definition {
        hash: row.hash.clone(),
        kind: "pathway".to_owned(),
        code: row.code.clone(),
        version: row.version.clone(),
        state: CURRENT.to_owned(),
        body: pathway.text.clone(),
        seq,
    };
    definitions::publish(act.conn, &new)?;
    if stories.is_empty() {
        return Ok(());
    }
    let body = serde_json::to_string(stories).map_err(|_| Error::fault("stories cannot be written"))?;
    let named = sha256(&[b"renkei/stories/1", new.hash.as_bytes(), body.as_bytes()]);
    let beside = Definition {
        hash: data_encoding::HEXLOWER.encode(&named),
        kind: STORIES.to_owned(),
        code: new.hash.clone(),
        body,
        ..new
    };
    definitions::publish(act.conn, &beside)
}

/// The same confirmation sent again is done; another one comes too late.
fn confirmed_before(act: &mut Act<'_>, id: EntryId) -> Result<()> {
    let who = act.who.need_person()?;
    may(act.conn, who, LibraryNeed::Write)?;
    match crate::store::log::by_id(act.conn, act.register(), id)? {
        Some(row) if row.author == Some(who) && row.kind == "definition.published" => Ok(()),
        Some(_) => Err(Error::Conflict),
        None => Err(Error::Stale),
    }
}

/// Turns down what was proposed, or takes back what one proposed oneself; with a reason.
pub fn turn_down(act: &mut Act<'_>, id: EntryId, change: ChangeId, reason: &str) -> Result<()> {
    let who = act.who.need_person()?;
    may(act.conn, who, LibraryNeed::Write)?;
    need_reason(reason)?;
    let ended = TurnedDown { change, reason: reason.trim().to_owned() };
    let row = rows::change(act.conn, change)?.ok_or(Error::Missing)?;
    if act.stands(act.register(), id)?.is_none() && row.state != "open" {
        return Err(Error::Stale);
    }
    act.enter(id, ended).map(|_| ())
}

texts! {
    draft_has_findings {
        ja: "直すところが残っている原稿は、公開を申し出られません。指摘を直してください。",
        en: "A draft that still has errors cannot be proposed. Please mend what was found."
    }
    draft_stories_fail {
        ja: "物語のとおりに動かない原稿は、公開を申し出られません。原稿か物語を直してください。",
        en: "A draft whose stories fail cannot be proposed. Please mend the draft or the story."
    }
    version_is_published {
        ja: "同じ内容の版が、すでに公開されています。",
        en: "A version that says the same is published already."
    }
    version_is_older(current: &str) {
        ja: "今の版は {current} です。version をそれより大きい番号にしてください。",
        en: "The current version is {current}. Please give this one a higher version."
    }
    version_is_taken(version: &str) {
        ja: "版 {version} はすでに公開されています。version を新しい番号にしてください。",
        en: "Version {version} of this pathway is published already. Please give this one another version."
    }
    proposed_draft_changed {
        ja: "申し出のあとで原稿が変わったか、消されました。原稿を書いた人に、もう一度申し出るように頼んでください。",
        en: "The draft was changed or thrown away after it was proposed. Please ask its author to propose it again."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        assert!(is_newer("1.0.1", "1.0.0") && is_newer("1.10.0", "1.9.9") && is_newer("2.0.0", "1.99.99"));
        assert!(!is_newer("0.9.0", "1.0.0") && !is_newer("1.0.0", "1.0.0"));
    }
}
