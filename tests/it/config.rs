//! Configuration, as whoever runs the machine gets it wrong: everything at once, each with what would be right; what
//! would be unsafe is refused with the reason, before anything is touched.

use serde_json::json;
use std::fs;
use system_tests::{
    database::{self, Postgres},
    http::Request,
    market::{self, Folder, Stage},
    run::Said,
    serve::Server,
};

fn serve(folder: &Folder, env: &[(&str, &str)]) -> Said {
    let run = folder.run(&["serve"]);
    env.iter().fold(run, |run, (name, value)| run.env(name, value)).say()
}

#[test]
fn every_mistake_is_said_at_once() {
    let folder = Folder::new();
    let env = [
        ("ICHIBA_LISTEN", "here"),
        ("ICHIBA_LISEN", "127.0.0.1:80"),
        ("ICHIBA_BASE_URL", "ichiba.example"),
        ("ICHIBA_DATABASE_URL", "mysql://root:hunter2@db/ichiba"),
        ("ICHIBA_MAIL", "pigeon://user:hunter2@loft"),
        ("ICHIBA_MAIL_FROM", "nobody"),
        ("ICHIBA_DEVELOPMENT", "maybe"),
        ("ICHIBA_LOG_FORMAT", "xml"),
    ];
    let said = serve(&folder, &env).refused(&[
        "8 mistake(s)",
        "lisen is unknown; known are data, database_url, ",
        "listen = \"here\" cannot be read; right would be ADDRESS:PORT",
        "base_url = \"ichiba.example\" cannot be read; right would be http://",
        "database_url = \"…\" cannot be read; right would be sqlite:PATH or postgres://",
        "mail = \"…\" cannot be read; right would be files, or smtps://",
        "mail_from = \"nobody\" cannot be read; right would be a mail address",
        "development = \"maybe\" cannot be read; right would be true or false",
        "log_format = \"xml\" cannot be read; right would be text or json",
    ]);
    assert!(!said.err.contains("hunter2"), "a secret was repeated: {}", said.err);
    let run = env
        .iter()
        .fold(folder.run(&["doctor"]), |run, (name, value)| run.env(name, value));
    let doctor = run.say();
    assert!(
        doctor.code == Some(1) && doctor.out.contains("8 mistake(s)"),
        "{doctor:?}"
    );
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "something was touched"
    );
}

#[test]
fn what_is_unsafe_does_not_start() {
    let folder = Folder::new();
    for (env, words) in [
        (
            &[("ICHIBA_BASE_URL", "http://ichiba.example")][..],
            &["could be read on the way", "use https"][..],
        ),
        (&[("ICHIBA_BASE_URL", "http://127.0.0.1.evil.example")], &["use https"]),
        (&[("ICHIBA_BASE_URL", "http://localhost@evil.example")], &["base_url"]),
        (
            &[("ICHIBA_DATABASE_URL", "postgres://ichiba@db.example/ichiba")],
            &["no password", "give one"],
        ),
        (
            &[("ICHIBA_DATABASE_URL", "postgres://ichiba:@db.example/ichiba")],
            &["no password"],
        ),
        (&[("ICHIBA_MAIL", "smtp://mail.example")], &["unencrypted", "smtps://"]),
        (
            &[("ICHIBA_MAIL", "smtp://mail.example?tls=opportunistic")],
            &["unencrypted"],
        ),
        (
            &[
                ("ICHIBA_BASE_URL", "https://ichiba.example"),
                ("ICHIBA_DEVELOPMENT", "true"),
            ],
            &["development = true is for this machine only"],
        ),
    ] {
        serve(&folder, env).refused(words);
    }
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "something was touched"
    );
}

#[test]
fn a_file_configures_and_the_environment_wins() {
    let folder = Folder::new();
    folder.write("ichiba.toml", "listen = \"here\"\nlog = \"warn\"\nelephants = 2\n");
    let said = folder.run(&["serve"]).say();
    said.refused(&["mistake(s)", "listen = \"here\"", "elephants is unknown"]);
    folder.write("ichiba.toml", "listen = \"here\"\nbase_url = \"http://localhost:1\"\n");
    let server = Server::start(&folder, &[]);
    assert!(
        server.printed.iter().any(|line| line.contains("http://localhost:1")),
        "{:?}",
        server.printed
    );
    folder.write("other.toml", "listen = ");
    folder
        .run(&["--config", "other.toml", "serve"])
        .say()
        .refused(&["the configuration file cannot be read"]);
    folder
        .run(&["--config", "none.toml", "serve"])
        .say()
        .refused(&["none.toml is not there"]);
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let folder = Folder::at(Stage::Imported);
    folder.write("secret", format!("sqlite:{}\n", folder.file("ichiba.db")));
    let elsewhere = Folder::new();
    let secret = folder.file("secret");
    let server = Server::start(&elsewhere, &[("ICHIBA_DATABASE_URL_FILE", &secret)]);
    Request::get("/readyz").send(server.address).expect(200);
    let event = server.browser().ask("Event", &json!({}));
    assert_eq!(event["event"]["code"], "tokyo-2025", "{event}");
    let both = [
        ("ICHIBA_DATABASE_URL_FILE", secret.as_str()),
        ("ICHIBA_DATABASE_URL", "sqlite:x"),
    ];
    serve(&elsewhere, &both).refused(&["both given; give one"]);
    serve(&elsewhere, &[("ICHIBA_MAIL_FILE", "/nowhere")]).refused(&["mail_file = /nowhere cannot be read"]);
}

