//! Seeded instances of the kinds the scheduler is measured on: markets of buyers and booths from a job fair to a world
//! fair, and small events where every meeting must be held. Shared by the example `market`, the benches and a test.
//! Deliberately not here: files, and anything of the solver.

mod lot;
mod mandatory;
mod trade;

use scheduler::Instance;

/// What can be made.
pub const NAMES: [&str; 7] = ["jobs", "advisers", "tokyo", "tight", "regional", "huge", "mandatory"];

/// Makes an instance. `requests`: about so many of them, buyers and booths in proportion; left out: the kind's own size.
pub fn make(kind: &str, seed: u64, requests: Option<u64>) -> Result<Instance, String> {
    if kind == "mandatory" {
        return match requests {
            None => mandatory::make(seed),
            Some(_) => Err("a mandatory event has the size of its seed; leave --requests out".to_owned()),
        };
    }
    let kinds = NAMES.join(", ");
    let shape = trade::shape(kind).ok_or_else(|| format!("there is no kind \"{kind}\"; there are {kinds}"))?;
    trade::make(kind, &shape, seed, requests)
}
