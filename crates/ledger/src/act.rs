//! The words for what was done and how it ended.

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What an entry records; one word from address to ledger. A new act is a new variant here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Act {
            $($(#[$doc])* $name,)+
        }

        impl Act {
            /// Every act, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in entries, pages and the API.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The act of a word; `None` if there is none.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

acts! {
    /// One record was shown.
    Viewed = "viewed",
    /// A list was shown.
    Listed = "listed",
    /// A search was answered.
    Searched = "searched",
    /// A number of records was told.
    Counted = "counted",
    /// Records left as a file.
    Exported = "exported",
    /// A masked value was shown in clear on demand.
    Revealed = "revealed",
    /// A record was created.
    Created = "created",
    /// A record was changed.
    Changed = "changed",
    /// A record was deleted.
    Deleted = "deleted",
    /// Two records became one.
    Merged = "merged",
    /// A record became one of another object.
    Converted = "converted",
    /// A record was given to another owner.
    Assigned = "assigned",
    /// Records came in from a file.
    Imported = "imported",
    /// Something was put forward for approval.
    Submitted = "submitted",
    /// Something was approved.
    Approved = "approved",
    /// Something was turned down.
    Rejected = "rejected",
    /// Something was taken back.
    Withdrawn = "withdrawn",
    /// Something was closed.
    Closed = "closed",
    /// Something closed was opened again.
    Reopened = "reopened",
    /// A message left the house.
    Sent = "sent",
    /// A person's key was destroyed.
    Erased = "erased",
    /// Values were erased because their last purpose ended.
    Expired = "expired",
    /// Processing of a person's data was restricted.
    Restricted = "restricted",
    /// A restriction was lifted.
    Unrestricted = "unrestricted",
    /// A hold was placed.
    HoldPlaced = "hold_placed",
    /// A hold was lifted.
    HoldLifted = "hold_lifted",
    /// An act was refused.
    Refused = "refused",
    /// An actor signed in.
    SignedIn = "signed_in",
    /// An actor signed out.
    SignedOut = "signed_out",
    /// A sign-in attempt failed.
    SignInFailed = "sign_in_failed",
    /// An account, its roles or its secrets were changed.
    AccountChanged = "account_changed",
    /// Somebody began or ceased to look through another's eyes.
    Tried = "tried",
    /// An API token was issued.
    TokenIssued = "token_issued",
    /// An API token was revoked.
    TokenRevoked = "token_revoked",
    /// A policy was changed.
    PolicyChanged = "policy_changed",
    /// An object's definition was changed.
    DefinitionChanged = "definition_changed",
    /// A setting of the server was changed.
    SettingChanged = "setting_changed",
    /// A basis was recorded.
    BasisAdded = "basis_added",
    /// A basis ended.
    BasisEnded = "basis_ended",
    /// A person consented.
    ConsentGiven = "consent_given",
    /// A person withdrew consent.
    ConsentWithdrawn = "consent_withdrawn",
    /// A person was given a notice.
    NoticeGiven = "notice_given",
    /// A person's request was opened.
    RequestOpened = "request_opened",
    /// A person's request was answered.
    RequestAnswered = "request_answered",
    /// An epoch, root or signing key was replaced.
    KeyRotated = "key_rotated",
    /// An old key was destroyed.
    KeyDestroyed = "key_destroyed",
    /// Emergency access was opened.
    EmergencyOpened = "emergency_opened",
    /// Emergency access ended.
    EmergencyClosed = "emergency_closed",
    /// The server started.
    Started = "started",
    /// The server stopped.
    Stopped = "stopped",
    /// A backup was made.
    BackedUp = "backed_up",
    /// A backup was restored.
    Restored = "restored",
    /// The ledger was verified.
    Verified = "verified",
    /// Bodies of old entries were removed by retention; `count` says how many. [`verify`](crate::verify()) holds the
    /// ledger to it: a body that is missing without such an entry after it is a finding.
    Pruned = "pruned",
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused; `why` has the reason code.
    Refused,
}

impl Outcome {
    /// The word in entries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The outcome of a word; `None` if there is none.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "done" => Some(Self::Done),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }
}
