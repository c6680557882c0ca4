# The frame, the common words, sign-in, home.

skip = Skip to content
menu = Menu
nav = Main
home = Home
home-go = Go to home
search = Search
search-hint = Search people, companies, parts
user-menu = Your menu
oath = What you open here is recorded.
recorded = This view is recorded: entry { $entry }, { $at }
close = Close
more = More
on = On
off = Off
yes = Yes
no = No
any = Any
email = E-mail
password = Password
required = required
save = Save
cancel = Cancel
edit = Edit
export = Export
import = Import
list-comma = ,{" "}

language = Language
theme = Theme
theme-auto = Auto
theme-light = Light
theme-dark = Dark
density = Density
density-compact = Compact
density-normal = Normal
density-roomy = Roomy
keys = Single-key shortcuts
keys-show = Keyboard shortcuts
key-search = Search
key-new = New record
key-edit = Edit this record
key-next-row = Next row
key-previous-row = Previous row
key-next-page = Next page
key-previous-page = Previous page
key-save = Save
key-help = Show this list
sign-out = Sign out

sign-in = Sign in
sign-in-wrong = E-mail or password is not right. Check both and try again.
sign-in-ended = Your session has ended. Sign in again to go on where you were.
sign-in-wait =
    { $n ->
        [one] Too many attempts. Try again in { $n } second.
       *[other] Too many attempts. Try again in { $n } seconds.
    }
promise = Nothing here is kept without a purpose, read without permission, or read without a record.

recent = Recent
recent-empty = Nothing opened yet
recent-empty-help = Records you open or change appear here.
your-access = Your access

ago-now = just now
ago-minutes =
    { $n ->
        [one] { $n } minute ago
       *[other] { $n } minutes ago
    }
ago-hours =
    { $n ->
        [one] { $n } hour ago
       *[other] { $n } hours ago
    }
days-today = today
days-left =
    { $n ->
        [one] { $n } day left
       *[other] { $n } days left
    }
days-late =
    { $n ->
        [one] { $n } day late
       *[other] { $n } days late
    }

state-late = late
state-soon = soon
state-on-time = on time
state-hold = on hold
state-done = done
state-revealed = revealed
state-erased = erased
state-provisional = provisional

house-demo = Custos demo company
oversight = Oversight
role = Role
team = Team
owner = Owner
me = Me
name = Name
created-at = Created
updated-at = Last change
somebody = Someone
new-object = New { $object }
edit-object = Edit { $object }
minutes =
    { $n ->
        [one] { $n } minute
       *[other] { $n } minutes
    }
time-help = The time is UTC.
demo-users = Try it as
recent-created = created
recent-changed = changed
recent-viewed = viewed
done-created = Saved. It is in the list now.
done-changed = Saved.
done-same = Nothing was changed.
done-erased = The person is erased.
done-emergency = Emergency access is open. The privacy officer has been told.
done-noted = Noted.
