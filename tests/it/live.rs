//! Two processes on one PostgreSQL: what is booked at one appears at who listens to the other; at once by Redis, a little
//! later without it, and nothing goes wrong when Redis is flushed, killed and comes back.

use serde_json::{Value, json};
use std::time::Duration;
use system_tests::{
    browser::Browser,
    database::Postgres,
    machine::{self, Watch},
    market::{self, Folder},
    redis::Redis,
    serve::Server,
    socket::Socket,
};

/// A change must appear within this: by Redis, and by looking at the database once a second. On a busy machine.
const BY_REDIS: Duration = Duration::from_secs(1);
const BY_LOOKING: Duration = Duration::from_millis(2500);

/// Two servers, the organizer at the first, a buyer who listens at the second.
struct Stage {
    one: Server,
    two: Server,
    organizer: Browser,
    socket: Socket,
    /// Who listens.
    buyer: Browser,
    /// Meetings that may be cancelled, as their entries in the agenda.
    free: Vec<Value>,
    /// The one that was cancelled last.
    gone: Value,
    _folder: Folder,
    _database: Postgres,
}

impl Stage {
    fn set(env: &[(&str, &str)]) -> Self {
        let database = Postgres::fresh();
        let folder = Folder::on(&database.url);
        let files = market::ahead();
        for act in [
            &["import", files.text()][..],
            &["timetable", "propose", "--seconds", "1"],
            &["timetable", "publish", "1"],
        ] {
            folder.run(act).say().good();
        }
        let (one, two) = (Server::start(&folder, env), Server::start(&folder, env));
        let organizer = one.browser_of(&folder, "OR01");
        let mut buyer = one.browser_of(&folder, "B001");
        buyer.address = two.address;
        let agenda = buyer.ask("MyAgenda", &json!({}))["myAgenda"]["entries"].take();
        let entries = agenda.as_array().expect("entries").iter();
        let meetings = entries.filter(|entry| entry["kind"] == "MEETING");
        let free = meetings.cloned().collect();
        let socket = Socket::hearing(&buyer, "AgendaChanged");
        Self {
            one,
            two,
            organizer,
            socket,
            buyer,
            free,
            gone: Value::Null,
            _folder: folder,
            _database: database,
        }
    }

    /// Cancels one more meeting at the first server; how long it took to appear at the second.
    fn change(&mut self) -> Duration {
        self.gone = self.free.pop().expect("a meeting is left");
        let id = &self.gone["meeting"]["id"];
        let cancelled = self
            .organizer
            .ask("CancelMeeting", &json!({"id": id, "key": machine::uuid()}));
        assert_eq!(cancelled["cancelMeeting"]["state"], "CANCELLED", "{cancelled}");
        self.heard()
    }

    /// Books the meeting that was cancelled last again at the first server; how long it took to appear at the second, where
    /// the buyer finds it then.
    fn book(&mut self) -> Duration {
        let days = self.organizer.ask("Event", &json!({}))["event"]["days"].take();
        let days = days.as_array().expect("days").iter();
        let slots = days.flat_map(|day| day["slots"].as_array().expect("slots"));
        let mut slots = slots.filter(|slot| slot["startsAt"] == self.gone["startsAt"]);
        let (id, was) = (machine::uuid(), &self.gone["meeting"]);
        let booking = json!({
            "id": id, "buyer": was["buyer"]["id"], "exhibitor": was["exhibitor"]["id"],
            "slot": slots.next().expect("a slot")["number"],
        });
        let booked = self.organizer.ask("BookMeeting", &booking);
        assert_eq!(booked["bookMeeting"]["__typename"], "Meeting", "{booked}");
        let took = self.heard();
        let agenda = self.buyer.ask("MyAgenda", &json!({}))["myAgenda"]["entries"].take();
        let entries = agenda.as_array().expect("entries");
        assert!(
            entries.iter().any(|entry| entry["meeting"]["id"] == id.as_str()),
            "it is not there yet"
        );
        took
    }

