# Purposes, bases, reasons, the ledger, erasure, emergency access.

purpose = Purpose
purposes = Purposes
why-kept = Purposes and access
basis = Basis
source = Source
laws = Laws
evidence = Evidence
evidence-hint = form, version and date
since = since { $date }
purpose-until = until { $date }
purpose-ended = ended { $date }
purpose-ended-suffix = , ended
purpose-open = no end date yet
purpose-over = ended
kept-until = Kept until { $date } ({ $why })
person-open = Bases and consents
this-view = This view
this-view-for = Shown for { $purpose }.
use-for = Show for { $purpose } instead
why-may-i = Why may I see this?

origin-title = Used for
origin-help = Choose only what these data are needed for. When the last purpose ends, they are erased.
origin-opens = Opens: { $fields }.
consent-needed = needs consent
consent-separate = needs separate consent

level-clear = clear
level-masked = masked
level-none = none
explain-record = The record
explain-fields = Field by field
explain-others = Ask for another purpose
rule-permits = permits
rule-forbids = forbids

reveal-title = Reveal { $field }
reveal-why = What do you need it for?
reveal-other = Something else, in your words:
reveal-words = Your words
reveal-do = Reveal and record
reveal-hide = Hide and go back
reason-help = This goes into the ledger. Do not write personal data here.

ledger = Ledger
ledger-empty = No entries yet
ledger-unchecked = Not verified yet
ledger-verified = Verified { $at }
ledger-broken = Broken at entry { $entry }
checkpoint = checkpoint { $size }, signed { $at }
checkpoint-behind =
    { $n ->
        [one] { $n } newer entry
       *[other] { $n } newer entries
    }
for-purpose = for { $purpose }
level-clear-fields = Clear: { $fields }
level-masked-fields = Masked: { $fields }
act-viewed = { $who } viewed { $what }
act-listed = { $who } listed { $what }
act-counted = { $who } counted { $what }
act-searched = { $who } searched { $what }
act-exported = { $who } exported { $what }
act-imported = { $who } imported { $what }
act-revealed = { $who } revealed { $what }
act-created = { $who } created { $what }
act-changed = { $who } changed { $what }
act-deleted = { $who } deleted { $what }
act-erased = { $who } erased { $what }
act-refused = { $who } was refused { $what }
act-signed-in = { $who } signed in
act-signed-out = { $who } signed out

erase-title = Erase person
erase-goes =
    { $n ->
        [one] { $n } record will be erased
       *[other] { $n } records will be erased
    }
erase-key = The key of this person is destroyed. Rows, history, search and ledger payloads become unreadable at once. This cannot be undone.
erase-backups = Backups can still be opened until { $date }; from that day on they cannot. A restore repeats this erasure.
erase-stays = What stays
erase-held = Cannot be erased now.
erase-reason = Reason
erase-type = Type { $word } to confirm
erase-do = Erase for good

emergency = Emergency access
emergency-warning = This gives you more than your role allows, for a short time. { $told } is told at once, with your reason, and sees everything you open.
emergency-scope = What do you need to open?
emergency-minutes = For how long?
emergency-reason = What has happened?
emergency-do = Open and tell the DPO

erase-offer = Erase person …
erase-backups-open = Backups made before today still hold the wrapped key, until the epoch key they were made under is destroyed.
erase-stays-entries = Ledger entries, without what could identify the person: they prove what was done.
erase-unsaid = Reason: say why this person is erased.
erase-word = Word: type { $word } exactly.
reveal-unsaid = Say what you need it for: choose a sentence or write one.
need-account-care = To answer or call back as agreed
need-quoting = To answer a question about a quote or sample
need-order-fulfilment = To arrange a delivery
need-quality-safety = To warn about a product or follow up a complaint
need-legal-duty = To answer a person's request or an authority
need-purpose = For { $purpose }
kept-for = Kept { $period }.
kept-after-activity = { $span } after the last activity
kept-after-since = { $span } after it began
kept-after-year = { $span } after the end of the year
kept-until-withdrawn = until withdrawn
span-years =
    { $n ->
        [one] { $n } year
       *[other] { $n } years
    }
