//! Every expected no: a closed list with stable codes and sentences in both languages. What is unexpected
//! (a broken disk, a bug) is no refusal and is not here.

use crate::{
    event::Phase,
    name::{Name, Tongue},
};
use jiff::Timestamp;

/// Most alternatives named in a refusal.
pub const MAX_ALTERNATIVES: usize = 5;

/// An expected no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing of that name, or none the actor may see or do: the two are the same.
    NotFound,
    /// Not in this phase of the event.
    PhaseClosed {
        /// The phase the event is in.
        phase: Phase,
        /// The next phase in which it is open; `None`: not any more.
        opens: Option<Phase>,
    },
    /// The pair already has its one meeting.
    PairHasMeeting {
        /// When it begins.
        starts: Timestamp,
    },
    /// The one who asks is not free then.
    Busy {
        /// When both are free.
        free: Vec<Timestamp>,
    },
    /// The other side cannot then; why is its own affair.
    OtherSideUnavailable {
        /// When both are free.
        free: Vec<Timestamp>,
    },
    /// The asking side has all the meetings its quota allows.
    QuotaReached {
        /// The most it may have.
        most: u16,
    },
    /// No interpreter for the two languages is free then.
    NoInterpreter {
        /// When both, and an interpreter, are free.
        free: Vec<Timestamp>,
    },
    /// The slot has begun.
    SlotPast,
    /// There is no slot of that number.
    NoSuchSlot {
        /// How many slots there are.
        slots: usize,
    },
    /// The timetable is not in a state in which this can be done.
    TimetableState {
        /// The state it is in.
        state: &'static str,
    },
    /// The facts changed since the timetable was proposed: these placements cannot be held any more.
    TimetableStale {
        /// How many placements are impossible now.
        impossible: usize,
        /// The first few, as codes of buyer and exhibitor with what stands against them.
        first: Vec<String>,
    },
    /// A timetable of this event is being calculated already.
    RunUnderWay {
        /// The number of the version it becomes.
        version: u32,
    },
    /// Promised meetings contradict each other, so no timetable exists.
    Contradiction {
        /// The smallest set that contradicts itself, in words.
        what: String,
    },
    /// There are no wishes to make a timetable of.
    NothingWished,
    /// The meeting is not in a state in which this can be done.
    MeetingCancelled,
    /// People are to be somewhere while they are already somewhere else.
    AlreadyOccupied {
        /// How many times.
        people: usize,
        /// The first few: code and beginning.
        first: Vec<String>,
    },
    /// The slot grid cannot change while a timetable stands on it.
    GridInUse,
    /// The id was used for something else before.
    KeyReused,
    /// The other side wants to be asked before it is booked.
    AskFirst,
    /// What the page showed is not so any more: the meeting was changed meanwhile.
    MeetingChanged {
        /// When it begins now; `None`: it was cancelled.
        starts: Option<Timestamp>,
    },
    /// The organizer has locked the meeting.
    MeetingLocked,
    /// It is for the other side to answer.
    NotYourTurn,
    /// The request is not open any more.
    RequestClosed {
        /// What became of it.
        state: &'static str,
    },
    /// The pair has an open request.
    RequestOpen,
    /// The asker has so many open requests that others have to be answered first.
    TooManyRequests {
        /// The most at once.
        most: u16,
    },
    /// Meetings stand against it.
    HasMeetings {
        /// How many.
        count: usize,
        /// When the first few begin.
        first: Vec<Timestamp>,
    },
    /// The person who shall join is taken then.
    PersonBusy {
        /// A few who could join instead.
        free: Vec<Name>,
    },
    /// An adviser joins the meeting already.
    AdviserThere,
    /// It cannot be done yet.
    TooEarly {
        /// From when on it can.
        opens: Timestamp,
    },
    /// It is too late for it.
    TooLate,
    /// It has been done already.
    AlreadyDone,
    /// The side that says so has not come itself.
    NotPresent,
    /// The other side has come.
    OtherSideCame,
    /// The code is not the one the other side shows.
    BadCode,
    /// Too many wrong codes were sent for this meeting.
    TooManyTries {
        /// The most.
        most: u16,
    },
    /// One side of the meeting did not come.
    MeetingMissed,
    /// The meeting has not begun: not both sides have come.
    NotStarted,
    /// A side has said so much about a meeting that it has to wait.
    TooManyMessages {
        /// The most within an hour.
        most: u16,
    },
    /// Somebody else was faster, or the time to answer is over.
    OfferGone,
    /// There is no room, however others move.
    NoRoom,
    /// A text is too long.
    TextTooLong {
        /// The most characters.
        most: usize,
    },
    /// A value that cannot be read.
    Malformed {
        /// Which.
        field: &'static str,
        /// What would be right.
        wanted: &'static str,
    },
    /// The link was used, is too old, or never was.
    LinkSpent,
    /// The link was opened in another browser: the short code is wanted.
    CodeWanted,
}