    fn heard(&mut self) -> Duration {
        let watch = Watch::start();
        let message = self.socket.message().expect("an event");
        assert!(
            message["payload"]["data"]["agendaChanged"]["at"].is_string(),
            "{message}"
        );
        watch.elapsed()
    }

    /// Nothing but warnings was written, and those once.
    fn sound(&self, warnings: usize) {
        for server in [&self.one, &self.two] {
            let errors = server.errors();
            assert!(!errors.contains("ERROR"), "{errors}");
            let said = errors.matches("Redis does not answer").count();
            assert_eq!(said, warnings, "{errors}");
            assert!(!errors.contains("redis://"), "an address may hold a password: {errors}");
        }
    }
}

/// Whether both servers listen to Redis.
fn both_listen(redis: &Redis) {
    machine::until("both servers at Redis", Duration::from_secs(10), || {
        // The answer to PUBLISH is how many heard it; what is said here nobody can read.
        (redis.say(&["PUBLISH", "ichiba:changes", "hello"])? == ":2").then_some(())
    });
}

#[test]
fn a_change_at_one_process_appears_at_the_other_by_redis() {
    let redis = Redis::start();
    let url = redis.url();
    let mut stage = Stage::set(&[("ICHIBA_REDIS_URL", &url)]);
    both_listen(&redis);
    for _ in 0..3 {
        let (gone, took) = (stage.change(), stage.book());
        println!(
            "by Redis: cancelled {} ms, booked {} ms",
            gone.as_millis(),
            took.as_millis()
        );
        assert!(gone < BY_REDIS && took < BY_REDIS, "{gone:?} {took:?}");
    }
    // It comes once, though the database tells of it too.
    let again = stage.socket.within(Duration::from_millis(1500));
    assert_eq!(again, None, "told twice");
    assert_eq!(redis.say(&["FLUSHALL"]).as_deref(), Some("+OK"));
    assert!(stage.change() < BY_REDIS);
    assert_eq!(redis.say(&["FLUSHALL"]).as_deref(), Some("+OK"));
    assert!(stage.book() < BY_REDIS, "a booking, Redis flushed in the middle");
    stage.sound(0);
}

#[test]
fn a_change_appears_without_redis_too() {
    let mut stage = Stage::set(&[]);
    for _ in 0..2 {
        let took = stage.change();
        println!("by looking at the database: {} ms", took.as_millis());
        assert!(took < BY_LOOKING, "{took:?}");
    }
    stage.sound(0);
}

#[test]
fn redis_may_be_killed_in_the_middle_and_come_back() {
    let mut redis = Redis::start();
    let url = redis.url();
    // The usual name of the variable is understood too.
    let mut stage = Stage::set(&[("REDIS_URL", &url)]);
    both_listen(&redis);
    assert!(stage.change() < BY_REDIS);
    redis.kill();
    let (gone, took) = (stage.change(), stage.book());
    println!(
        "Redis is gone: cancelled {} ms, booked {} ms",
        gone.as_millis(),
        took.as_millis()
    );
    assert!(gone < BY_LOOKING && took < BY_LOOKING, "{gone:?} {took:?}");
    stage.sound(1);
    redis.revive();
    both_listen(&redis);
    let (gone, took) = (stage.change(), stage.book());
    println!(
        "Redis is back: cancelled {} ms, booked {} ms",
        gone.as_millis(),
        took.as_millis()
    );
    assert!(gone < BY_REDIS && took < BY_REDIS, "{gone:?} {took:?}");
    stage.sound(1);
}

#[test]
fn a_budget_is_shared_by_redis() {
    let redis = Redis::start();
    let url = redis.url();
    let stage = Stage::set(&[("ICHIBA_REDIS_URL", &url)]);
    both_listen(&redis);
    stage.organizer.ask("Buyers", &json!({"first": 100}));
    // What was spent is told with the next request.
    stage.organizer.ask("Event", &json!({}));
    let keys = redis.say(&["DBSIZE"]).expect("an answer");
    assert_ne!(keys, ":0", "no budget is kept");
    stage.sound(0);
}
