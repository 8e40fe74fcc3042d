//! Words set in lines: how wide they get, and where they may be broken. Widths are taken a little too
//! large, since nobody knows which font the reader has.

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The name of a phase.
    Title,
    /// The name of something else.
    Strong,
    /// Plain words.
    Plain,
    /// Small words.
    Small,
}

impl Face {
    /// The size of its letters.
    pub fn size(self) -> i32 {
        match self {
            Self::Title => 16,
            Self::Strong | Self::Plain => 14,
            Self::Small => 13,
        }
    }

    /// From one line to the next.
    pub fn leading(self) -> i32 {
        match self {
            Self::Title => 22,
            Self::Strong | Self::Plain => 19,
            Self::Small => 18,
        }
    }

    /// Whether it is bold.
    pub fn is_bold(self) -> bool {
        matches!(self, Self::Title | Self::Strong)
    }
}

/// Lines below one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines(Vec<(Face, String)>);

impl Lines {
    /// A text, broken to this width.
    pub fn of(face: Face, says: &str, width: i32) -> Self {
        Self::default().and(face, says, width)
    }

    /// And one more below.
    pub fn and(mut self, face: Face, says: &str, width: i32) -> Self {
        self.0.extend(broken(says, face, width).into_iter().map(|line| (face, line)));
        self
    }

    /// Each line.
    pub fn all(&self) -> &[(Face, String)] {
        &self.0
    }

    pub fn height(&self) -> i32 {
        self.0.iter().map(|(face, _)| face.leading()).sum()
    }

    pub fn width(&self) -> i32 {
        self.0.iter().map(|(face, line)| wide(line, *face)).max().unwrap_or(0)
    }
}

/// What may not begin a line, and what may not end one.
const NOT_FIRST: &str = "、。，．・：；？！）］｝」』】〉》〕ーっゃゅょぁぃぅぇぉッャュョァィゥェォ々…";
const NOT_LAST: &str = "（［｛「『【〈《〔";

/// In hundredths of the letter size.
fn letter(c: char) -> i32 {
    match c {
        '\u{1f000}'.. => 140,
        '\u{ff61}'..='\u{ff9f}' => 60,
        '\u{1100}'.. => 100,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 92,
        'i' | 'j' | 'l' | 'I' | ' ' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' => 32,
        'A'..='Z' => 69,
        _ => 57,
    }
}

fn is_full(c: char) -> bool {
    letter(c) >= 100
}

/// How wide a text gets on one line.
pub fn wide(text: &str, face: Face) -> i32 {
    let hundredths: i32 = text.chars().map(letter).sum();
    let bold = if face.is_bold() { 106 } else { 100 };
    hundredths.saturating_mul(face.size()).saturating_mul(bold).saturating_add(9_999) / 10_000
}

/// Breaks a text into lines of at most this width: between Japanese characters, but not before 、 or
/// after 「; between English words; inside a word only where it alone is too long.
fn broken(text: &str, face: Face, width: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || wide(longer.trim_end(), face) <= width {
            line = longer;
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece;
        }
        while let Some(cut) = too_long(line.trim_end(), face, width) {
            let rest = line.split_off(cut);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.trim_end().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Where a line that is too long even alone is cut: after as many characters as fit, at least one.
fn too_long(line: &str, face: Face, width: i32) -> Option<usize> {
    if wide(line, face) <= width {
        return None;
    }
    let ends = line.char_indices().skip(1).map(|(at, _)| at);
    let fits = ends.clone().take_while(|at| wide(line.get(..*at).unwrap_or_default(), face) <= width).last();
    fits.or_else(|| ends.clone().next())
}

/// What may not be torn apart, each with the space that follows it. What cannot be printed is a space.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let last = pieces.last_mut();
        let before = last.as_ref().and_then(|piece| piece.chars().last());
        let joins = match before {
            None => false,
            Some(' ') => c == ' ',
            Some(_) if c == ' ' => true,
            Some(before) if NOT_LAST.contains(before) || NOT_FIRST.contains(c) => true,
            // 14日 and 12か月 stay whole.
            Some(before) if is_full(c) => before.is_ascii_digit() || before == 'か' && c == '月',
            Some(before) => !is_full(before),
        };
        match last {
            Some(piece) if joins && !(c == ' ' && piece.ends_with(' ')) => piece.push(c),
            Some(_) if joins => {}
            _ if c == ' ' => {}
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_where_a_reader_of_either_language_would() {
        let broken = |text, width| broken(text, Face::Plain, width);
        assert_eq!(broken("カテーテルを交換する", 70), ["カテーテル", "を交換する"]);
        assert_eq!(broken("痛み、呼吸苦", 28), ["痛", "み、", "呼吸", "苦"], "no line begins with a comma");
        assert_eq!(broken("薬（頓用）", 30), ["薬", "（頓", "用）"], "no line ends with an opening bracket");
        assert_eq!(broken("遅くとも14日", 80), ["遅くとも", "14日"], "a number keeps its counter");
        assert_eq!(broken("Move on to stable", 80), ["Move on to", "stable"]);
        assert_eq!(broken("a\u{1b}b", 80), ["a b"], "what cannot be printed is a space");
        assert_eq!(broken("Supercalifragilistic", 60).concat(), "Supercalifragilistic");
        assert_eq!(broken("", 60), Vec::<String>::new());
        for text in ["とても長い名前の段階が一つある", "a much longer name of a phase", "胃ろうPEGの確認"]
        {
            assert!(broken(text, 60).iter().all(|line| wide(line, Face::Plain) <= 60), "{text}");
        }
        assert!(wide("あ", Face::Plain) >= 14 && wide("あ", Face::Plain) > wide("a", Face::Plain));
    }
}