impl Refusal {
    /// Meetings that begin then stand against it.
    pub(crate) fn has_meetings(mut starts: Vec<Timestamp>) -> Self {
        starts.sort_unstable();
        let count = starts.len();
        starts.truncate(MAX_ALTERNATIVES);
        Refusal::HasMeetings { count, first: starts }
    }

    /// The code programs go by. Never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotFound => "not_found",
            Refusal::PhaseClosed { .. } => "phase_closed",
            Refusal::PairHasMeeting { .. } => "pair_has_meeting",
            Refusal::Busy { .. } => "busy",
            Refusal::OtherSideUnavailable { .. } => "other_side_unavailable",
            Refusal::QuotaReached { .. } => "quota_reached",
            Refusal::NoInterpreter { .. } => "no_interpreter",
            Refusal::SlotPast => "slot_past",
            Refusal::NoSuchSlot { .. } => "no_such_slot",
            Refusal::TimetableState { .. } => "timetable_state",
            Refusal::TimetableStale { .. } => "timetable_stale",
            Refusal::RunUnderWay { .. } => "run_under_way",
            Refusal::Contradiction { .. } => "contradiction",
            Refusal::NothingWished => "nothing_wished",
            Refusal::MeetingCancelled => "meeting_cancelled",
            Refusal::AlreadyOccupied { .. } => "already_occupied",
            Refusal::GridInUse => "grid_in_use",
            Refusal::KeyReused => "key_reused",
            Refusal::AskFirst => "ask_first",
            Refusal::MeetingChanged { .. } => "meeting_changed",
            Refusal::MeetingLocked => "meeting_locked",
            Refusal::NotYourTurn => "not_your_turn",
            Refusal::RequestClosed { .. } => "request_closed",
            Refusal::RequestOpen => "request_open",
            Refusal::TooManyRequests { .. } => "too_many_requests",
            Refusal::HasMeetings { .. } => "has_meetings",
            Refusal::PersonBusy { .. } => "person_busy",
            Refusal::AdviserThere => "adviser_there",
            Refusal::TooEarly { .. } => "too_early",
            Refusal::TooLate => "too_late",
            Refusal::AlreadyDone => "already_done",
            Refusal::NotPresent => "not_present",
            Refusal::OtherSideCame => "other_side_came",
            Refusal::BadCode => "bad_code",
            Refusal::TooManyTries { .. } => "too_many_tries",
            Refusal::MeetingMissed => "meeting_missed",
            Refusal::NotStarted => "not_started",
            Refusal::TooManyMessages { .. } => "too_many_messages",
            Refusal::OfferGone => "offer_gone",
            Refusal::NoRoom => "no_room",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::Malformed { .. } => "malformed",
            Refusal::LinkSpent => "link_spent",
            Refusal::CodeWanted => "code_wanted",
        }
    }

    /// The times it is about: when the wished-for thing would be possible instead, best first; when the meetings that
    /// stand against it begin; when it opens; when the meeting begins now.
    pub fn alternatives(&self) -> &[Timestamp] {
        match self {
            Refusal::Busy { free } | Refusal::OtherSideUnavailable { free } | Refusal::NoInterpreter { free } => free,
            Refusal::HasMeetings { first, .. } => first,
            Refusal::TooEarly { opens } => std::slice::from_ref(opens),
            Refusal::MeetingChanged { starts: Some(starts) } | Refusal::PairHasMeeting { starts } => {
                std::slice::from_ref(starts)
            }
            _ => &[],
        }
    }

    /// The sentence people read: what is wrong and what would be right. Times stand in `alternatives`, in whose
    /// zone only the reader's screen knows.
    pub fn text(&self, tongue: Tongue) -> String {
        match tongue {
            Tongue::Ja => self.japanese(),
            Tongue::En => self.english(),
        }
    }

    fn english(&self) -> String {
        match self {
            Refusal::NotFound => "There is nothing of that name here.".into(),
            Refusal::PhaseClosed { phase, opens } => match opens {
                Some(opens) => format!(
                    "This is closed now ({}); it opens with the phase \u{201c}{}\u{201d}.",
                    phase.name().en,
                    opens.name().en
                ),
                None => format!("This is closed now ({}); ask the organizer.", phase.name().en),
            },
            Refusal::PairHasMeeting { .. } => "You two already have a meeting; move that one instead.".into(),
            Refusal::Busy { .. } => "You are not free then; choose one of the other times.".into(),
            Refusal::OtherSideUnavailable { .. } => {
                "The other side is not available then; choose one of the other times.".into()
            }
            Refusal::QuotaReached { most } => {
                format!("All {most} meetings of the quota are taken; cancel one first or ask the organizer.")
            }
            Refusal::NoInterpreter { .. } => "No interpreter is free then; choose one of the other times.".into(),
            Refusal::SlotPast => "That slot has already begun; choose a later one.".into(),
            Refusal::NoSuchSlot { slots } => format!("There is no such slot; they are numbered 0 to {}.", slots - 1),
            Refusal::TimetableState { state } => format!("The timetable is {state}; this cannot be done with it."),
            Refusal::TimetableStale { impossible, first } => format!(
                "Since this timetable was proposed, {impossible} of its meetings have become impossible ({}); \
                 propose again.",
                first.join("; ")
            ),
            Refusal::RunUnderWay { version } => format!(
                "Version {version} is being calculated right now; wait for it, or stop it and keep the best found so far."
            ),
            Refusal::Contradiction { what } => format!("Promised meetings contradict each other: {what}."),
            Refusal::NothingWished => "Nobody has wished for anything yet; import or collect wishes first.".into(),
            Refusal::MeetingCancelled => "This meeting is cancelled.".into(),
            Refusal::AlreadyOccupied { people, first } => format!(
                "{people} of these times are already taken by something else of the same person ({}); change the \
                 time, or cancel what is there.",
                first.join("; ")
            ),
            Refusal::GridInUse => {
                "The slot grid cannot change once a timetable has been proposed; import it into a new event.".into()
            }
            Refusal::KeyReused => "This id was used for something else before; make a new one.".into(),
            Refusal::AskFirst => "The other side would like to be asked first; send a request.".into(),
            Refusal::MeetingChanged { starts: Some(_) } => {
                "This meeting was changed meanwhile; look at its new time and try again.".into()
            }
            Refusal::MeetingChanged { starts: None } => "This meeting was cancelled meanwhile.".into(),
            Refusal::MeetingLocked => "The organizer has fixed this meeting; ask the organizer to change it.".into(),
            Refusal::NotYourTurn => "It is for the other side to answer.".into(),
            Refusal::RequestClosed { state } => {
                format!(
                    "This request is not open any more ({}).",
                    crate::request::closed(state).en
                )
            }
            Refusal::RequestOpen => "There is an open request between you two; answer that one.".into(),
            Refusal::TooManyRequests { most } => {
                format!("{most} of your requests are waiting for an answer; withdraw one first.")
            }
            Refusal::HasMeetings { count, .. } => {
                format!("{count} of your meetings stand against it; move or cancel them first.")
            }
            Refusal::PersonBusy { free } if free.is_empty() => {
                "That person is taken then, and so is everybody else who could join; ask for another time.".into()
            }
            Refusal::PersonBusy { free } => {
                let names: Vec<&str> = free
                    .iter()
                    .map(|name| name.latin.as_ref().unwrap_or(&name.written).as_str())
                    .collect();
                format!("That person is taken then; these are free: {}.", names.join(", "))
            }
            Refusal::AdviserThere => "An adviser joins this meeting already; release that one first.".into(),
            Refusal::TooEarly { .. } => "It is too early for this; wait until the time shown.".into(),
            Refusal::TooLate => "It is too late for this.".into(),
            Refusal::AlreadyDone => "This has been done already.".into(),
            Refusal::NotPresent => "Check in at the table yourself first.".into(),
            Refusal::OtherSideCame => "The other side has come; the meeting takes place.".into(),
            Refusal::BadCode => "This is not the code shown at the table; look again.".into(),
            Refusal::TooManyTries { most } => {
                format!("{most} wrong codes were sent for this meeting; let each side check in by itself.")
            }
            Refusal::MeetingMissed => "This meeting did not take place: one side did not come.".into(),
            Refusal::NotStarted => "This meeting has not begun: not both sides have checked in.".into(),
            Refusal::TooManyMessages { most } => {
                format!("{most} messages about this meeting within an hour are enough; wait a while.")
            }
            Refusal::OfferGone => "Somebody else was faster, or the time to answer is over.".into(),
            Refusal::NoRoom => "There is no time for this meeting now, however others move.".into(),
            Refusal::TextTooLong { most } => format!("This text is too long; at most {most} characters."),
            Refusal::Malformed { field, wanted } => format!("{field} cannot be read; right would be {wanted}."),
            Refusal::LinkSpent => "This link has been used or is too old; ask for a new one.".into(),
            Refusal::CodeWanted => "Type the code shown where you asked for the link.".into(),
        }
    }

    fn japanese(&self) -> String {
        match self {
            Refusal::NotFound => "見つかりません。".into(),
            Refusal::PhaseClosed { phase, opens } => match opens {
                Some(opens) => format!(
                    "現在の段階（{}）では受け付けていません。「{}」の段階で始まります。",
                    phase.name().ja,
                    opens.name().ja
                ),
                None => format!(
                    "現在の段階（{}）では受け付けていません。主催者にお問い合わせください。",
                    phase.name().ja
                ),
            },
            Refusal::PairHasMeeting { .. } => "この組み合わせの商談はすでにあります。そちらを移動してください。".into(),
            Refusal::Busy { .. } => "その時間はあなたの予定が埋まっています。ほかの時間を選んでください。".into(),
            Refusal::OtherSideUnavailable { .. } => {
                "その時間は相手の都合がつきません。ほかの時間を選んでください。".into()
            }
            Refusal::QuotaReached { most } => {
                format!("商談数の上限（{most}件）に達しています。ひとつ取り消すか、主催者に相談してください。")
            }
            Refusal::NoInterpreter { .. } => "その時間に空いている通訳がいません。ほかの時間を選んでください。".into(),
            Refusal::SlotPast => "その時間枠はすでに始まっています。後の枠を選んでください。".into(),
            Refusal::NoSuchSlot { slots } => format!("その時間枠はありません。番号は0から{}までです。", slots - 1),
            Refusal::TimetableState { state } => {
                format!("このタイムテーブルの状態（{state}）では、この操作はできません。")
            }
            Refusal::TimetableStale { impossible, first } => format!(
                "作成後に状況が変わり、{impossible}件の商談が成立しなくなりました（{}）。作成し直してください。",
                first.join("、")
            ),
            Refusal::RunUnderWay { version } => format!(
                "現在バージョン{version}を計算しています。終わるのを待つか、停止してその時点の最良案を残してください。"
            ),
            Refusal::Contradiction { what } => format!("確定済みの商談が互いに矛盾しています：{what}"),
            Refusal::NothingWished => "希望がまだありません。先に希望を取り込むか集めてください。".into(),
            Refusal::MeetingCancelled => "この商談は取り消されています。".into(),
            Refusal::AlreadyOccupied { people, first } => format!(
                "同じ人の時間がすでに埋まっているものが{people}件あります（{}）。時間を変えるか、先の予定を取り消してください。",
                first.join("、")
            ),
            Refusal::GridInUse => {
                "タイムテーブルの作成後に時間枠は変えられません。新しいイベントとして取り込んでください。".into()
            }
            Refusal::KeyReused => "このIDは別の操作に使われています。新しいIDを作ってください。".into(),
            Refusal::AskFirst => "相手は事前の申し込みを希望しています。リクエストを送ってください。".into(),
            Refusal::MeetingChanged { starts: Some(_) } => {
                "この商談はその間に変更されました。新しい時間を確かめて、もう一度お試しください。".into()
            }
            Refusal::MeetingChanged { starts: None } => "この商談はその間に取り消されました。".into(),
            Refusal::MeetingLocked => "この商談は主催者が固定しています。変更は主催者にご相談ください。".into(),
            Refusal::NotYourTurn => "相手の返事を待っています。".into(),
            Refusal::RequestClosed { state } => {
                format!(
                    "このリクエストはすでに終わっています（{}）。",
                    crate::request::closed(state).ja
                )
            }
            Refusal::RequestOpen => "お二方の間には返事待ちのリクエストがあります。そちらに返事をしてください。".into(),
            Refusal::TooManyRequests { most } => {
                format!("返事待ちのリクエストが{most}件あります。ひとつ取り下げてからお送りください。")
            }
            Refusal::HasMeetings { count, .. } => {
                format!("商談が{count}件重なっています。先に移動するか取り消してください。")
            }
            Refusal::PersonBusy { free } if free.is_empty() => {
                "その方はその時間に予定があり、ほかに同席できる方もいません。別の時間をご検討ください。".into()
            }
            Refusal::PersonBusy { free } => {
                let names: Vec<&str> = free.iter().map(|name| name.written.as_str()).collect();
                format!("その方はその時間に予定があります。空いている方：{}", names.join("、"))
            }
            Refusal::AdviserThere => "この商談にはすでにアドバイザーが同席します。先にその方を外してください。".into(),
            Refusal::TooEarly { .. } => "まだ早すぎます。表示の時刻までお待ちください。".into(),
            Refusal::TooLate => "時間が過ぎています。".into(),
            Refusal::AlreadyDone => "すでに済んでいます。".into(),
            Refusal::NotPresent => "先にご自身がテーブルで到着を知らせてください。".into(),
            Refusal::OtherSideCame => "相手は到着しています。商談は行われます。".into(),
            Refusal::BadCode => "テーブルに表示されたコードと違います。もう一度確かめてください。".into(),
            Refusal::TooManyTries { most } => {
                format!("この商談では違うコードが{most}回送られました。双方がそれぞれ到着を知らせてください。")
            }
            Refusal::MeetingMissed => "この商談は片方が来られなかったため行われませんでした。".into(),
            Refusal::NotStarted => "この商談はまだ始まっていません。双方の到着がそろっていません。".into(),
            Refusal::TooManyMessages { most } => {
                format!("この商談へのメッセージは1時間に{most}件までです。しばらくお待ちください。")
            }
            Refusal::OfferGone => "ほかの方が先に決めたか、回答の時間が過ぎました。".into(),
            Refusal::NoRoom => "ほかの商談を移動しても、今はこの商談の入る時間がありません。".into(),
            Refusal::TextTooLong { most } => format!("文章が長すぎます。{most}文字以内にしてください。"),
            Refusal::Malformed { field, wanted } => format!("{field}を読み取れません。正しい形：{wanted}"),
            Refusal::LinkSpent => "このリンクは使用済みか期限切れです。もう一度お求めください。".into(),
            Refusal::CodeWanted => "リンクを求めた画面に表示されたコードを入力してください。".into(),
        }
    }
}
