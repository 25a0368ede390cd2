//! Typed ids: a booth's id cannot be passed where a buyer's is wanted. No generation from entropy here: an id
//! comes from the client (so that a retry finds what the first try made) or is derived from names.

use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Namespace of all derived ids, so that two installations that import the same files get the same ids.
const ICHIBA: Uuid = Uuid::from_u128(0x1c41_ba00_5e1f_4b0e_8f0a_0000_0000_0001);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id of what is called `key` within `scope`: the same names give the same id everywhere.
            pub fn derived(scope: impl Into<Uuid>, key: &str) -> Self {
                let scope = Uuid::new_v5(&scope.into(), stringify!($name).as_bytes());
                Self(Uuid::new_v5(&scope, key.as_bytes()))
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )*};
}

ids! {
    /// A programme.
    ProgrammeId,
    /// An event.
    EventId,
    /// A hall of an event's venue.
    HallId,
    /// A zone of a hall.
    ZoneId,
    /// A booth; as a resource, its lanes are its tables.
    BoothId,
    /// An organisation.
    OrganisationId,
    /// A person; as a resource, one lane.
    PersonId,
    /// A person's part in an event.
    ParticipationId,
    /// A buyer: the id of the participation that buys.
    BuyerId,
    /// An exhibitor.
    ExhibitorId,
    /// An artist.
    ArtistId,
    /// An interpreter pool; as a resource, its lanes are its interpreters.
    PoolId,
    /// A session.
    SessionId,
    /// A person's block of absence.
    AbsenceId,
    /// One version of the timetable.
    TimetableId,
    /// A meeting request.
    RequestId,
    /// A shift: others asked to move so that a meeting fits in.
    ShiftId,
    /// A place offered to somebody on standby.
    OfferId,
    /// A meeting.
    MeetingId,
    /// A browser's push subscription.
    PushId,
}

/// The namespace under which programmes, people and organisations (which belong to no event) are derived.
pub const ROOT: Uuid = ICHIBA;

impl BuyerId {
    /// The buyer as a participation: the same id.
    pub fn participation(self) -> ParticipationId {
        ParticipationId(self.0)
    }
}
