//! The timetable as any other solver could check it: exported with its proof and verified by code that shares nothing
//! with the scheduler; solved again, the same to the byte.

use std::fs;
use system_tests::{
    checker,
    market::{Folder, Stage},
};

/// Work instead of time: the same on every machine.
const WORK: &str = "200000";

#[test]
fn the_published_timetable_is_proved_by_its_certificate() {
    let folder = Folder::at(Stage::Published);
    let export = ["timetable", "export", "--instance", "i.json", "--timetable", "t.json"];
    folder.run(&export).say().good();
    let (instance, timetable) = (folder.read("i.json"), folder.read("t.json"));
    let verdict = checker::check(&instance, &timetable).expect("a sound timetable");
    println!("{verdict:?}, gap {:.4} %", verdict.gap() * 100.0);
    assert_eq!(verdict.requests, 8528);
    assert!(verdict.placed >= 7000 && verdict.gap() <= 0.005, "{verdict:?}");
    let list = folder.run(&["timetable", "list"]).say().good();
    let claim = format!("{} of 8528 meetings placed", verdict.placed);
    assert!(
        list.contains(&claim) && list.contains(&format!("value {}", verdict.value)),
        "{list}"
    );
    // Negative control: a timetable or proof that was touched is not believed.
    let first = timetable.find("\"placed\":[[").expect("placed") + 10;
    let end = first + timetable[first..].find("],[").expect("two places") + 2;
    let twice = format!(
        "{}{}{}",
        &timetable[..first],
        &timetable[first..end],
        &timetable[first..]
    );
    for bad in [
        twice,
        timetable.replacen("\"value\":", "\"value\":1", 1),
        timetable.replacen("\"upper_bound\":1", "\"upper_bound\":", 1),
    ] {
        checker::check(&instance, &bad).expect_err("believed although it was touched");
    }
}

#[test]
fn the_same_seed_and_work_give_the_same_bytes() {
    let folder = Folder::at(Stage::Imported);
    folder
        .run(&["timetable", "export", "--instance", "i.json"])
        .say()
        .good();
    let solve = |seed: &str, out: &str| {
        let args = [
            "timetable",
            "solve",
            "i.json",
            "--out",
            out,
            "--work",
            WORK,
            "--seed",
            seed,
        ];
        let said = folder.run(&args).say();
        println!("seed {seed}: {} ({:.2} s in all)", said.out.trim(), said.seconds);
        said.good();
        fs::read(folder.path().join(out)).expect("a timetable")
    };
    let (one, two, other) = (solve("3", "a.json"), solve("3", "b.json"), solve("4", "c.json"));
    assert!(one == two, "the same seed and work differ");
    assert!(one != other, "another seed searches the same way");
    for out in ["a.json", "c.json"] {
        let verdict = checker::check(&folder.read("i.json"), &folder.read(out)).expect("a sound timetable");
        assert!(verdict.gap() <= 0.005, "{verdict:?}");
    }
}

#[test]
fn an_instance_that_is_none_is_refused() {
    let folder = Folder::new();
    for (text, words) in [
        ("", &["i.json", "line 1"][..]),
        ("[]", &["i.json"]),
        (
            r#"{"name": "x", "slots": 1, "parties": [], "requests": [], "surprise": 1}"#,
            &["i.json", "surprise", "line 1"],
        ),
        (r#"{"name": "x", "slots": 1, "part"#, &["i.json", "line 1"]),
        (
            r#"{"format": "market-instance/1", "name": "x", "slots": 1, "parties": [], "requests": [{"id": "r", "parties": ["a", "b"], "value": 1}]}"#,
            &["i.json", "\"r\"", "\"a\"", "does not exist"],
        ),
    ] {
        folder.write("i.json", text);
        let args = ["timetable", "solve", "i.json", "--out", "o.json"];
        folder.run(&args).say().refused(words);
        assert!(!folder.path().join("o.json").exists());
    }
}

/// Two buyers, one booth with one table, two slots; the second buyer leaves after the first.
const SMALL: &str = r#"{"name": "small", "slots": 2, "parties": [
    {"id": "B1", "capacity": [1, 1], "compact": true}, {"id": "B2", "capacity": [1, 0]}, {"id": "B3", "capacity": [1, 0]},
    {"id": "X-1", "capacity": [1, 1]}],
    "requests": [{"id": "B1-X-1", "parties": ["B1", "X-1"], "value": 5}, {"id": "B2-X-1", "parties": ["B2", "X-1"], "value": 4},
    {"id": "B3-X-1", "parties": ["B3", "X-1"], "value": 3}]}"#;

