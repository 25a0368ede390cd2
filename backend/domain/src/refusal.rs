//! Every expected no: a closed list with stable codes and sentences in both languages. What is unexpected
//! (a broken disk, a bug) is no refusal and is not here.

use crate::{event::Phase, name::Tongue};
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
            Refusal::Malformed { .. } => "malformed",
            Refusal::LinkSpent => "link_spent",
            Refusal::CodeWanted => "code_wanted",
        }
    }

    /// When the wished-for thing would be possible instead, best first.
    pub fn alternatives(&self) -> &[Timestamp] {
        match self {
            Refusal::Busy { free } | Refusal::OtherSideUnavailable { free } | Refusal::NoInterpreter { free } => free,
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
            Refusal::PhaseClosed { phase } => {
                format!(
                    "This is closed in the present phase ({}); the organizer opens it.",
                    phase.code()
                )
            }
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
            Refusal::Malformed { field, wanted } => format!("{field} cannot be read; right would be {wanted}."),
            Refusal::LinkSpent => "This link has been used or is too old; ask for a new one.".into(),
            Refusal::CodeWanted => "Type the code shown where you asked for the link.".into(),
        }
    }

    fn japanese(&self) -> String {
        match self {
            Refusal::NotFound => "見つかりません。".into(),
            Refusal::PhaseClosed { phase } => {
                format!(
                    "現在の段階（{}）では受け付けていません。主催者が開始します。",
                    phase.code()
                )
            }
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
            Refusal::Malformed { field, wanted } => format!("{field}を読み取れません。正しい形：{wanted}"),
            Refusal::LinkSpent => "このリンクは使用済みか期限切れです。もう一度お求めください。".into(),
            Refusal::CodeWanted => "リンクを求めた画面に表示されたコードを入力してください。".into(),
        }
    }
}
