backups = Backups
backups-well = All is well
backups-act = Needs attention
backups-unset = No backups are set up. Run custos backup setup on the server.
backups-none = There is no backup yet.
backups-stale = The last good backup is older than two intervals.
backups-unproven = No backup has been restored lately. A backup that was never restored is a hope.
backups-failed = The backup of { $at } failed: { $what }
backups-drill-failed = The drill of { $at } failed: { $what }
backups-last = Last backup
backups-drill = Last drill
backups-settings = Schedule
backups-make = Back up now
backups-rehearse = Run a drill now
backups-at = When
backups-never = Never
backups-snapshot = Snapshot
backups-size = Size
backups-added = New data
backups-took = Took
backups-good = Good snapshots
backups-repository = Repository size
backups-recovery = Time to recover
backups-point = Age of the data
backups-entries = Ledger entries verified
backups-escrow = Escrow of keys
backups-escrow-opened = Opened in the drill
backups-escrow-closed = Not opened in the drill
backups-place = Repository
backups-every = How often
backups-minutes = { $n ->
    [one] Every minute
   *[other] Every { $n } minutes
}
backups-kept = Kept
backups-rule = { $h } hours, { $d } days, { $w } weeks, { $m } months
backups-epochs = Old keys are destroyed after
backups-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

mail-backup-subject = Custos: a backup failed
mail-backup-body = The last backup failed. It is tried again as scheduled, and no more mail comes about it until one succeeds. See:
mail-drill-subject = Custos: the backup could not be restored
mail-drill-body = The regular drill could not restore the newest backup. Until this is mended, count on having none. See:
