# Administration, one's own account, the second step of signing in.

administration = Administration
what-for = What for
act = Action
state = State
add = Add
remove = Remove
open = Open
discard = Discard
never = never
people-n =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }

users = Users
users-about = Who works here, in which role and team; invite, change, close.
users-n =
    { $n ->
        [one] { $n } account
       *[other] { $n } accounts
    }
user-heading = User { $id }
roles = Roles
second-factor = Second factor
account-open = open
account-closed = closed
invite = Invite
invite-help = Makes an account and a link by which its owner sets a password. The link works once.
invited = Invited. Pass the link on.
invitation-link = The link
invitation-help = Shown this once; works once, until { $until }. Whoever has it sets the password, so hand it over in person or by a safe way.
account = Account
account-since = Since
account-rights = Roles and team
account-rights-help = Saving ends this person's sessions, so that the change holds at once.
account-close = Closed: may not sign in
account-acts = Help and safety
sessions-open = Open sessions
reset-link = Make a link for a new password
reset-link-help = For somebody who forgot it. The old one works until the link is used.
reset-made = Made. Pass the link on.
sign-out-everywhere = Sign out everywhere
sign-out-everywhere-help = Ends every session of this person, on every device.
second-reset = Take the second factor away
second-reset-help = For somebody who lost both phone and recovery codes. Make sure that it is them.
owns-nothing = Not responsible for any record.
hand-over = Hand records over
hand-over-help = For somebody who leaves. Responsible for: { $what }. Nothing of the records is shown to you.
hand-over-to = To
handed-over =
    { $n ->
        [one] { $n } record handed over.
       *[other] { $n } records handed over.
    }

teams = Teams
teams-about = A tree: whoever leads a team may be given what lies below it.
teams-none = No teams yet
team-new = New team
team-above = Stands below

roles-about = What each role may do, with which records, at which level.
role-heading = Role { $role }
role-machine = job or command
members = Members
members-n =
    { $n ->
        [one] { $n } member.
       *[other] { $n } members.
    }
matrix = Matrix
matrix-help = Nothing is saved before the review, which shows who gains and loses what.
levels = Levels by category
objects-rest = All other objects
categories-rest = All other categories
role-purposes = May act for
role-system = May do to the system
reach-none = no
reach-own = own
reach-team = team
reach-subtree = teams below
reach-all = all
can-view = View
can-create = Create
can-edit = Edit
can-delete = Delete
can-import = Import
can-export = Export
can-reveal = Reveal
can-read-ledger = Read the ledger
can-verify-ledger = Verify and export the ledger
can-manage-users = Manage users and teams
can-manage-roles = Manage roles and rules
can-manage-objects = Manage objects and fields
can-manage-keys = Rotate keys
can-manage-tokens = Manage API tokens
can-see-metrics = See metrics
can-read-bases = Read people's bases
can-change-bases = Change people's bases
can-erase-person = Erase a person
can-emergency-access = Open emergency access
can-explain-any = Ask why anybody may see something
right-act = { $act }: { $object }
right-masked = { $category } of { $object }, masked
right-clear = { $category } of { $object }, clear
review = Review
review-sum = This change: { $gain } gain something, { $lose } lose something, of { $people } compared.
review-cells = What changes in the matrix
review-cell = Cell
review-to = Becomes
review-effect = Who gains and loses what
review-right = Right
review-gain = Gain
review-lose = Lose
review-nobody = Nobody gains or loses anything.
review-none = nobody
review-side = { $people } on { $n } records: { $names }
review-side-many = { $people } on { $n } records or more: { $names }
review-side-system = { $people }: { $names }
review-help = Takes effect at once, on every node, and goes into the ledger.
policy-stale = Somebody else saved this meanwhile. Look at what is now and review again.
try = Try
try-as = Try as { $whom }
try-help = Shows the pages as this role sees them: read only, never more than you may see yourself, and on record.
trying = You look through the eyes of { $whom }: read only, and nothing that you may not see yourself.
try-end = Back to your own eyes
rules = Expert rules
rules-about = Permits and forbids written in Cedar, beside the matrix. One that could not become a filter is refused, with the reason.
rules-none = No expert rules
rule-new = New rule
rule-edit-one = Change the rule
rule-help = An annotation @why("…") is what people read under "Why may I see this?".
versions = Versions
version = Version
version-n = Version { $n }
version-help = As it was saved then.
history-none = Never changed here
restore = Restore this version
restore-help = The review shows first what that gives and takes.
restore-shipped = Back to the shipped roles
restore-shipped-help = Takes every change of the matrix back; the review shows first what that gives and takes.

