# Lists, records, forms, conflicts.

masked = masked
no-value = nothing to show
sort = Sort
just-opened = just opened
pages = Pages
pager-range-of = { $from }–{ $to } of { $total }
pager-range = { $from }–{ $to }
pager-total =
    { $total ->
        [one] { $total } record
       *[other] { $total } records
    }
pager-previous = Previous
pager-next = Next
used-for = Used for

filter = Filter
filter-apply = Find
filter-reset = Reset
filter-clear = Clear filters
filter-remove = Remove filter:
filter-how = how
filter-from = from
filter-to = to
list-empty = Nothing here yet
list-empty-help = Records appear here once they are created or imported.
list-nothing = Nothing matches
list-nothing-help = Try fewer or wider filters.

results = Results
search-for = for { $text }
search-filling = The index is still filling: { $n } %. More may be found in a moment.
search-nothing-help = Try fewer letters, a part number without dashes, or the initials of a name.

record-previous = Previous record
record-next = Next record
related = Related
fields-folded =
    { $n ->
        [one] { $n } more field, nothing to show
       *[other] { $n } more fields, nothing to show
    }
held = Restricted.
held-until = Until { $date }.
reveal = Reveal
why = Why

choose = Choose …
currency = currency
which-one = Which one do you mean?
masked-keep = Now { $mask }. Leave the box empty to keep it.
required-note = { $star } must be filled in
save-and-new = Save and new
troubles =
    { $n ->
        [one] 1 thing to correct
       *[other] { $n } things to correct
    }

conflict = Edited by someone else too
conflict-said = { $who } saved this record at { $at } while you were editing. Nothing is lost: choose what to keep.
conflict-was = Was
conflict-now = Is now
conflict-yours = Yours
conflict-merged = Merged by itself
kept-yours = yours
kept-theirs = theirs
conflict-save = Save my choice
conflict-again = Start again from what is now

list-all = All { $objects }
pager-range-over = { $from }–{ $to } of more than { $total }
chip-search = Search: { $text }
chip-is = { $field }: { $value }
chip-is-not = { $field }: not { $value }
chip-one-of = { $field }: one of { $value }
chip-contains = { $field } contains “{ $value }”
chip-starts = { $field } starts with “{ $value }”
chip-from = { $field } from { $value }
chip-to = { $field } to { $value }
chip-empty = { $field } is empty
chip-filled = { $field } is filled in
op-contains = contains
op-starts = starts with
op-is = is
history = Created { $created }, last changed { $changed }
record-ledger = Ledger entries of this record
restricted-reason = The person's data are stored only and used for legal duties alone.
trouble = { $field }: { $cure }
and-more = { $names } and { $n } more
