//! Small events where every meeting must be held: participants who meet each other, one pool of tables, mornings and
//! afternoons, slots people are away, a few meetings promised (the kind of Bofill and others, JAIR 74, 2022). A
//! complete timetable is drawn first and everything else is drawn around it, so one exists.

use super::lot::Lot;
use scheduler::{Instance, PartySpec, RequestSpec};

/// Published events have up to so many participants and meetings.
const PARTICIPANTS: (u64, u64) = (40, 78);
const MOST_MEETINGS: usize = 302;
const SLOTS: (u64, u64) = (10, 18);
/// Per mille of the pairs drawn that do meet.
const DENSITY: (u64, u64) = (700, 950);
/// Per mille of the tables in use: full to the last table is a puzzle, not an event.
const FILLED: (u64, u64) = (750, 970);
/// Per mille of a participant's free slots in which they are away.
const AWAY: (u64, u64) = (0, 900);
/// Per mille of the meetings for one half of the day only, and of those promised.
const HALF_DAY: (u64, u64) = (100, 500);
const PROMISED: u64 = 30;
/// All meetings are worth the same.
const VALUE: u32 = 100;

pub fn make(seed: u64) -> Result<Instance, String> {
    let mut lot = Lot::new(seed ^ 0x6D61_6E64);
    let slots = lot.between(SLOTS.0, SLOTS.1);
    let people = lot.between(PARTICIPANTS.0, PARTICIPANTS.1);
    let tables = lot.between(people * 2 / 10, people * 4 / 10);
    let mut capacity = vec![vec![1; slots as usize]; people as usize];
    let meetings = planted(&mut lot, people, slots, tables);
    let away = lot.between(AWAY.0, AWAY.1);
    for (who, row) in (0..).zip(&mut capacity) {
        for (slot, room) in (0..).zip(row) {
            let busy = meetings.iter().any(|&(pair, s)| s == slot && pair.contains(&who));
            *room = u32::from(busy || !lot.per_mille(away));
        }
    }
    let mut parties: Vec<PartySpec> = (0..)
        .zip(capacity)
        .map(|(who, capacity)| PartySpec {
            id: format!("participant-{who}"),
            capacity,
            compact: true,
            ..PartySpec::default()
        })
        .collect();
    parties.push(PartySpec {
        id: "tables".to_owned(),
        capacity: vec![tables as u32; slots as usize],
        ..PartySpec::default()
    });
    let requests = requests(&mut lot, &meetings, people as u32, slots as u16);
    Instance::new(format!("mandatory-{seed}"), slots as u16, vec![0], parties, requests).map_err(|e| e.to_string())
}

/// The hidden timetable: pairs, all different, with their slots.
fn planted(lot: &mut Lot, people: u64, slots: u64, tables: u64) -> Vec<([u32; 2], u16)> {
    let density = lot.between(DENSITY.0, DENSITY.1);
    let most = tables * lot.between(FILLED.0, FILLED.1) / 1000;
    let mut meetings: Vec<([u32; 2], u16)> = Vec::new();
    for slot in 0..slots as u16 {
        let mut free: Vec<u32> = (0..people as u32).collect();
        lot.shuffle(&mut free);
        let first = meetings.len();
        for pair in free.chunks_exact(2) {
            let pair = [pair[0].min(pair[1]), pair[0].max(pair[1])];
            let full = meetings.len() - first >= most as usize || meetings.len() >= MOST_MEETINGS;
            if !full && lot.per_mille(density) && meetings.iter().all(|(other, _)| *other != pair) {
                meetings.push((pair, slot));
            }
        }
    }
    meetings
}

fn requests(lot: &mut Lot, meetings: &[([u32; 2], u16)], tables: u32, slots: u16) -> Vec<RequestSpec> {
    let half_day = lot.between(HALF_DAY.0, HALF_DAY.1);
    let noon = slots / 2;
    let mut requests: Vec<RequestSpec> = meetings
        .iter()
        .map(|&([one, other], slot)| {
            let half = if slot < noon { 0..noon } else { noon..slots };
            RequestSpec {
                id: String::new(),
                parties: vec![one, other, tables],
                value: VALUE,
                slots: lot.per_mille(half_day).then(|| half.collect()),
                fixed: lot.per_mille(PROMISED).then_some(slot),
            }
        })
        .collect();
    lot.shuffle(&mut requests);
    for (k, request) in requests.iter_mut().enumerate() {
        request.id = format!("r{}", k + 1);
    }
    requests
}
