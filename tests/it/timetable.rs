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
            "--instance",
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
        ("", &["i.json"][..]),
        ("[]", &["i.json"]),
        (
            r#"{"format": "market-instance/1", "name": "x", "slots": 1, "parties": [], "requests": [{"id": "r", "parties": ["a", "b"], "value": 1}]}"#,
            &["i.json"],
        ),
    ] {
        folder.write("i.json", text);
        let args = ["timetable", "solve", "--instance", "i.json", "--out", "o.json"];
        folder.run(&args).say().refused(words);
        assert!(!folder.path().join("o.json").exists());
    }
}
