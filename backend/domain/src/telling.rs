//! The sentences people read when they are told something: one a kind of notice, in Japanese and English, with times in
//! the venue's zone. Nobody's private reasons are in them: see [`NoticeKind::quotes`].

use crate::{
    name::{Bilingual, Name, Tongue},
    notice::{NoticeKind, Said},
};
use jiff::{Timestamp, tz::TimeZone};

/// Days of the week from Sunday, as Japanese calendars write them.
const DAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

/// A moment in a zone as people read it: day, and hours from 0 to 23.
pub fn moment(at: Timestamp, zone: &str, tongue: Tongue) -> String {
    let there = at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    match tongue {
        Tongue::Ja => {
            let day = DAYS[usize::from(there.weekday().to_sunday_zero_offset().unsigned_abs()) % 7];
            format!(
                "{}月{}日({day}) {}",
                there.month(),
                there.day(),
                there.strftime("%H:%M")
            )
        }
        Tongue::En => there.strftime("%a %-d %b, %H:%M").to_string(),
    }
}

/// A name as readers of that language know it.
pub fn called(name: &Name, tongue: Tongue) -> &str {
    match (tongue, &name.latin) {
        (Tongue::En, Some(latin)) => latin,
        _ => &name.written,
    }
}

impl NoticeKind {
    /// What it is, in a few words.
    pub fn title(self) -> Bilingual {
        let (ja, en) = match self {
            NoticeKind::TimetablePublished => ("タイムテーブルの公開", "The timetable is published"),
            NoticeKind::MeetingBooked => ("商談の予約", "A meeting is booked"),
            NoticeKind::MeetingMoved => ("商談の時間変更", "A meeting has moved"),
            NoticeKind::MeetingCancelled => ("商談の取り消し", "A meeting is cancelled"),
            NoticeKind::MeetingLocked => ("商談の固定", "A meeting is fixed or freed"),
            NoticeKind::RequestReceived => ("商談のリクエスト", "You are asked for a meeting"),
            NoticeKind::RequestAccepted => ("リクエストの成立", "A request is accepted"),
            NoticeKind::RequestDeclined => ("リクエストの辞退", "A request is declined"),
            NoticeKind::RequestCountered => ("別の時間の提案", "Other times are proposed"),
            NoticeKind::RequestWithdrawn => ("リクエストの取り下げ", "A request is withdrawn"),
            NoticeKind::RequestExpired => ("リクエストの期限切れ", "A request has run out"),
            NoticeKind::ShiftAsked => ("時間変更のお願い", "May your meeting move?"),
            NoticeKind::ShiftDone => ("時間の調整の成立", "The times are settled"),
            NoticeKind::ShiftRefused => ("時間の調整の不成立", "The times stay as they were"),
            NoticeKind::OtherSideCame => ("相手の到着", "The other side has come"),
            NoticeKind::NoShow => ("行われなかった商談", "A meeting was not held"),
            NoticeKind::StandbyOffer => ("空いた席のご案内", "A place has come free"),
            NoticeKind::StandbyGone => ("席の終了", "The place is taken"),
            NoticeKind::Late => ("遅れの連絡", "The other side is late"),
            NoticeKind::Message => ("メッセージ", "A message"),
            NoticeKind::GuestAsked => ("商談への同席", "You join a meeting"),
            NoticeKind::GuestReleased => ("同席の取りやめ", "You need not join a meeting"),
        };
        Bilingual {
            ja: ja.to_owned(),
            en: en.to_owned(),
        }
    }

    /// The sentence people read.
    pub fn text(self, said: &Said, zone: &str, tongue: Tongue) -> String {
        let facts = Facts { said, zone, tongue };
        let sentence = match tongue {
            Tongue::Ja => facts.japanese(self),
            Tongue::En => facts.english(self),
        };
        if self.quotes() {
            sentence + &facts.quote()
        } else {
            sentence
        }
    }
}

/// The facts of one notice as a reader of one language has them.
struct Facts<'a> {
    said: &'a Said,
    zone: &'a str,
    tongue: Tongue,
}