objects = Objects and fields
objects-about = What is stored and why; add fields of your own.
object = Object
fields = Fields
field = Field
personal-fields = Personal fields
field-new = New field
field-heading = New field: { $object }
field-new-help = The preview shows what comes of it; nothing is stored before you add it there.
label-en = Label in English
label-zh = Label in Chinese
field-name = Name in the API
field-name-help = Left empty, it follows the English label.
field-kind = Kind
field-choices = Choices
field-choices-help = For a choice: one a line, as value | English | 中文.
field-to = Leads to
field-to-help = For a link.
field-personal = Does it say something about a person?
field-personal-help = A name, a number, a habit, an opinion of or about somebody does.
field-because = Why not
field-because-help = If it does not: in a sentence, for whoever checks this later.
field-category = Category
field-category-help = If it does: roles are given levels by category.
field-why = Why it exists
field-purposes = Needed for
field-purposes-help = It is kept only while one of these lives, and erased when the last one ends.
field-mask = Mask
field-mask-help = What those see who may not see it in clear.
field-protect = Kept as
field-protect-help = Names and addresses belong into a cell of their own.
protect-cell = a ciphertext of its own, under the person's key
protect-disk = a plain column, disclosed only through a grant
field-find = Found by
find-none = not at all
find-exact = its whole value
find-text = any part of it
find-both = whole value and parts
field-column = Shown in the list
field-required = Must be filled in
field-add = Add this field
preview = Preview
preview-again = Preview again
seen-clear = Seen in clear by
seen-masked = Seen masked by
plan-online = It appears at once in lists, forms, filters, import, export and API, and no stored value changes.
kind-text = Text, one line
kind-long-text = Text, several lines
kind-choice = One of a list
kind-many-choice = Several of a list
kind-number = Number
kind-money = Amount of money
kind-date = Day
kind-time = Day and time
kind-yes-no = Yes or no
kind-email = E-mail
kind-phone = Phone number
kind-url = Web address
kind-link = Link to a record
kind-file = File
mask-all = everything hidden: •••
mask-local-part = e-mail: first letter and domain
mask-phone-tail = phone: last four digits
mask-phone-middle = phone: 138****8000
mask-name = name: A••• L•••, 王*明
mask-family-name = family name
mask-given-name = given name
mask-initial = first letter
mask-last4 = last four characters
mask-host = web address: host alone
mask-year = year alone

purposes-about = What data are used for, on which grounds, for how long, who receives them.
purposes-where = They come with the product: a change of purpose is a change of law, and is reviewed as code (purposes.toml).
bases-by-law = Grounds
retention = Kept
recipients = Recipients

tokens = API tokens
tokens-about = Programs come in with a token: one role, one purpose, until a day.
tokens-none = No tokens yet
token = The token
token-new = New token
token-what-for = What it is for
token-help = No name of a person: this is shown in the ledger.
token-once = Shown this once. Put it where your program reads its secrets.
token-works = works
token-ended = ended
token-revoked = revoked
revoke = Revoke
good-until = Good until
good-for = Good for
last-used = Last used
days-n =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }

account-own = Your account
session-since = Signed in
session-this = this one
session-other = another device
sign-out-elsewhere = Sign out everywhere else
password-now = Present password
password-new = New password
password-change = Change password
password-set = Set a password
password-help = At least 15 characters. A few words that have nothing to do with each other are good.
password-wrong = The present password is not right.
second-none = A password alone protects this account. Codes of an app protect it better.
second-there =
    { $n ->
        [one] Signing in asks for a code. { $n } recovery code is left.
       *[other] Signing in asks for a code. { $n } recovery codes are left.
    }
second-set-up = Set up codes
second-picture = The key as a picture for your app
second-key = Or type this key
second-key-help = Scan the picture or type the key into an authenticator app, then enter the code it shows.
second-check = Check the code
second-done = Set up. From now on, signing in asks for a code.
second-remove = Stop asking for codes
second-remove-help = A password alone will protect this account.
recovery-codes = Recovery codes
recovery-help = Shown this once. Each works once, in place of a code, when your phone is gone. Keep them apart from your password.
recovery-renew = New recovery codes
recovery-renew-help = The old ones stop working.
second-step = Second step
code = Code
code-help = Six digits from your app, or a recovery code.
code-wrong = This code does not fit. Wait for the next one, or use a recovery code.

act-tried = { $who } tried out what another may see { $what }

ledger-q = As text
ledger-q-wrong = “{ $word }” is no part of an inquiry. Write for example act:revealed -actor:job about:7f3c field:email purpose:quoting from:2026-10-01 to:2026-10-31.
ledger-export-json = With proofs (JSON)
ledger-export-csv = With proofs (CSV)

mail = E-mail
mail-about = The server that invitations and links leave by.
mail-server = Server
mail-host = Server
mail-port = Port
mail-security = Connection
mail-tls = TLS (usually port 465)
mail-starttls = STARTTLS (usually port 587)
mail-plain = plain, for a server on this machine only
mail-user = User name
mail-password-help = Left empty, the one there is stays.
mail-from = Sender
mail-public = Address of this house
mail-public-help = Links in mail begin with it.
mail-test = Send me a test message
mail-test-help = To your own address, by the saved settings.
mail-test-subject = A test message of Custos
mail-test-body = Mail leaves as it should.
mail-link-subject = Your link to Custos
mail-link-body = Set your password here: { $link } — it works once, until { $until }. If you did not expect this, do nothing and tell your administrator.
mail-outgoing = On its way and sent
mail-none = Nothing yet
mail-to = To
mail-why = Reason
mail-sent = sent
mail-waiting = waiting
mail-again = tried again later
mail-given-up = given up
done-mailed = The link is on its way by mail.
