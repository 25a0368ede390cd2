//! What refusals say in Japanese and English: one row a refusal, with gaps in braces for its facts.

use crate::name::Tongue;

/// Key, Japanese, English. The key is the refusal's code; where one code has two sentences, the second is `code.what`.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("not_found", "見つかりません。", "There is nothing of that name here."),
    (
        "phase_closed",
        "現在の段階（{phase}）では受け付けていません。「{opens}」の段階で始まります。",
        "This is closed now ({phase}); it opens with the phase “{opens}”.",
    ),
    (
        "phase_closed.for_good",
        "現在の段階（{phase}）では受け付けていません。主催者にお問い合わせください。",
        "This is closed now ({phase}); ask the organizer.",
    ),
    (
        "pair_has_meeting",
        "この組み合わせの商談はすでにあります。そちらを移動してください。",
        "You two already have a meeting; move that one instead.",
    ),
    (
        "busy",
        "その時間はあなたの予定が埋まっています。ほかの時間を選んでください。",
        "You are not free then; choose one of the other times.",
    ),
    (
        "other_side_unavailable",
        "その時間は相手の都合がつきません。ほかの時間を選んでください。",
        "The other side is not available then; choose one of the other times.",
    ),
    (
        "quota_reached",
        "商談数の上限（{most}件）に達しています。ひとつ取り消すか、主催者に相談してください。",
        "All {most} meetings of the quota are taken; cancel one first or ask the organizer.",
    ),
    (
        "no_interpreter",
        "その時間に空いている通訳がいません。ほかの時間を選んでください。",
        "No interpreter is free then; choose one of the other times.",
    ),
    (
        "slot_past",
        "その時間枠はすでに始まっています。後の枠を選んでください。",
        "That slot has already begun; choose a later one.",
    ),
    (
        "no_such_slot",
        "その時間枠はありません。番号は0から{last}までです。",
        "There is no such slot; they are numbered 0 to {last}.",
    ),
    (
        "timetable_state",
        "このタイムテーブルの状態（{state}）では、この操作はできません。",
        "The timetable is {state}; this cannot be done with it.",
    ),
    (
        "timetable_stale",
        "作成後に状況が変わり、{impossible}件の商談が成立しなくなりました（{first}）。作成し直してください。",
        "Since this timetable was proposed, {impossible} of its meetings have become impossible ({first}); propose again.",
    ),
    (
        "run_under_way",
        "現在バージョン{version}を計算しています。終わるのを待つか、停止してその時点の最良案を残してください。",
        "Version {version} is being calculated right now; wait for it, or stop it and keep the best found so far.",
    ),
    (
        "contradiction",
        "確定済みの商談が互いに矛盾しています：{what}",
        "Promised meetings contradict each other: {what}.",
    ),
    (
        "nothing_wished",
        "希望がまだありません。先に希望を取り込むか集めてください。",
        "Nobody has wished for anything yet; import or collect wishes first.",
    ),
    (
        "meeting_cancelled",
        "この商談は取り消されています。",
        "This meeting is cancelled.",
    ),
    (
        "already_occupied",
        "同じ人の時間がすでに埋まっているものが{people}件あります（{first}）。時間を変えるか、先の予定を取り消してください。",
        "{people} of these times are already taken by something else of the same person ({first}); change the time, or cancel what is there.",
    ),
    (
        "grid_in_use",
        "タイムテーブルの作成後に時間枠は変えられません。新しいイベントとして取り込んでください。",
        "The slot grid cannot change once a timetable has been proposed; import it into a new event.",
    ),
    (
        "key_reused",
        "このIDは別の操作に使われています。新しいIDを作ってください。",
        "This id was used for something else before; make a new one.",
    ),
    (
        "ask_first",
        "相手は事前の申し込みを希望しています。リクエストを送ってください。",
        "The other side would like to be asked first; send a request.",
    ),
    (
        "meeting_changed",
        "この商談はその間に変更されました。新しい時間を確かめて、もう一度お試しください。",
        "This meeting was changed meanwhile; look at its new time and try again.",
    ),
    (
        "meeting_changed.cancelled",
        "この商談はその間に取り消されました。",
        "This meeting was cancelled meanwhile.",
    ),
    (
        "meeting_locked",
        "この商談は主催者が固定しています。変更は主催者にご相談ください。",
        "The organizer has fixed this meeting; ask the organizer to change it.",
    ),
    (
        "not_your_turn",
        "相手の返事を待っています。",
        "It is for the other side to answer.",
    ),
    (
        "request_closed",
        "このリクエストはすでに終わっています（{state}）。",
        "This request is not open any more ({state}).",
    ),
    (
        "request_open",
        "お二方の間には返事待ちのリクエストがあります。そちらに返事をしてください。",
        "There is an open request between you two; answer that one.",
    ),
    (
        "too_many_requests",
        "返事待ちのリクエストが{most}件あります。ひとつ取り下げてからお送りください。",
        "{most} of your requests are waiting for an answer; withdraw one first.",
    ),
    (
        "has_meetings",
        "商談が{count}件重なっています。先に移動するか取り消してください。",
        "{count} of your meetings stand against it; move or cancel them first.",
    ),
    (
        "person_busy.nobody",
        "その方はその時間に予定があり、ほかに同席できる方もいません。別の時間をご検討ください。",
        "That person is taken then, and so is everybody else who could join; ask for another time.",
    ),
    (
        "person_busy",
        "その方はその時間に予定があります。空いている方：{names}",
        "That person is taken then; these are free: {names}.",
    ),
    (
        "adviser_there",
        "この商談にはすでにアドバイザーが同席します。先にその方を外してください。",
        "An adviser joins this meeting already; release that one first.",
    ),
    (
        "too_early",
        "まだ早すぎます。表示の時刻までお待ちください。",
        "It is too early for this; wait until the time shown.",
    ),
    ("too_late", "時間が過ぎています。", "It is too late for this."),
    ("already_done", "すでに済んでいます。", "This has been done already."),
    (
        "not_present",
        "先にご自身がテーブルで到着を知らせてください。",
        "Check in at the table yourself first.",
    ),
    (
        "other_side_came",
        "相手は到着しています。商談は行われます。",
        "The other side has come; the meeting takes place.",
    ),
    (
        "bad_code",
        "テーブルに表示されたコードと違います。もう一度確かめてください。",
        "This is not the code shown at the table; look again.",
    ),
    (
        "too_many_tries",
        "この商談では違うコードが{most}回送られました。双方がそれぞれ到着を知らせてください。",
        "{most} wrong codes were sent for this meeting; let each side check in by itself.",
    ),
    (
        "meeting_missed",
        "この商談は片方が来られなかったため行われませんでした。",
        "This meeting did not take place: one side did not come.",
    ),
    (
        "not_started",
        "この商談はまだ始まっていません。双方の到着がそろっていません。",
        "This meeting has not begun: not both sides have checked in.",
    ),
    (
        "too_many_messages",
        "この商談へのメッセージは1時間に{most}件までです。しばらくお待ちください。",
        "{most} messages about this meeting within an hour are enough; wait a while.",
    ),
    (
        "offer_gone",
        "ほかの方が先に決めたか、回答の時間が過ぎました。",
        "Somebody else was faster, or the time to answer is over.",
    ),
    (
        "no_room",
        "ほかの商談を移動しても、今はこの商談の入る時間がありません。",
        "There is no time for this meeting now, however others move.",
    ),
    (
        "letter_waiting",
        "このお知らせはまだ送信待ちです。自動で送られます。",
        "This letter is still waiting; it will be sent by itself.",
    ),
    (
        "letter_sent",
        "このお知らせはすでに送られています。",
        "This letter has been sent already.",
    ),
    (
        "text_too_long",
        "文章が長すぎます。{most}文字以内にしてください。",
        "This text is too long; at most {most} characters.",
    ),
    (
        "malformed",
        "{field}を読み取れません。正しい形：{wanted}",
        "{field} cannot be read; right would be {wanted}.",
    ),
    (
        "link_spent",
        "このリンクは使用済みか期限切れです。もう一度お求めください。",
        "This link has been used or is too old; ask for a new one.",
    ),
    (
        "code_wanted",
        "リンクを求めた画面に表示されたコードを入力してください。",
        "Type the code shown where you asked for the link.",
    ),
];