#[test]
fn a_database_of_somebody_else_or_of_a_later_version_is_left_alone() {
    let folder = Folder::new();
    let file = folder.path().join("ichiba.db");
    database::on_sqlite(
        &file,
        "CREATE TABLE guests (name TEXT); INSERT INTO guests VALUES ('Mika')",
    );
    let before = folder.database_bytes();
    for command in [&["serve"][..], &["import", "."], &["backup", "-"]] {
        folder
            .run(command)
            .say()
            .refused(&["tables of something else", "an empty database of its own"]);
    }
    assert!(folder.database_bytes() == before, "a foreign database was changed");
    folder.write("ichiba.db", "this is no database, but somebody's letter");
    let said = folder.run(&["serve"]).say();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(folder.read("ichiba.db"), "this is no database, but somebody's letter");

    let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)";
    let folder = Folder::at(Stage::Imported);
    database::on_sqlite(&folder.path().join("ichiba.db"), later);
    folder
        .run(&["serve"])
        .say()
        .refused(&["newer version of Ichiba", "start that version, or restore a backup"]);
    let doctor = folder.run(&["doctor"]).say();
    assert!(
        doctor.code == Some(1) && doctor.out.contains("■ database: "),
        "{doctor:?}"
    );

    let postgres = Postgres::fresh();
    database::on_postgres(&postgres.url, "CREATE TABLE guests (name TEXT)").expect("SQL that runs");
    Folder::on(&postgres.url)
        .run(&["serve"])
        .say()
        .refused(&["tables of something else"]);
    let postgres = Postgres::fresh();
    let folder = Folder::on(&postgres.url);
    folder.run(&["doctor"]).say().good();
    database::on_postgres(&postgres.url, later).expect("SQL that runs");
    folder.run(&["serve"]).say().refused(&["newer version of Ichiba"]);
}

#[test]
fn doctor_names_what_is_wrong() {
    let folder = Folder::new();
    let gone = "postgres://ichiba:secret@127.0.0.1:1/ichiba";
    let said = folder.run(&["doctor"]).env("ICHIBA_DATABASE_URL", gone).say();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.out.contains("■ database: ") && said.out.contains("check database_url"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("secret") && !said.err.contains("secret"), "{said:?}");
    let said = folder.run(&["doctor"]).env("ICHIBA_MAIL", "smtp://127.0.0.1:1").say();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.out.contains("■ mail: the mail server does not answer"),
        "{}",
        said.out
    );
    // An audit entry changed behind the product's back.
    let folder = Folder::at(Stage::Imported);
    database::on_sqlite(&folder.path().join("ichiba.db"), "UPDATE audit SET detail = '{}'");
    let said = folder.run(&["doctor"]).say();
    assert!(
        said.code == Some(1) && said.out.contains("■ audit log: entry 1 was changed"),
        "{said:?}"
    );
}

#[test]
fn commands_without_a_market_say_what_to_do() {
    let folder = Folder::new();
    let none = ["there is no event yet", "ichiba import"];
    folder.run(&["timetable", "propose"]).say().refused(&none);
    folder
        .run(&["link", "nobody@nowhere.example"])
        .say()
        .refused(&["nobody has the mail address"]);
    let imported = Folder::at(Stage::Imported);
    imported
        .run(&["timetable", "publish", "7"])
        .say()
        .refused(&["there is no version 7"]);
    let file = imported.file("x.json");
    imported
        .run(&["timetable", "export", "--instance", &file, "--timetable", &file])
        .say()
        .refused(&["no timetable is published yet"]);
    let event = imported.run(&["timetable", "list"]).env("ICHIBA_EVENT", "osaka").say();
    event.refused(&["there is no event \"osaka\""]);
    assert!(market::seed().is_dir());
}
