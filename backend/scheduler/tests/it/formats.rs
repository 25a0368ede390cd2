//! The files: what is refused and in which words, and that what is written is read again as it was.
//! Deliberately not here: solving.

use crate::generate::{Mix, mixed};
use scheduler::{Instance, Limits, Timetable, solve};

const PARTIES: &str = r#"[{"id":"a","capacity":[1,1]},{"id":"b","capacity":[1,1]}]"#;

fn check(text: &str, expect: &str) {
    let found = match Instance::from_json(text) {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expect, "{text}");
}

/// An instance of parties `a` and `b`, two slots, and this request.
fn check_request(request: &str, expect: &str) {
    check(
        &format!(r#"{{"name":"x","slots":2,"parties":{PARTIES},"requests":[{request}]}}"#),
        expect,
    );
}

#[test]
fn wrong_requests_are_refused_in_one_sentence() {
    check_request(r#"{"id":"r","parties":["a","b"],"value":1}"#, "ok");
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1,"slots":null,"fixed":null}"#,
        "ok",
    );
    check_request(r#"{"id":"r","parties":["a","b"],"value":1,"slots":[]}"#, "ok");
    check_request(
        r#"{"id":"r","parties":["a","c"],"value":1}"#,
        r#"request "r" needs party "c", which does not exist"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","a"],"value":1}"#,
        r#"request "r" names party "a" twice"#,
    );
    check_request(
        r#"{"id":"r","parties":["a"],"value":1}"#,
        r#"request "r" has 1 parties, allowed are 2 to 64"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":0}"#,
        r#"request "r" has value 0, allowed are 1 to 1000000000"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1000000001}"#,
        r#"request "r" has value 1000000001, allowed are 1 to 1000000000"#,
    );
    for wrong in ["-1", "4294967296", "9223372036854775807"] {
        check_request(
            &format!(r#"{{"id":"r","parties":["a","b"],"value":{wrong}}}"#),
            &format!(r#"request "r" has value {wrong}, allowed are 1 to 1000000000"#),
        );
    }
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1,"slots":[2]}"#,
        r#"request "r" names slot 2, the last is 1"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1,"fixed":7}"#,
        r#"request "r" names slot 7, the last is 1"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1,"slots":[0],"fixed":1}"#,
        r#"request "r" is fixed in slot 1, which is not among its allowed slots"#,
    );
    check_request(
        r#"{"id":"r","parties":["a","b"],"value":1},{"id":"r","parties":["a","b"],"value":1}"#,
        r#"request "r" appears twice"#,
    );
}

#[test]
fn wrong_instances_are_refused_in_one_sentence() {
    let with = |slots: &str, days: &str, parties: &str| {
        format!(r#"{{"name":"x","slots":{slots},"days":{days},"parties":{parties},"requests":[]}}"#)
    };
    let days = "the days' first slots must begin with 0 and ascend below the number of slots, but slot";
    check(&with("2", "[0,1]", PARTIES), "ok");
    check(&with("2", "null", "[]"), "ok");
    check(&with("2", "[]", PARTIES), &format!("{days} 0 does not"));
    check(&with("2", "[1]", PARTIES), &format!("{days} 1 does not"));
    check(&with("2", "[0,0]", PARTIES), &format!("{days} 0 does not"));
    check(&with("2", "[0,2]", PARTIES), &format!("{days} 2 does not"));
    check(&with("0", "[0]", "[]"), "there are 0 slots, allowed are 1 to 512");
    check(&with("513", "[0]", "[]"), "there are 513 slots, allowed are 1 to 512");
    check(
        &with("70000", "[0]", "[]"),
        "there are 70000 slots, allowed are 1 to 512",
    );
    check(&with("3", "[0]", PARTIES), r#"party "a" has 2 capacities for 3 slots"#);
    check(
        &with("1", "[0]", r#"[{"id":"a","capacity":[1]},{"id":"a","capacity":[1]}]"#),
        r#"party "a" appears twice"#,
    );
    check(
        &with("1", "[0]", r#"[{"id":"a","capacity":[1000001]}]"#),
        r#"party "a" has capacity 1000001 in slot 0, allowed are 0 to 1000000"#,
    );
    check(
        &with(
            "1",
            "[0]",
            r#"[{"id":"a","capacity":[1],"min":4294967295,"min_penalty":4294967295}]"#,
        ),
        "values and penalties add up to 18446744065119617025, at most 36028797018963968 is allowed",
    );
    for (capacity, slot) in [("[-1,1]", 0), ("[1,4294967296]", 1), ("[1,-9223372036854775808]", 1)] {
        let wrong = capacity[1..capacity.len() - 1].split(',').nth(slot).expect("two");
        check(
            &with("2", "[0]", &format!(r#"[{{"id":"a","capacity":{capacity}}}]"#)),
            &format!(r#"party "a" has capacity {wrong} in slot {slot}, allowed are 0 to 1000000"#),
        );
    }
    check(
        r#"{"format":"market-instance/2","name":"x","slots":1,"parties":[],"requests":[]}"#,
        r#"the format is "market-instance/2", expected "market-instance/1""#,
    );
}

#[test]
fn what_no_rule_forbids_is_read() {
    check(&format!("\u{feff}{}", mixed(&Mix::TINY, 5).to_json()), "ok");
    check(r#"{"name":"","slots":512,"parties":[],"requests":[]}"#, "ok");
    check_request(
        r#"{"id":"","parties":["a","b"],"value":1000000000,"slots":[1,0,1,1]}"#,
        "ok",
    );
    let many: Vec<String> = (0..66).map(|k| format!(r#"{{"id":"p{k}","capacity":[0]}}"#)).collect();
    let names = |count: usize| (0..count).map(|k| format!(r#""p{k}""#)).collect::<Vec<_>>().join(",");
    for (count, expect) in [(64, "ok"), (65, r#"request "r" has 65 parties, allowed are 2 to 64"#)] {
        check(
            &format!(
                r#"{{"name":"x","slots":1,"parties":[{}],"requests":[{{"id":"r","parties":[{}],"value":1}}]}}"#,
                many.join(","),
                names(count)
            ),
            expect,
        );
    }
}

#[test]
fn a_list_of_slots_is_no_longer_than_the_slots() {
    let text = format!(
        r#"{{"name":"x","slots":2,"parties":{PARTIES},"requests":[{{"id":"r","parties":["a","b"],"value":1,"slots":[{}0]}}]}}"#,
        "1,".repeat(100_000)
    );
    let instance = Instance::from_json(&text).expect("only long");
    assert_eq!(instance.requests()[0].slots, Some(vec![0, 1]));
}

#[test]
fn broken_files_are_refused_with_the_place() {
    let broken = |text: &str, expect: &str| check(text, &format!("the instance cannot be read: {expect}"));
    broken("", "EOF while parsing a value at line 1 column 0");
    broken(
        "[]",
        "invalid length 1, expected an instance at line 1 column 2, after []",
    );
    broken(
        r#"{"name":"x","slo"#,
        r#"EOF while parsing a string at line 1 column 16, after {"name":"x","slo"#,
    );
    broken(
        r#"{"name":"x","slots":-1,"parties":[],"requests":[]}"#,
        r#"invalid value: integer `-1`, expected u64 at line 1 column 22, after {"name":"x","slots":-1"#,
    );
    broken(
        "{\"name\":\"x\",\n \"slots\":1,\"partys\":[]}",
        "unknown field `partys`, expected one of `format`, `name`, `slots`, `days`, `parties`, `requests` at line 2 column 19, after  \"slots\":1,\"partys\"",
    );
    broken(
        r#"{"name":"x","slots":1,"slots":2}"#,
        r#"duplicate field `slots` at line 1 column 29, after {"name":"x","slots":1,"slots""#,
    );
    broken(
        r#"{"name":"市場市場市場市場市場市場市場市場市場市場","slots":NaN}"#,
        r#"expected value at line 1 column 80, after 市場市場市場市場市場市場","slots":N"#,
    );
    broken(
        &"[".repeat(100_000),
        "invalid type: sequence, expected a string at line 1 column 1, after [",
    );
    for (field, value, place) in [
        (
            "colour",
            "1",
            "unknown field `colour`, expected one of `id`, `parties`, `value`, `slots`, `fixed`",
        ),
        ("fixed", "-1", "invalid value: integer `-1`, expected u16"),
        ("fixed", "65536", "invalid value: integer `65536`, expected u16"),
        ("slots", "[0.5]", "invalid type: floating point `0.5`, expected u16"),
        ("value", "1.0", "invalid type: floating point `1.0`, expected i64"),
        ("value", r#""3""#, r#"invalid type: string "3", expected i64"#),
        ("value", "1e400", "number out of range"),
        ("value", "1e30", "invalid type: floating point `1e+30`, expected i64"),
    ] {
        let text = format!(r#"{{"name":"x","slots":2,"parties":[],"requests":[{{"id":"r","{field}":{value}}}]}}"#);
        let error = Instance::from_json(&text).expect_err("broken").to_string();
        let (said, shown) = error.split_once(", after ").expect("an excerpt");
        assert!(
            said.starts_with(&format!("the instance cannot be read: {place} at line 1 column ")),
            "{error}"
        );
        assert!(shown.contains(field) && shown.len() <= 48, "{error}");
    }
}

#[test]
fn any_cut_of_a_file_is_an_error_and_no_panic() {
    let text = mixed(&Mix::TINY, 5).to_json();
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        assert!(Instance::from_json(&text[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    for seed in 0..300 {
        let instance = mixed(&Mix::SMALL, seed);
        assert_eq!(Instance::from_json(&instance.to_json()).as_ref(), Ok(&instance));
        let limits = Limits {
            seed,
            work: Some(100),
            polish: None,
        };
        if let Ok(timetable) = solve(&instance, &limits, &mut |_| false) {
            let again = Timetable::from_json(&timetable.to_json(&instance), &instance).expect("just written");
            assert_eq!(again.slot_of, timetable.slot_of);
            assert_eq!(again.to_json(&instance), timetable.to_json(&instance));
            scheduler::check::check(&instance, &again).expect("still right");
        }
    }
}

#[test]
fn wrong_timetables_are_refused_in_one_sentence() {
    let text = format!(
        r#"{{"name":"x","slots":2,"parties":{PARTIES},"requests":[{{"id":"r","parties":["a","b"],"value":1}}]}}"#
    );
    let instance = Instance::from_json(&text).expect("valid");
    let check = |name: &str, placed: &str, certificate: &str, expect: &str| {
        let text = format!(
            r#"{{"instance":"{name}","placed":[{placed}],"value":1,"upper_bound":1,"certificate":{certificate}}}"#
        );
        let found = Timetable::from_json(&text, &instance).err().map(|e| e.to_string());
        assert_eq!(found.unwrap_or_else(|| "ok".into()), expect, "{text}");
    };
    check("x", r#"["r",1]"#, r#"{"party":{"a":1.5}}"#, "ok");
    check("y", "", "{}", r#"the timetable is for instance "y", not "x""#);
    check(
        "x",
        r#"["q",1]"#,
        "{}",
        r#"the timetable places request "q", which does not exist"#,
    );
    check(
        "x",
        r#"["r",1],["r",0]"#,
        "{}",
        r#"the timetable places request "r" twice"#,
    );
    check(
        "x",
        "",
        r#"{"party":{"z":1}}"#,
        r#"the certificate prices party "z", which does not exist"#,
    );
    check("x", "", "null", "ok");
    check("x", r#"["r",9]"#, "{}", "ok");
    check(
        "x",
        r#"["r",-1]"#,
        "{}",
        r#"the timetable cannot be read: invalid value: integer `-1`, expected u16 at line 1 column 33, after {"instance":"x","placed":[["r",-1"#,
    );
    check(
        "x",
        "",
        r#"{"party":{"a":1e300}}"#,
        r#"the certificate's price 1e+300 of party "a" is not a number of at most 10000000000"#,
    );
}