impl Facts<'_> {
    fn word(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.tongue {
            Tongue::Ja => ja,
            Tongue::En => en,
        }
    }

    fn other(&self) -> &str {
        match &self.said.other {
            Some(name) => called(name, self.tongue),
            None => self.word("相手", "the other side"),
        }
    }

    fn time(&self, at: Option<Timestamp>) -> Option<String> {
        Some(moment(at?, self.zone, self.tongue))
    }

    /// When and where.
    fn when_where(&self) -> String {
        let place = self.said.place.clone().map(|place| match self.tongue {
            Tongue::Ja => format!("ブース {place}"),
            Tongue::En => format!("booth {place}"),
        });
        let parts: Vec<String> = self.time(self.said.starts).into_iter().chain(place).collect();
        parts.join(self.word("、", ", "))
    }

    /// A colon and when and where, if known.
    fn at(&self) -> String {
        let at = self.when_where();
        if at.is_empty() {
            at
        } else {
            format!("{}{at}", self.word("：", ": "))
        }
    }

    /// When it begins, in brackets, if known.
    fn of(&self) -> String {
        self.time(self.said.starts)
            .map_or_else(String::new, |time| match self.tongue {
                Tongue::Ja => format!("（{time}）"),
                Tongue::En => format!(" ({time})"),
            })
    }

    /// From when, if known.
    fn from(&self) -> String {
        self.time(self.said.was)
            .map_or_else(String::new, |time| match self.tongue {
                Tongue::Ja => format!("{time}から"),
                Tongue::En => format!(" from {time}"),
            })
    }

    /// To when, if known.
    fn to(&self) -> String {
        self.time(self.said.starts)
            .map_or_else(String::new, |time| match self.tongue {
                Tongue::Ja => format!("{time}へ"),
                Tongue::En => format!(" to {time}"),
            })
    }

    /// What the other side writes, and who does.
    fn quote(&self) -> String {
        let by = self.said.by.as_ref().map(|name| called(name, self.tongue));
        match (&self.said.text, by, self.tongue) {
            (Some(text), Some(by), Tongue::Ja) => format!("「{text}」（{by}）"),
            (Some(text), None, Tongue::Ja) => format!("「{text}」"),
            (None, Some(by), Tongue::Ja) => format!("（{by}）"),
            (Some(text), Some(by), Tongue::En) => format!(" \u{201c}{text}\u{201d} ({by})"),
            (Some(text), None, Tongue::En) => format!(" \u{201c}{text}\u{201d}"),
            (None, Some(by), Tongue::En) => format!(" ({by})"),
            (None, None, _) => String::new(),
        }
    }

    fn english(&self, kind: NoticeKind) -> String {
        let (other, at, of) = (self.other(), self.at(), self.of());
        match kind {
            NoticeKind::TimetablePublished => match self.said.count {
                Some(count) => format!("The timetable has been published. You have {count} meetings."),
                None => "The timetable has been published.".to_owned(),
            },
            NoticeKind::MeetingBooked => format!("A meeting with {other} is booked{at}."),
            NoticeKind::MeetingMoved => {
                let (from, to) = (self.from(), self.when_where());
                let to = if to.is_empty() { to } else { format!(" to {to}") };
                format!("The meeting with {other} has moved{from}{to}.")
            }
            NoticeKind::MeetingCancelled => format!("The meeting with {other}{of} is cancelled."),
            NoticeKind::MeetingLocked => {
                format!("The organizer has changed whether your meeting with {other}{of} may still be moved.")
            }
            NoticeKind::RequestReceived => format!("There is a request to meet from {other}{at}."),
            NoticeKind::RequestAccepted => format!("The meeting with {other} is agreed{at}."),
            NoticeKind::RequestDeclined => format!("The request to meet was declined by {other}."),
            NoticeKind::RequestCountered => format!("Other times were proposed by {other}{at}."),
            NoticeKind::RequestWithdrawn => format!("The request to meet was withdrawn by {other}."),
            NoticeKind::RequestExpired => {
                format!("The request to meet with {other} has run out without an answer.")
            }
            NoticeKind::ShiftAsked => {
                let (from, to) = (self.from(), self.to());
                format!("May your meeting with {other} move{from}{to}? Please answer.")
            }
            NoticeKind::ShiftDone => {
                format!("Everybody agreed on the meeting with {other}{at}.")
            }
            NoticeKind::ShiftRefused => format!("The times stay as they were; nothing changes with {other}."),
            NoticeKind::OtherSideCame => format!("At the table{at}: {other}."),
            NoticeKind::NoShow if self.said.own => {
                format!("The meeting with {other}{of} was not held: your own side did not come.")
            }
            NoticeKind::NoShow => format!("The meeting with {other}{of} was not held: they did not come."),
            NoticeKind::StandbyOffer => format!("A place has come free with {other}{at}. Who answers first has it."),
            NoticeKind::StandbyGone => format!("The place with {other}{of} is taken."),
            NoticeKind::Late => match self.said.count {
                Some(minutes) => format!("Late by {minutes} minutes{of}: {other}."),
                None => format!("Late{of}: {other}."),
            },
            NoticeKind::Message => format!("A message from {other}{of}:"),
            NoticeKind::GuestAsked => format!("You join the meeting with {other}{at}."),
            NoticeKind::GuestReleased => format!("You need not join the meeting with {other}{of}."),
        }
    }

    fn japanese(&self, kind: NoticeKind) -> String {
        let (other, at, of) = (self.other(), self.at(), self.of());
        match kind {
            NoticeKind::TimetablePublished => match self.said.count {
                Some(count) => format!("商談のタイムテーブルが公開されました。あなたの商談は{count}件です。"),
                None => "商談のタイムテーブルが公開されました。".to_owned(),
            },
            NoticeKind::MeetingBooked => format!("{other}との商談が予約されました{at}。"),
            NoticeKind::MeetingMoved => {
                let from = self.from();
                format!("{other}との商談が{from}移動しました{at}。")
            }
            NoticeKind::MeetingCancelled => format!("{other}との商談{of}は取り消されました。"),
            NoticeKind::MeetingLocked => format!("{other}との商談{of}の固定が、主催者によって変更されました。"),
            NoticeKind::RequestReceived => format!("{other}から商談のリクエストが届きました{at}。"),
            NoticeKind::RequestAccepted => format!("{other}との商談が決まりました{at}。"),
            NoticeKind::RequestDeclined => format!("{other}がリクエストを辞退しました。"),
            NoticeKind::RequestCountered => format!("{other}から別の時間の提案がありました{at}。"),
            NoticeKind::RequestWithdrawn => format!("{other}がリクエストを取り下げました。"),
            NoticeKind::RequestExpired => format!("{other}とのリクエストは、返事がないまま期限が切れました。"),
            NoticeKind::ShiftAsked => {
                let (from, to) = (self.from(), self.to());
                format!("{other}との商談を{from}{to}移動してもよろしいですか。お返事をお願いします。")
            }
            NoticeKind::ShiftDone => {
                format!("{other}との商談に全員が同意しました{at}。")
            }
            NoticeKind::ShiftRefused => format!("時間の調整はできませんでした。{other}との予定はそのままです。"),
            NoticeKind::OtherSideCame => format!("{other}がテーブルに到着しました{at}。"),
            NoticeKind::NoShow if self.said.own => {
                format!("{other}との商談{of}は、あなたの側が来なかったため行われませんでした。")
            }
            NoticeKind::NoShow => format!("{other}との商談{of}は、相手が来なかったため行われませんでした。"),
            NoticeKind::StandbyOffer => format!("{other}との席が空きました{at}。先に返事をした方のものになります。"),
            NoticeKind::StandbyGone => format!("{other}との席{of}は、ほかの方に決まりました。"),
            NoticeKind::Late => match self.said.count {
                Some(minutes) => format!("{other}が{minutes}分遅れます{of}。"),
                None => format!("{other}が遅れます{of}。"),
            },
            NoticeKind::Message => format!("{other}からのメッセージ{of}："),
            NoticeKind::GuestAsked => format!("{other}との商談に同席してください{at}。"),
            NoticeKind::GuestReleased => format!("{other}との商談{of}への同席は不要になりました。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::moment;
    use crate::{
        name::{Name, Tongue},
        notice::{NoticeKind, Said},
    };

    fn said() -> Said {
        let name = |written: &str, latin: &str| {
            Some(Name {
                written: written.to_owned(),
                reading: None,
                latin: Some(latin.to_owned()),
            })
        };
        Said {
            other: name("星空", "Hoshizora"),
            starts: Some("2025-11-05T05:20:00Z".parse().expect("a time")),
            was: Some("2025-11-05T01:00:00Z".parse().expect("a time")),
            place: Some("C-01 / 2".to_owned()),
            by: name("秘密 太郎", "Himitsu Taro"),
            text: Some("PRIVATE 理由".to_owned()),
            count: Some(7),
            own: false,
        }
    }

    fn both(kind: NoticeKind, said: &Said) -> (String, String) {
        let text = |tongue| kind.text(said, "Asia/Tokyo", tongue);
        (text(Tongue::Ja), text(Tongue::En))
    }

    fn japanese(text: &str) -> bool {
        text.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c))
    }

    #[test]
    fn every_kind_has_both_texts() {
        let nameless = Said::default();
        for kind in NoticeKind::ALL {
            let (ja, en) = both(kind, &nameless);
            assert!(japanese(&ja) && !japanese(&en), "{kind:?}: {ja} / {en}");
            let (ja, en) = both(
                kind,
                &Said {
                    text: None,
                    by: None,
                    ..said()
                },
            );
            assert!(japanese(&ja) && !japanese(&en), "{kind:?}: {ja} / {en}");
            if kind != NoticeKind::TimetablePublished {
                assert!(ja.contains("星空") && en.contains("Hoshizora"), "{kind:?}: {ja} / {en}");
            }
            let title = kind.title();
            assert!(japanese(&title.ja) && !japanese(&title.en), "{kind:?}");
        }
    }

    /// What somebody wrote, and who did, is in no text but those in which one side writes to the other.
    #[test]
    fn no_text_leaks_a_private_reason() {
        for kind in NoticeKind::ALL {
            let (ja, en) = both(kind, &said());
            for text in [&ja, &en] {
                let told = text.contains("PRIVATE");
                assert_eq!(told, kind.quotes(), "{kind:?}: {text}");
            }
            let named = ja.contains("秘密") || en.contains("Himitsu");
            assert_eq!(named, kind.quotes(), "{kind:?}");
        }
        for silent in [
            NoticeKind::ShiftRefused,
            NoticeKind::NoShow,
            NoticeKind::RequestExpired,
            NoticeKind::GuestReleased,
            NoticeKind::StandbyGone,
        ] {
            assert!(!silent.quotes(), "{silent:?}");
        }
    }

    #[test]
    fn times_are_the_venues() {
        let check = |at: &str, zone: &str, ja: &str, en: &str| {
            let at = at.parse().expect("a time");
            assert_eq!(moment(at, zone, Tongue::Ja), ja);
            assert_eq!(moment(at, zone, Tongue::En), en);
        };
        check(
            "2025-11-05T05:20:00Z",
            "Asia/Tokyo",
            "11月5日(水) 14:20",
            "Wed 5 Nov, 14:20",
        );
        check(
            "2025-11-08T15:00:00Z",
            "Asia/Tokyo",
            "11月9日(日) 00:00",
            "Sun 9 Nov, 00:00",
        );
        check(
            "2025-10-26T00:30:00Z",
            "Europe/Berlin",
            "10月26日(日) 02:30",
            "Sun 26 Oct, 02:30",
        );
    }

    #[test]
    fn who_did_not_come_reads_so() {
        for (own, wanted) in [(true, ("あなたの側", "your own side")), (false, ("相手", "they did not"))] {
            let (ja, en) = both(NoticeKind::NoShow, &Said { own, ..said() });
            assert!(ja.contains(wanted.0) && en.contains(wanted.1), "{own}: {ja} / {en}");
        }
    }

    #[test]
    fn one_reads() {
        let (ja, en) = both(
            NoticeKind::MeetingMoved,
            &Said {
                text: None,
                by: None,
                ..said()
            },
        );
        assert_eq!(
            en,
            "The meeting with Hoshizora has moved from Wed 5 Nov, 10:00 to Wed 5 Nov, 14:20, booth C-01 / 2."
        );
        assert_eq!(
            ja,
            "星空との商談が11月5日(水) 10:00から移動しました：11月5日(水) 14:20、ブース C-01 / 2。"
        );
    }
}