#[test]
fn the_verbs_on_files_work_without_a_market() {
    let folder = Folder::new();
    folder.write("i.json", SMALL);
    let say = |args: &[&str]| folder.run(&[&["timetable"], args].concat()).say();
    let solved = say(&["solve", "i.json", "-o", "a.json", "--progress", "0"]).good();
    assert!(
        solved.contains("placed 2 of 3, value 9, bound 9, gap 0.0000 %"),
        "{solved}"
    );
    assert!(
        say(&["verify", "i.json", "a.json"])
            .good()
            .contains("right: placed 2 of 3")
    );
    let why = say(&["explain", "i.json", "a.json"]).good();
    assert!(
        why.starts_with("B3-X-1: ") && why.lines().count() == 2 && why.contains("B2-X-1"),
        "{why}"
    );
    let held = say(&["explain", "i.json", "a.json", "B1-X-1"]).good();
    assert!(held.contains("held in slot 1"), "{held}");
    let what_if = ["what-if", "i.json", "a.json", "--seconds", "1", "--edit", "X-1+1"];
    let more = say(&what_if).good();
    assert!(
        more.contains("before   value 9") && more.contains("exactly  value 12, bound 12"),
        "{more}"
    );
    let less = say(&["what-if", "i.json", "a.json", "--edit", "close@0", "--edit", "X-1>=1:9"]).good();
    assert!(less.contains("at once  value 5"), "{less}");

    // The other way round, by hand, with a proof that holds as well.
    let other = folder
        .read("a.json")
        .replace("B2-X-1", "B3-X-1")
        .replacen("\"value\":9", "\"value\":8", 1);
    folder.write("b.json", &other);
    let compared = say(&["compare", "i.json", "a.json", "b.json"]).good();
    assert!(
        compared.contains("lost B2-X-1") && compared.contains("0 moved, 1 lost, 1 added"),
        "{compared}"
    );
    let boasting = folder.read("a.json").replacen("\"value\":9", "\"value\":10", 1);
    folder.write("c.json", &boasting);
    for (args, words) in [
        (&["verify", "i.json", "c.json"][..], &["c.json", "value"][..]),
        (&["compare", "i.json", "a.json", "c.json"], &["c.json"]),
        (&["explain", "i.json", "a.json", "B9-X-1"], &["i.json", "\"B9-X-1\""]),
        (
            &["what-if", "i.json", "a.json", "--edit", "X-9+1"],
            &["X-9+1", "\"X-9\""],
        ),
        (
            &["what-if", "i.json", "a.json", "--edit", "nonsense"],
            &["nonsense", "--help"],
        ),
        (&["what-if", "i.json", "a.json", "--edit", "close@7"], &["7"]),
        (
            &["verify", "nowhere.json", "a.json"],
            &["nowhere.json", "cannot be read"],
        ),
    ] {
        say(args).refused(words);
    }
    let help = say(&["--help"]).good();
    for verb in [
        "solve",
        "verify",
        "compare",
        "what-if",
        "explain",
        "propose",
        "fairness",
        "changes",
        "publish",
        "roll-back",
    ] {
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(verb)),
            "{verb}: {help}"
        );
    }
}

/// The promise of the seed market: of the wishes of both sides at least 95 in 100 are met, and the report says so.
#[test]
fn mutual_wishes_of_the_seed_market_are_met() {
    let folder = Folder::at(Stage::Proposed);
    let report = folder.run(&["timetable", "fairness", "1"]).say().good();
    let line = |what: &str| {
        let found = report.lines().find(|line| line.trim_start().starts_with(what));
        found.unwrap_or_else(|| panic!("no line of {what}:\n{report}"))
    };
    let percent = |line: &str| {
        let figure = line.split_whitespace().rev().nth(1).expect("a figure");
        figure.parse::<f64>().expect("a number")
    };
    assert!(percent(line("mutual")) >= 95.0, "{report}");
    assert!(line("all").contains("of   8528"), "{report}");
    for group in [
        "by buyers, rank 5",
        "by exhibitors, rank 1",
        "of buyers from",
        "with booths of",
    ] {
        assert!(percent(line(group)) <= 100.0);
    }
}
