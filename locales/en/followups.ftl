# The timeline of a record, follow-ups, notices.

parts = Parts of this page
details = Details
timeline = Timeline
timeline-empty = Nothing yet
related-all = Show all
tab-all = All
tab-activity = Activity
tab-changes = Changes
tab-accesses = Who has seen it
next-steps = Next steps
log-kind = How
log-text = What was done
log-text-help = Write @ and a colleague’s name to tell them.
log-next = Next step
log-next-on = By
log-save = Log
pinned = Pinned
pin = Pin
unpin = Unpin
task-done = Done
snooze-day = In a day
snooze-week = In a week
due-late =
    { $n ->
        [one] { $n } day late, { $date }
       *[other] { $n } days late, { $date }
    }
due-today = Today
due-in =
    { $n ->
        [one] Tomorrow, { $date }
       *[other] In { $n } days, { $date }
    }
change-by =
    { $n ->
        [one] 1 change by { $who }
       *[other] { $n } changes by { $who }
    }
change-assigned = Given to another owner by { $who }
change-merged = Merged with another record by { $who }
change-before = before:
change-after = after:
done-logged = Logged.
done-task = Done.
done-snoozed = Put off.
notices = For you
notice-mention = { $who } mentioned you
notice-aside = Put aside
