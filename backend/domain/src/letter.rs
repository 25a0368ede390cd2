//! A letter: something that shall happen outside, kept with what decided it and carried out afterwards. Here: how letters
//! stand, why one could not be carried out, and when it may be tried anew. What stands in letters is not here.

use crate::{
    name::{Bilingual, Tongue},
    refusal::Refusal,
};

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterState {
    /// It is still to be carried out.
    Waiting,
    /// It was carried out.
    Sent,
    /// It was given up; somebody has to look at it.
    Failed,
}

/// Only what was given up is tried anew: everything else is under way or done.
pub fn retry(state: LetterState) -> Result<(), Refusal> {
    match state {
        LetterState::Failed => Ok(()),
        LetterState::Waiting => Err(Refusal::LetterWaiting),
        LetterState::Sent => Err(Refusal::LetterSent),
    }
}

/// Why a letter could not be carried out. Nothing of what the other machine said is in it but a number: its words may
/// hold addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The other machine does not answer.
    NoAnswer,
    /// It asks to come back later, with this number.
    Later(u16),
    /// It does not take the letter, with this number.
    Refused(u16),
    /// The person's mail address cannot be written to.
    Address,
    /// The letter could not be written.
    Unwritten,
}

impl Problem {
    /// Whether trying again would change nothing: there is no such mailbox, or a push service does not want it. A mail
    /// server that refuses for another reason (a wrong password, say) may be put right meanwhile.
    pub fn is_final(self) -> bool {
        matches!(self, Problem::Address | Problem::Refused(400..=499 | 550 | 551 | 553))
    }

    /// Its word in a column: `refused 550`.
    pub fn word(self) -> String {
        match self {
            Problem::NoAnswer => "no_answer".to_owned(),
            Problem::Later(number) => format!("later {number}"),
            Problem::Refused(number) => format!("refused {number}"),
            Problem::Address => "address".to_owned(),
            Problem::Unwritten => "unwritten".to_owned(),
        }
    }

    /// The problem of that word.
    pub fn parse(word: &str) -> Option<Self> {
        match word.split_once(' ') {
            Some(("later", number)) => number.parse().ok().map(Problem::Later),
            Some(("refused", number)) => number.parse().ok().map(Problem::Refused),
            None if word == "no_answer" => Some(Problem::NoAnswer),
            None if word == "address" => Some(Problem::Address),
            None if word == "unwritten" => Some(Problem::Unwritten),
            _ => None,
        }
    }

    /// The sentence people read.
    pub fn text(self, tongue: Tongue) -> String {
        let both = |ja: &str, en: &str| Bilingual {
            ja: ja.to_owned(),
            en: en.to_owned(),
        };
        let said = match self {
            Problem::NoAnswer => both(
                "送り先のサーバーが応答しません。",
                "The server it goes to does not answer.",
            ),
            Problem::Later(number) => Bilingual {
                ja: format!("送り先のサーバーが後で送るよう求めています（{number}）。"),
                en: format!("The server it goes to asks to come back later ({number})."),
            },
            Problem::Refused(number) => Bilingual {
                ja: format!("送り先のサーバーが受け取りを断りました（{number}）。"),
                en: format!("The server it goes to does not take it ({number})."),
            },
            Problem::Address => both(
                "この方のメールアドレスには送れません。",
                "The person's mail address cannot be written to.",
            ),
            Problem::Unwritten => both(
                "文面を作れませんでした。詳細はサーバーのログにあります。",
                "It could not be written; the server's log says why.",
            ),
        };
        said.get(tongue).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{LetterState, Problem, retry};
    use crate::{name::Tongue, refusal::Refusal};

    #[test]
    fn only_what_was_given_up_is_tried_anew() {
        for (state, expect) in [
            (LetterState::Failed, Ok(())),
            (LetterState::Waiting, Err(Refusal::LetterWaiting)),
            (LetterState::Sent, Err(Refusal::LetterSent)),
        ] {
            assert_eq!(retry(state), expect);
        }
    }

    #[test]
    fn what_may_be_put_right_is_tried_again() {
        for (problem, expect) in [
            (Problem::Refused(550), true),
            (Problem::Refused(413), true),
            (Problem::Address, true),
            (Problem::Refused(535), false),
            (Problem::Refused(554), false),
            (Problem::Later(450), false),
            (Problem::NoAnswer, false),
            (Problem::Unwritten, false),
        ] {
            assert_eq!(problem.is_final(), expect, "{problem:?}");
        }
    }

    #[test]
    fn words_round_trip_and_are_said_in_both_languages() {
        for problem in [
            Problem::NoAnswer,
            Problem::Later(451),
            Problem::Refused(550),
            Problem::Address,
            Problem::Unwritten,
        ] {
            assert_eq!(Problem::parse(&problem.word()), Some(problem));
            let (ja, en) = (problem.text(Tongue::Ja), problem.text(Tongue::En));
            assert!(ja.ends_with('。') && en.ends_with('.') && en.is_ascii(), "{ja} {en}");
        }
        for word in [
            "",
            "refused",
            "refused x",
            "refused 550 5.1.1 <a@b.example>",
            "later -1",
        ] {
            assert_eq!(Problem::parse(word), None, "{word}");
        }
    }
}
