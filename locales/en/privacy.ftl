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
