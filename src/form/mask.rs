//! The FAX variant: names to initials, addresses to the town, numbers blacked out, and the same words
//! hidden wherever they turn up in running text. What a person wrote in other words stays readable;
//! the sheet cannot know it, and the page says so before sending.

use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::field::Mask;

/// What stands for hidden words.
pub const BLACK: &str = "■■■";

/// Shorter words are not hunted in running text: they would hide half of it.
const WORD_MIN: usize = 2;

/// Words to hide in running text, and what stands for them; longest first.
pub(super) struct Hidden(Vec<(String, String)>);

impl Hidden {
    /// Gathers what the masked fields hold.
    pub fn of(form: &Form, answers: &Answers) -> Self {
        let mut words = Vec::new();
        for field in form.fields.values() {
            let Some(mask) = field.print.mask else { continue };
            let Some(text) = answers.text(&field.code) else { continue };
            // A coded answer (感染症 なし) is hidden in its place, but is no word to hunt.
            if !field.choices().is_empty() || matches!(field.shape, crate::form::field::Shape::Date) {
                continue;
            }
            let stands =
                masked(mask, text, field.print.mask_from.as_deref().and_then(|from| answers.text(from)));
            words.push((text.to_owned(), stands.clone()));
            if mask == Mask::Initials {
                words.extend(text.split_whitespace().map(|part| (part.to_owned(), stands.clone())));
            }
        }
        words.retain(|(word, _)| word.chars().count() >= WORD_MIN);
        words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        words.dedup();
        Self(words)
    }

    /// The text with those words hidden.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, stands)| text.replace(word, stands))
    }
}

/// What stands in the place of a masked answer; `kana` is where initials are read from.
pub(super) fn masked(mask: Mask, text: &str, kana: Option<&str>) -> String {
    match mask {
        Mask::Black => BLACK.to_owned(),
        Mask::Initials => kana.and_then(initials).unwrap_or_else(|| BLACK.to_owned()),
        Mask::Town => town(text).unwrap_or_else(|| BLACK.to_owned()),
    }
}

/// `ヤマダ タロウ` → `Y.T.`; none when a part does not begin with kana or a Latin letter.
fn initials(kana: &str) -> Option<String> {
    let letters: Option<Vec<char>> =
        kana.split_whitespace().map(|part| part.chars().next().and_then(initial)).collect();
    let letters = letters.filter(|letters| !letters.is_empty())?;
    Some(letters.into_iter().map(|letter| format!("{letter}.")).collect())
}

/// The first letter of a kana in Hepburn's spelling.
fn initial(first: char) -> Option<char> {
    const ROWS: [(&str, char); 22] = [
        ("アァ", 'A'),
        ("イィ", 'I'),
        ("ウゥ", 'U'),
        ("エェ", 'E'),
        ("オォヲ", 'O'),
        ("カキクケコヵヶ", 'K'),
        ("サシスセソ", 'S'),
        ("タテトツッ", 'T'),
        ("チ", 'C'),
        ("ナニヌネノン", 'N'),
        ("ハヒヘホ", 'H'),
        ("フ", 'F'),
        ("マミムメモ", 'M'),
        ("ヤユヨャュョ", 'Y'),
        ("ラリルレロ", 'R'),
        ("ワヮ", 'W'),
        ("ガギグゲゴ", 'G'),
        ("ザズゼゾヅ", 'Z'),
        ("ジヂ", 'J'),
        ("ダデド", 'D'),
        ("バビブベボ", 'B'),
        ("パピプペポヴ", 'P'),
    ];
    if first.is_ascii_alphabetic() {
        return Some(first.to_ascii_uppercase());
    }
    // Hiragana stand 0x60 before their katakana.
    let katakana = match first {
        'ぁ'..='ゖ' => char::from_u32(u32::from(first) + 0x60)?,
        other => other,
    };
    ROWS.iter().find(|(row, _)| row.contains(katakana)).map(|(_, letter)| *letter)
}

/// The address up to its 市, 区, 町 or 村; none when it names none.
fn town(address: &str) -> Option<String> {
    let mut end = None;
    for (at, sign) in address.char_indices() {
        let known = matches!(sign, '市' | '区' | '町' | '村');
        // 市, 町 and 村 are also parts of names (四日市市, 町田市), and the 区 of a city follows its 市.
        if known && at > 0 {
            end = Some(at + sign.len_utf8());
            let rest = address.get(at + sign.len_utf8()..).unwrap_or_default();
            let city = rest.chars().take(3).any(|next| next == '市');
            let ward = rest.chars().take(4).any(|next| next == '区');
            if !city && !ward {
                break;
            }
        }
    }
    address.get(..end?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_initials_and_addresses_end_at_the_town() {
        assert_eq!(initials("ヤマダ タロウ").as_deref(), Some("Y.T."));
        assert_eq!(initials("ちば　はなこ").as_deref(), Some("C.H."));
        assert_eq!(initials("山田 太郎"), None);
        assert_eq!(town("長野県上田市天神1-2-3").as_deref(), Some("長野県上田市"));
        assert_eq!(town("三重県四日市市諏訪町1").as_deref(), Some("三重県四日市市"));
        assert_eq!(town("神奈川県横浜市中区本町6").as_deref(), Some("神奈川県横浜市中区"));
        assert_eq!(town("東京都町田市中町1").as_deref(), Some("東京都町田市"));
        assert_eq!(town("長野県小県郡長和町大門1").as_deref(), Some("長野県小県郡長和町"));
        assert_eq!(town("1-2-3"), None);
    }
}