span-months =
    { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
span-weeks =
    { $n ->
        [one] { $n } week
       *[other] { $n } weeks
    }
span-days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
source-question = Where do these data come from?
source-help = For example: trade fair 2026-10, form v3.
explain-other-purpose = Needs another purpose: { $purposes }.
explain-no-rule = No rule of your role opens this.
rule-view = { $role } may view { $what }.
rule-create = { $role } may create { $what }.
rule-edit = { $role } may change { $what }.
rule-delete = { $role } may delete { $what }.
rule-import = { $role } may import { $what }.
rule-export = { $role } may export { $what }.
rule-reveal = { $role } may reveal masked values of { $what }, for a stated reason.
rule-masked = { $role } sees this masked on { $what }.
rule-clear = { $role } sees this in clear on { $what }.
rule-emergency = { $role } may view every record under emergency access.
rule-live-purpose = Nobody uses a record without a purpose that is live for its person.
rule-restricted = Processing is restricted for this person: only legal duties go on.
rule-emergency-reads = Emergency access is for reading alone.
scope-own = their own { $objects }
scope-team = { $objects } of their team
scope-subtree = { $objects } of their team and the teams below
scope-all = all { $objects }
checkpoint-size = checkpoint { $size }
ledger-verify = Verify now
ledger-proof = Proof of inclusion
ledger-who = Who
ledger-act = Act
ledger-object = Object
ledger-record = Record or person (id)
ledger-when = When
actor-job = Job { $name }
actor-operator = Command line ({ $name })
actor-token = Token { $name }
actor-stranger = Somebody
actor-unknown = Account { $id }
what-one = { $object } { $id }
what-many = { $n } { $objects }
what-id = { $id }
what-ledger =
    { $n ->
        [one] the ledger, { $n } entry
       *[other] the ledger, { $n } entries
    }
what-bases = the bases of a person
what-why = why { $what } may be seen
what-erasure =
    { $n ->
        [one] { $n } record that an erasure would reach
       *[other] { $n } records that an erasure would reach
    }
outcome-refused = refused
fact-number = Number
fact-entry = Entry
fact-record = Record
fact-outcome = Outcome
fact-why = Code
fact-rules = Rules
fact-via = Way
fact-request = Request
act-merged = { $who } merged { $what }
act-converted = { $who } converted { $what }
act-assigned = { $who } assigned { $what }
act-submitted = { $who } submitted { $what }
act-approved = { $who } approved { $what }
act-rejected = { $who } rejected { $what }
act-withdrawn = { $who } withdrew { $what }
act-closed = { $who } closed { $what }
act-reopened = { $who } reopened { $what }
act-sent = { $who } sent { $what }
act-expired = { $who } erased what no purpose needs any longer: { $what }
act-restricted = { $who } restricted { $what }
act-unrestricted = { $who } lifted the restriction of { $what }
act-hold-placed = { $who } placed a hold on { $what }
act-hold-lifted = { $who } lifted the hold on { $what }
act-sign-in-failed = { $who } tried to sign in and failed
act-account-changed = { $who } made or changed an account { $what }
act-token-issued = { $who } issued token { $what }
act-token-revoked = { $who } revoked token { $what }
act-policy-changed = { $who } changed the rules { $what }
act-definition-changed = { $who } changed a definition { $what }
act-setting-changed = { $who } changed a setting { $what }
act-basis-added = { $who } added a basis for { $what }
act-basis-ended = { $who } ended a basis of { $what }
act-consent-given = { $who } recorded a consent { $what }
act-consent-withdrawn = { $who } recorded a withdrawal of consent { $what }
act-notice-given = { $who } gave notice { $what }
act-request-opened = { $who } opened a request { $what }
act-request-answered = { $who } answered a request { $what }
act-key-rotated = { $who } rotated the keys { $what }
act-key-destroyed = { $who } destroyed a key { $what }
act-emergency-opened = { $who } opened emergency access { $what }
act-emergency-closed = { $who } took note of emergency access { $what }
act-started = { $who } started { $what }
act-stopped = { $who } stopped { $what }
act-backed-up = { $who } made a backup { $what }
act-restored = { $who } restored a backup { $what }
act-verified = { $who } verified the ledger { $what }
act-pruned = { $who } pruned old entries { $what }
emergency-told = The privacy officer
emergency-open = Emergency access is open for you. Everything you open is told to the privacy officer.
emergency-was = { $who } opened emergency access from { $from } to { $to }.
emergency-note = Take note
act-name-viewed = viewed
act-name-listed = listed
act-name-searched = searched
act-name-counted = counted
act-name-revealed = revealed
act-name-exported = exported
act-name-imported = imported
act-name-created = created
act-name-changed = changed
act-name-deleted = deleted
act-name-erased = erased
act-name-expired = erased at the end of its purposes
act-name-refused = refused
act-name-signed-in = signed in
act-name-sign-in-failed = failed to sign in
act-name-basis-added = basis added
act-name-basis-ended = basis ended
act-name-emergency-opened = emergency access opened
