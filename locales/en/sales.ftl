# Leads, opportunities, forecasts, charts.

convert-offer = Convert to contact
convert-title = Convert lead
convert-do = Convert
convert-company = Company
convert-company-new = A new company
convert-company-name = Name of the new company
convert-company-help = Only used when a new company is made.
convert-contact = Person
convert-contact-new = A new contact
convert-same = Is already here: { $who }
convert-same-help = A contact with the same e-mail or phone is here. Choosing it makes the two one person. What its purposes do not cover is erased with the lead, and that cannot be undone.
convert-no-match = No contact you may see has this e-mail or phone. The contact will be the same person as the lead, under the same key.
convert-values = What goes along
convert-values-help = Only what a ticked purpose needs goes to the contact. The rest stays on the lead and ends with it.
convert-preview = Show again for these purposes
convert-field = Field
convert-value = Value
convert-fate = What becomes of it
convert-goes = Goes along
convert-stays = Stays
convert-why-carried = needed for { $purposes }
convert-why-not-needed = would be needed for { $purposes }
convert-why-no-field = contacts have no such field
convert-why-masked = you see it masked
convert-live = Live for this person: its ground goes on.
convert-not-live = Not live for this person: needs a ground of its own.
convert-opportunity = Opportunity
convert-opportunity-name = Name of the opportunity
convert-opportunity-help = Leave empty to make none.
convert-wrong-basis = A ticked purpose is not live for this person: choose its ground
convert-wrong-already = This lead was converted already
convert-wrong-more = There are more records about this person; merge them first
convert-wrong-company = Choose a company or name a new one
convert-wrong-used = What the conversion made has been used since, or a week has passed: it stands
converted-title = Lead converted
converted-became = It became
converted-undo-help = Within a week, while nothing of it was changed: what was made is deleted, the lead is what it was.
converted-final = The lead and the contact are one person now; this cannot be undone.
disqualify-offer = Give lead up
disqualify-title = Give lead up
disqualify-do = Give up
disqualify-help = The lead stays until its purposes end; it can be taken up again.
disqualified-now = This lead was given up.
requalify-do = Take up again

chart-table = Show as a table
quarter = Quarter
week-from = Week from
forecast = Forecast
forecast-says = Forecast by quarter in { $currency }: whole worth and worth weighted by probability
forecast-whole = Whole
forecast-weighted = Weighted
forecast-no-start = { $n ->
    [one] One part line has no start of production and is not counted.
   *[other] { $n } part lines have no start of production and are not counted.
  }
forecast-no-probability = { $n ->
    [one] One part line has no probability and is not counted.
   *[other] { $n } part lines have no probability and are not counted.
  }
forecast-empty = No part line with start, price and probability yet.

deal-offer = Stages and parts
deal-title = Stages and parts
deal-stages = Stages
deal-stage = Stage
deal-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
deal-move = Move to another stage
deal-move-do = Move
deal-lines = Part lines
deal-add = New part line
deal-empty = No part lines yet
deal-empty-help = A line says which part, how many a year and at what price; the forecast follows from the lines.
deal-part = Part
deal-units = Units a year
deal-share = Share %
deal-price = Unit price
deal-year = A year's worth
deal-start = Start
deal-years = Years
deal-probability = Prob. %
deal-total = In a year of full production
invalid-stage-needs = is needed for this stage

whose = Whose figures
whose-me = Mine
whose-team = Team
arrange = Arrange
arranged = Done
block-up = Up
block-down = Down
block-hide = Hide
block-show = Show
home-people = Contacts by team
withheld = withheld
people-note = You see no contacts. Groups of fewer than { $n } people, and those from which one would follow, are withheld.
home-steps = First week
home-day = My day
home-watch = Privacy watch
home-stalled = Standing still
home-pipeline = Pipeline
home-decided = Win rate
home-activity = Activity
day-late = tasks late
day-today = tasks today
day-week = in the next 7 days
stalled-deals = opportunities
stalled-note = Open opportunities without activity for { $n } days.
decided-rate = won
decided-won = designs won
decided-lost = lost
decided-note = Of what was to be decided in the last twelve months.
activity-says = What was done in the last 13 weeks, by kind: { $n } activities
activity-teams = By team: { $teams }
activity-empty = Nothing was logged in the last 13 weeks.
steps-note = This list disappears when every step is taken.
step-users = Add your colleagues (custos user add)
step-roles = Look through the roles and save them
step-import = Bring your contacts (custos import)
step-verify = Verify the ledger
watch-reveals = reveals in 7 days
watch-for = for { $purpose }
watch-ending = people lose a purpose in 30 days
watch-note = What loses its last purpose is erased by itself.