/// The sentence of a key with its gaps filled; the key itself where there is none, which a test does not let happen.
pub(crate) fn of(key: &str, tongue: Tongue, facts: &[(&str, String)]) -> String {
    let row = SENTENCES.iter().find(|(of, ..)| *of == key);
    let sentence = row.map_or(key, |&(_, ja, en)| match tongue {
        Tongue::Ja => ja,
        Tongue::En => en,
    });
    let fill = |text: String, (name, fact): &(&str, String)| text.replace(&format!("{{{name}}}"), fact);
    facts.iter().fold(sentence.to_owned(), fill)
}

#[cfg(test)]
mod tests {
    use super::{SENTENCES, of};
    use crate::name::Tongue;

    #[test]
    fn rows_are_whole() {
        for (i, (key, ja, en)) in SENTENCES.iter().enumerate() {
            assert!(!SENTENCES[..i].iter().any(|(of, ..)| of == key), "{key} twice");
            let gaps = |text: &str| {
                let mut gaps: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                    .collect();
                gaps.sort();
                gaps
            };
            assert_eq!(gaps(ja), gaps(en), "{key}");
            assert!(ja.ends_with(['。', '}', '：']) || ja.contains('：'), "{key}: {ja}");
            assert!(en.ends_with('.'), "{key}: {en}");
        }
    }

    #[test]
    fn gaps_are_filled() {
        let most = [("most", "12".to_owned())];
        assert_eq!(
            of("text_too_long", Tongue::En, &most),
            "This text is too long; at most 12 characters."
        );
    }
}
