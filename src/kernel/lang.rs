//! Two languages, side by side, checked by the compiler.

use std::borrow::Cow;

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese, the default.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The code used in HTML, settings and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// Reads a code such as `ja` or `en-GB`; `None` for any other language.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split(['-', '_']).next() {
            Some("ja") => Some(Self::Ja),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }
}

/// A text in both languages, as it stands in data (`{"ja": …, "en": …}`) and in errors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Japanese.
    pub ja: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Words {
    /// Both languages, written out.
    pub fn new(ja: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// Both languages, as a constant.
    pub const fn fixed(ja: &'static str, en: &'static str) -> Self {
        Self { ja: Cow::Borrowed(ja), en: Cow::Borrowed(en) }
    }

    /// Asks a text of the house in both languages: `Words::of(|t| t.body_is_empty())`.
    pub fn of<S: Into<Cow<'static, str>>>(says: impl Fn(Text) -> S) -> Self {
        Self { ja: says(Text(Lang::Ja)).into(), en: says(Text(Lang::En)).into() }
    }

    /// The text in one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// The house's own texts in one language. Each file that speaks adds its sentences with
/// [`texts!`](crate::texts): a missing language or a misspelt placeholder does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text(pub Lang);

/// Adds sentences to [`Text`], both languages side by side:
///
/// ```text
/// texts! {
///     /// Doc comment.
///     send { ja: "送る", en: "Send" }
///     posts_so_far(count: usize) { ja: "投稿{count}件", en: "{count} post" | "{count} posts" }
/// }
/// ```
///
/// Two English sentences are one for a single thing and one for none or several; the first argument counts.
#[macro_export]
macro_rules! texts {
    (@one $(#[$doc:meta])* $name:ident () $ja:literal $en:literal) => {
        $(#[$doc])*
        pub(crate) fn $name(self) -> &'static str {
            match self.0 {
                $crate::kernel::lang::Lang::Ja => $ja,
                $crate::kernel::lang::Lang::En => $en,
            }
        }
    };
    (@one $(#[$doc:meta])* $name:ident ($($arg:ident : $kind:ty),+) $ja:literal $en:literal) => {
        $(#[$doc])*
        pub(crate) fn $name(self, $($arg: $kind),+) -> String {
            match self.0 {
                $crate::kernel::lang::Lang::Ja => format!($ja),
                $crate::kernel::lang::Lang::En => format!($en),
            }
        }
    };
    (@one $(#[$doc:meta])* $name:ident ($count:ident : $number:ty $(, $arg:ident : $kind:ty)*)
        $ja:literal $one:literal $many:literal) => {
        $(#[$doc])*
        pub(crate) fn $name(self, $count: $number $(, $arg: $kind)*) -> String {
            match self.0 {
                $crate::kernel::lang::Lang::Ja => format!($ja),
                $crate::kernel::lang::Lang::En if $count == 1 as $number => format!($one),
                $crate::kernel::lang::Lang::En => format!($many),
            }
        }
    };
    ($($(#[$doc:meta])* $name:ident $(($($arg:ident : $kind:ty),+ $(,)?))?
        { ja: $ja:literal, en: $en:literal $(| $many:literal)? $(,)? })*) => {
        impl $crate::kernel::lang::Text {
            $($crate::texts!(@one $(#[$doc])* $name ($($($arg : $kind),+)?) $ja $en $($many)?);)*
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    texts! {
        test_plain { ja: "送る", en: "Send" }
        test_count(count: usize) { ja: "投稿{count}件", en: "{count} post" | "{count} posts" }
    }

    #[test]
    fn a_text_speaks_both_languages() {
        assert_eq!(Words::of(Text::test_plain), Words::new("送る", "Send"));
        assert_eq!([0, 1, 3].map(|count| Text(Lang::En).test_count(count)), ["0 posts", "1 post", "3 posts"]);
        assert_eq!(Lang::from_code("en-GB"), Some(Lang::En));
        assert_eq!(Lang::from_code("fr"), None);
    }
}
