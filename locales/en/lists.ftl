# Views, columns, groups and sums of lists; changes of many records; boards and calendars.

list-mine = My { $objects }
list-team = My team’s { $objects }
my-team = my team
view = View
view-changes =
    { $n ->
        [one] 1 change
       *[other] { $n } changes
    }
view-name = Name of the view
view-share = Share with my team
view-shared = { $name } (team)
view-drop = Delete view
save-as = Save as …
undo = Undo
layout = Layout
done-view-saved = View saved.
done-view-dropped = View deleted. The records are all still there.
done-end = There are no more records in this list.

columns = Columns
columns-legend = Columns, in the order of their numbers
columns-place = place
columns-apply = Show
group-by = Group by
group-nothing = nothing
group-none = Not filled in
group-all = Show all { $n }
group-sum = { $field }: { $amount }
page-size = Rows per page
totals = Sums and averages
totals-row = Total
foot-sum = { $sum } (average { $average })

op-is-not = is not
op-between = from – to
op-empty = is empty
op-filled = is filled in

bulk-hint = Tick rows to change them together
bulk-ticked = ticked
bulk-change = Change ticked …
bulk-all = Change all { $n } …
bulk-every = Change all that match …
bulk-page = Tick all rows of this page

done-none-ticked = Tick some rows first.
bulk-title = Change records
bulk-heading = Change { $n } { $objects }
bulk-field = Change a field
bulk-which = Field
choose-this = Choose
bulk-change-n =
    { $n ->
        [one] Change 1 record
       *[other] Change { $n } records
    }
bulk-assign = Give to somebody else
bulk-assign-n =
    { $n ->
        [one] Assign 1 record
       *[other] Assign { $n } records
    }
bulk-delete = Delete
bulk-delete-help = This cannot be undone. Deleting somebody’s last record erases the person.
bulk-delete-type = Type the number of records to delete
bulk-delete-wrong = The number does not match. Nothing was deleted.
bulk-delete-n =
    { $n ->
        [one] Delete 1 record
       *[other] Delete { $n } records
    }
bulk-reach-edit = { $n } will be changed, { $skipped } are not yours to change and will be skipped.
bulk-reach-delete = { $n } will be deleted, { $skipped } are not yours to delete and will be skipped.
bulk-progress = { $done } of { $total } done
bulk-leave = You can leave this page. The work goes on.
bulk-done =
    { $n ->
        [one] 1 record done
       *[other] { $n } records done
    }
bulk-undone =
    { $n ->
        [one] 1 record changed back
       *[other] { $n } records changed back
    }
bulk-skipped =
    { $n ->
        [one] 1 record skipped: not yours to change
       *[other] { $n } records skipped: not yours to change
    }
bulk-not-done =
    { $n ->
        [one] 1 record failed
       *[other] { $n } records failed
    }
bulk-failed = Failed
bulk-until = Can be undone until { $at }
bulk-resume = Go on
bulk-resume-help = Press this if the numbers stand still: the server was restarted meanwhile.
bulk-why-gone = no longer there, or no longer yours to see
bulk-why-refused = not yours to change
bulk-why-conflict = changed by somebody else meanwhile; left as it is
bulk-why-not-kept = what it was before could not be kept
bulk-why-purpose = no purpose of this person allows this value

layout-table = Table
layout-board = Board
layout-calendar = Calendar
board-by = Columns by
board-move = Move
board-move-to = Move to
board-moved = Moved.
board-refused = This card is not yours to move. It stays where it was.
board-conflict = Somebody else changed this record meanwhile. It stays where they put it; look again, then move it.
board-gone = This record is no longer there, or no longer yours to see.
board-invalid = The record cannot go there. Open it to see what is missing.
board-none = No cards
board-age = unchanged for
board-days = { $n } d
calendar-by = Day of
calendar-today = Today
calendar-month = Month
calendar-week = Week
calendar-heading = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
    } { $year }
calendar-more = { $n } more
calendar-cut = Not every record is shown. Filter, or look at a week.

export-heading = Export { $n } { $objects }
export-format = File
export-reason = What is the file for?
export-help = The reason is kept, sealed, in the ledger with every record that leaves.
export-short = Say in a sentence what the file is for.
export-do = Export and record
export-cut = A file holds { $n } rows at most. Filter the list to export the rest.

palette = Search and commands
palette-title = Search and commands (Ctrl K)
palette-label = Name, number or command
palette-hint = Name, part number, phone …  > commands  @ people  # parts
palette-keys = ↑ ↓ choose · Enter opens · Ctrl Enter opens a new tab · Esc closes
palette-favourites = Favourites
palette-recent = Opened last
palette-commands = Commands
palette-go = Go to { $place }
favourite = Mark as favourite
favourite-off = Remove from favourites
key-palette = Search and commands
key-tick = Tick the row
key-cell = Change a value of the row
key-move = Move the card
key-view = Choose a view
