//! Backups: whole and of one instant while the server writes, readable by Debian's own `restic`, and without whoever was
//! erased since.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{
    BackupSettings, Bring, Ctx, House, Keys, ListAsk, Opener, Recipients, Repository, Restored, Setup, bring_back,
    password,
};
use jiff::SignedDuration;
use kernel::{PersonId, RecordId};
use seal::{RootKey, Shown};
use testkit::TestHouse;

/// An installation with its backups set up.
struct Kept {
    app: TestHouse,
    away: tempfile::TempDir,
    settings: BackupSettings,
}

impl Kept {
    async fn new(app: TestHouse) -> Self {
        let away = tempfile::tempdir().unwrap();
        let at = |name: &str| away.path().join(name);
        fs::write(at("password"), "a long password of the repository\n").unwrap();
        let (identity, recipient) = domain::new_identity();
        fs::write(at("identity"), identity.as_bytes()).unwrap();
        let settings = BackupSettings {
            repo: at("repo").to_str().unwrap().into(),
            password_file: at("password"),
            escrow: at("escrow"),
            recipients: Recipients::Keys(vec![recipient]),
            every_minutes: 60,
            rotate_days: 7,
            keep_epoch_days: 35,
            drill_days: 7,
        };
        app.house.set_up_backups(&app.operator(), &settings).await.unwrap();
        Self { app, away, settings }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.away.path().join(name)
    }

    async fn back_up(&self) -> String {
        self.app.house.back_up(&self.app.operator(), quiet()).await.unwrap().id
    }

    fn repository(&self) -> Arc<Repository> {
        Arc::new(Repository::open(&self.settings.repo, password(&self.settings.password_file).unwrap()).unwrap())
    }

    /// The restored installation's setup: another folder, another root key.
    fn setup(&self, to: &str) -> Setup {
        Setup { data: self.at(to), database: None, root: RootKey::new([9; 32]), ..self.app.setup() }
    }

    fn escrow(&self) -> Keys<'static> {
        Keys::Escrow { dir: self.settings.escrow.clone(), opener: Opener::IdentityFile(self.at("identity")) }
    }

    async fn restore(&self, snapshot: &str, to: &str, keys: Keys<'_>) -> domain::Result<Restored> {
        let bring = Bring {
            repository: self.repository(),
            snapshot: snapshot.into(),
            keys,
            setup: self.setup(to),
            give_up: false,
        };
        bring_back(bring, quiet()).await
    }

    async fn opened(&self, to: &str) -> Arc<House> {
        House::open(self.setup(to)).await.unwrap()
    }

    fn restic(&self, args: &[&str]) -> String {
        let done = Command::new("restic")
            .args(["--no-cache", "--repo", &self.settings.repo, "--password-file"])
            .arg(&self.settings.password_file)
            .args(args)
            .output()
            .expect("Debian's restic: make setup");
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "restic {args:?}: {said}");
        said
    }
}

fn quiet() -> domain::Progress {
    Arc::new(|_, _| {})
}

/// The family names of all contacts that `ctx` sees in this house, in order.
async fn names(app: &TestHouse, house: &House, ctx: &Ctx) -> Vec<String> {
    let ask = ListAsk { limit: 200, ..ListAsk::default() };
    let page = house.list(&app.again(ctx), "contact", &ask).await.unwrap().page;
    let kind = &page.object.field("family_name").unwrap().kind;
    let shown = |row| match page.value(row, "family_name") {
        Shown::Clear(value) => kind.show(value),
        other => format!("{other:?}"),
    };
    let mut names: Vec<String> = page.rows.iter().map(shown).collect();
    names.sort();
    names
}

/// Words of mail that nobody reads here.
fn words(kind: &str, language: &str) -> (String, String) {
    (kind.to_owned(), language.to_owned())
}

/// The person a contact is about.
async fn person(app: &TestHouse, contact: RecordId) -> PersonId {
    app.house.person_behind_record(&app.operator(), "contact", contact).await.unwrap()
}

async fn ada_and_wang(app: &TestHouse) -> (Ctx, RecordId, RecordId) {
    let team = app.team("Sales", None).await;
    let li = app.user("sales", Some(team)).await;
    let ada = app.contact(&li, &[("family_name", "King"), ("given_name", "Ada")], &["account_care", "marketing"]).await;
    let wang = app.contact(&li, &[("family_name", "王"), ("given_name", "晓明")], &["account_care"]).await;
    (li, ada, wang)
}

/// Every file below a folder with its bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    fs::read_dir(dir).unwrap().map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_the_server_writes_comes_back_whole() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (li, ..) = ada_and_wang(&kept.app).await;
    let stop = AtomicBool::new(false);
    let written = tokio::sync::Mutex::new(Vec::new());
    let writing = async {
        let mut n = 0;
        while !stop.load(Ordering::Relaxed) {
            n += 1;
            let name = format!("Writer {n:04}");
            kept.app.contact(&li, &[("family_name", &name)], &["account_care"]).await;
            written.lock().await.push(name);
        }
    };
    let backing = async {
        while written.lock().await.len() < 5 {
            tokio::task::yield_now().await;
        }
        let before = written.lock().await.clone();
        let id = kept.back_up().await;
        stop.store(true, Ordering::Relaxed);
        (before, id)
    };
    let ((), (before, id)) = tokio::join!(writing, backing);

    let restored = kept.restore("latest", "restored", kept.escrow()).await.unwrap();
    assert_eq!(restored.snapshot, id);
    let house = kept.opened("restored").await;
    // What was there before the copy began is there; of what came later, a prefix. Every value opens.
    let found = names(&kept.app, &house, &li).await;
    assert!(found.contains(&"King".into()) && found.contains(&"王".into()));
    let of: Vec<&String> = found.iter().filter(|n| n.starts_with("Writer")).collect();
    let all = written.lock().await;
    assert!(of.len() >= before.len() && of.iter().zip(all.iter()).all(|(a, b)| *a == b), "{of:?} of {all:?}");
    // The ledger went on with the restore, and holds from its first entry.
    let last = testkit::entries(&kept.setup("restored"), 3).await;
    let entry = last.iter().find(|e| e.act == ledger::Act::Restored).expect("an entry that says so");
    assert_eq!(entry.why.as_deref(), Some(format!("snapshot:{}:2026-11-23T08:00:00Z", &id[..8]).as_str()));
    let report = house.verify_ledger(&house.command("test", "operator").unwrap(), None, |_, _| {}).await.unwrap();
    assert!(report.size > restored.entries);
    // A copy never writes into the repository it came from, until it is told to.
    assert_eq!(house.backup_settings().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn debians_restic_lists_checks_and_restores_it_byte_for_byte() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    ada_and_wang(&kept.app).await;
    kept.back_up().await;
    kept.app.clock.advance(SignedDuration::from_hours(1));
    let id = kept.back_up().await;

    let listed: serde_json::Value = serde_json::from_str(&kept.restic(&["snapshots", "--json"])).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let said = kept.restic(&["check", "--read-data"]);
    assert!(said.contains("no errors were found"), "{said}");
    let theirs = kept.at("theirs");
    kept.restic(&["restore", &id, "--target", theirs.to_str().unwrap()]);
    let repository = kept.repository();
    let ours = kept.at("ours");
    repository.restore(&repository.find(&id).unwrap(), None, &ours, &quiet()).unwrap();
    let theirs = files(&theirs.join("custos"));
    let names: Vec<&str> = theirs.keys().map(String::as_str).collect();
    assert_eq!(names, ["custos.db", "keys.db", "ledger.db", "manifest.json"]);
    assert!(theirs == files(&ours), "restic restores other bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_backup_holds_a_key_that_opens_it() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    ada_and_wang(&kept.app).await;
    let keys = rusqlite::Connection::open(kept.app.dir.path().join("keys.db")).unwrap();
    let mut secret = Vec::new();
    for sql in ["select wrapped from epoch", "select wrapped from secret"] {
        let mut statement = keys.prepare(sql).unwrap();
        secret.extend(statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap));
    }
    assert_eq!(secret.len(), 3);
    let id = kept.back_up().await;
    let out = kept.at("out");
    let repository = kept.repository();
    repository.restore(&repository.find(&id).unwrap(), None, &out, &quiet()).unwrap();
    for (name, bytes) in files(&out) {
        for key in &secret {
            // Also a part of it: what SQLite split over pages would show by its beginning.
            assert!(!bytes.windows(16).any(|w| w == &key[..16]), "{name} holds a wrapped key");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_does_again_what_happened_since_before_anything_opens_it() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (li, ada, wang) = ada_and_wang(&kept.app).await;
    let eve = kept.app.contact(&li, &[("family_name", "Eve")], &["account_care", "marketing"]).await;
    let old = kept.back_up().await;
    let app = &kept.app;
    app.clock.advance(SignedDuration::from_hours(2));
    let (ada, wang, eve) = (person(app, ada).await, person(app, wang).await, person(app, eve).await);
    let erased = app.house.erase(&app.operator(), ada).await.unwrap();
    // The first epoch began with the installation and is followed after 7 days; 35 more, and an hour for the job.
    assert_eq!(erased.gone_by.unwrap().to_string(), "2027-01-04T09:00:00Z");
    app.house.restrict(&app.operator(), wang, true).await.unwrap();
    let bases = app.house.person(&app.operator(), eve).await.unwrap().bases;
    let consent = bases.iter().find(|b| b.basis == "consent").unwrap().id;
    app.house.end_basis(&app.operator(), eve, consent).await.unwrap();

    // The machine is gone: repository, escrow and register are all there is. No backup knows of the erasure.
    let restored = kept.restore(&old, "restored", kept.escrow()).await.unwrap();
    assert_eq!((restored.erased, restored.ended, restored.restricted, restored.lost), (1, 1, 1, 0));
    let house = kept.opened("restored").await;
    assert!(!names(app, &house, &li).await.contains(&"King".into()));
    let ctx = || house.command("test", "operator").unwrap();
    let again = house.person(&ctx(), ada).await.unwrap();
    assert!(again.erased.is_some() && again.live.is_empty());
    assert!(house.person(&ctx(), wang).await.unwrap().restricted);
    assert_eq!(house.person(&ctx(), eve).await.unwrap().live, ["account_care"]);
    let acts: Vec<&str> =
        testkit::entries(&kept.setup("restored"), 20).await.iter().rev().map(|e| e.act.word()).collect();
    let at = |word| acts.iter().rposition(|a| *a == word).unwrap();
    assert!(at("erased") < at("restored") && at("basis_ended") < at("restored") && at("restricted") < at("restored"));

    // From the living installation it is the same, register or not: a key that is gone there stays gone.
    let restored = kept.restore(&old, "beside", Keys::Living(&app.house)).await.unwrap();
    assert_eq!((restored.erased, restored.ended, restored.restricted), (1, 1, 1));
    assert!(kept.opened("beside").await.person(&ctx(), ada).await.unwrap().erased.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_date_told_nobody_erased_opens_with_every_key_still_held() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (li, ada, _) = ada_and_wang(&kept.app).await;
    let app = &kept.app;
    let old = kept.back_up().await;
    let ada = person(app, ada).await;
    let told = app.house.erase(&app.operator(), ada).await.unwrap().gone_by.unwrap();
    let register = kept.settings.escrow.join("register");
    let known = fs::read(&register).unwrap();

    // The wrapped key in that backup, taken apart with every key the operator has.
    let out = kept.at("out");
    let repository = kept.repository();
    repository.restore(&repository.find(&old).unwrap(), None, &out, &quiet()).unwrap();
    let keys = rusqlite::Connection::open(out.join("keys.db")).unwrap();
    let wrapped: (u32, Vec<u8>) = keys
        .query_row("select epoch, wrapped from subject_key where subject = ?1", [ada.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let opens = || {
        let escrow = backup::Escrow::open(&kept.settings.escrow, &Opener::IdentityFile(kept.at("identity"))).unwrap();
        let epochs = escrow.epochs.iter().map(|e| (e.number, zeroize::Zeroizing::new(e.key))).collect();
        let keyring = seal::Keyring::new(epochs, escrow.secret("index").unwrap()).unwrap();
        keyring.subject_key(wrapped.0, *ada.as_bytes(), &wrapped.1).is_ok()
    };
    let day = SignedDuration::from_hours(24);
    let mut opened = Vec::new();
    while app.house.now() < told {
        opened.push(opens());
        app.clock.advance(day);
        app.house.keep_epochs().await.unwrap();
    }
    // For 42 days it opened, which is why restores erase again; from then on it does not.
    assert_eq!(opened.iter().position(|o| !o), Some(42), "{opened:?}");
    assert!(!opens());
    assert!(app.house.keys(&app.operator()).await.unwrap().iter().all(|(epoch, _)| *epoch > 1));

    // Even with the register lost, the old backup comes back without her, and with everybody else: the living are
    // opened by the newest backup's keys.
    fs::remove_file(&register).unwrap();
    kept.back_up().await;
    fs::write(&register, "").unwrap();
    let cut = kept.restore(&old, "restored", kept.escrow()).await.unwrap_err().to_string();
    assert!(cut.contains("has 0 lines and had 1"), "{cut}");
    let bring = Bring {
        repository: kept.repository(),
        snapshot: old,
        keys: kept.escrow(),
        setup: kept.setup("restored"),
        give_up: true,
    };
    let restored = bring_back(bring, quiet()).await.unwrap();
    assert_eq!((restored.erased, restored.lost), (1, 0));
    let house = kept.opened("restored").await;
    assert_eq!(names(app, &house, &li).await, ["王"]);
    assert!(!known.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_restores_opens_and_measures() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (_, ada, _) = ada_and_wang(&kept.app).await;
    let app = &kept.app;
    let stands = || async { app.house.backups_stand(&app.operator()).await.unwrap() };
    assert!(stands().await.is_red(), "never backed up");
    kept.back_up().await;
    assert!(!stands().await.stale && stands().await.unproven);
    app.house.erase(&app.operator(), person(app, ada).await).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(30));
    let opener = Some(Opener::IdentityFile(kept.at("identity")));
    let drilled = app.house.drill(&app.operator(), opener, quiet()).await.unwrap();
    assert_eq!(drilled.point_ms, 30 * 60 * 1000);
    assert!(drilled.with_escrow && drilled.entries > 5);
    assert!(app.ledger_tail(1).await[0].contains("verified"), "{:?}", app.ledger_tail(1).await);
    assert!(!stands().await.is_red());
    assert!(!app.dir.path().join("backup.drill").exists());
    app.clock.advance(SignedDuration::from_hours(3));
    assert!(stands().await.stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_once_however_many_nodes_look() {
    for app in [TestHouse::sqlite().await, TestHouse::postgres().await] {
        let kept = Kept::new(app).await;
        ada_and_wang(&kept.app).await;
        let (one, clock) = (&kept.app.house, &kept.app.clock);
        let two = House::open(kept.app.setup()).await.unwrap();
        let look = async || {
            let (one, two) = tokio::join!(one.keep_backups(words), two.keep_backups(words));
            one.and(two).unwrap();
            kept.repository().list().unwrap().len()
        };
        assert_eq!(look().await, 1);
        assert!(!one.backups_stand(&kept.app.operator()).await.unwrap().is_red(), "backed up and proven");
        clock.advance(SignedDuration::from_mins(59));
        assert_eq!(look().await, 1, "the hour is not over");
        clock.advance(SignedDuration::from_mins(1));
        assert_eq!(look().await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_or_a_drill_that_fails_is_red_and_told_by_mail_once() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (app, house) = (&kept.app, &kept.app.house);
    app.user("administrator", None).await;
    app.user("sales", None).await;
    let mail = domain::MailSettings {
        host: "mail.example".into(),
        port: 465,
        from: "crm@nord.example".into(),
        public: "https://crm.nord.example".into(),
        ..domain::MailSettings::default()
    };
    house.set_mail(&app.operator(), &mail, "").await.unwrap();
    house.keep_backups(words).await.unwrap();
    fs::rename(kept.at("repo"), kept.at("lost")).unwrap();
    app.clock.advance(SignedDuration::from_hours(24 * 7));
    let told = async || {
        let mut kinds: Vec<String> =
            house.outgoing(&app.operator()).await.unwrap().into_iter().map(|one| one.kind).collect();
        kinds.sort();
        kinds
    };
    house.keep_backups(words).await.unwrap_err();
    assert_eq!(told().await, ["backup"], "to the administrator alone");
    app.clock.advance(SignedDuration::from_mins(1));
    house.keep_backups(words).await.unwrap_err();
    assert_eq!(told().await, ["backup", "drill"]);
    let stand = house.backups_stand(&app.operator()).await.unwrap();
    assert!(stand.is_red() && stand.failure.is_some() && stand.drill_failure.is_some());
    // The next that fails says nothing new; the next that goes well makes an end of it.
    app.clock.advance(SignedDuration::from_hours(1));
    house.keep_backups(words).await.unwrap_err();
    assert_eq!(told().await, ["backup", "drill"]);
    fs::rename(kept.at("lost"), kept.at("repo")).unwrap();
    app.clock.advance(SignedDuration::from_hours(24 * 7));
    house.keep_backups(words).await.unwrap();
    assert!(!house.backups_stand(&app.operator()).await.unwrap().is_red());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_only_adds_files_so_that_its_target_may_refuse_anything_else() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let app = &kept.app;
    let (li, ..) = ada_and_wang(app).await;
    kept.back_up().await;
    let mut before = tree(&kept.at("repo"));
    for n in 0..3 {
        app.contact(&li, &[("family_name", &format!("New {n}"))], &["account_care"]).await;
        app.clock.advance(SignedDuration::from_hours(1));
        kept.back_up().await;
        app.house.drill(&app.operator(), None, quiet()).await.unwrap();
        let after = tree(&kept.at("repo"));
        assert!(after.len() > before.len());
        for (path, bytes) in &before {
            assert!(after.get(path) == Some(bytes), "{} was changed or removed", path.display());
        }
        before = after;
    }
}

/// Every file below a folder and its folders with its bytes.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

#[tokio::test]
async fn a_copy_that_is_not_what_was_copied_is_not_called_good() {
    let app = TestHouse::sqlite().await;
    ada_and_wang(&app).await;
    let store = store::Store::open_folder(app.dir.path()).unwrap();
    let catalog = app.house.catalog();
    let objects: Vec<&model::Object> = catalog.objects().map(AsRef::as_ref).collect();
    let key = app.house.ledger_key().unwrap();
    let wrong: [(&str, &str, &str); 6] = [
        ("custos.db", "delete from r_contact where id = (select min(id) from r_contact)", "as many rows"),
        ("custos.db", "insert into meta (name, body) values ('more', '')", "as many rows"),
        ("keys.db", "delete from subject_key", "as many rows"),
        ("ledger.db", "delete from entry where seq = 1", "the ledger its checkpoint signs"),
        ("ledger.db", "update leaf set hash = zeroblob(32) where seq = (select max(seq) from leaf)", "ledger"),
        ("ledger.db", "update head set checkpoint = replace(checkpoint, '—', '-')", "the ledger that was copied"),
    ];
    for (file, change, word) in wrong {
        let to = tempfile::tempdir().unwrap();
        let copied = store.copy(&objects, to.path(), store::Parts::All, quiet()).await.unwrap();
        store::check_copy(to.path(), &copied, &key).await.unwrap();
        rusqlite::Connection::open(to.path().join(file)).unwrap().execute_batch(change).unwrap();
        let said = store::check_copy(to.path(), &copied, &key).await.unwrap_err().to_string();
        assert!(said.contains(word), "{change}: {said}");
    }
    let to = tempfile::tempdir().unwrap();
    let copied = store.copy(&objects, to.path(), store::Parts::All, quiet()).await.unwrap();
    let file = to.path().join("custos.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[8192..12288].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let said = store::check_copy(to.path(), &copied, &key).await.unwrap_err().to_string();
    assert!(said.contains("damaged"), "a page of rubbish: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_snapshots_are_forgotten_by_the_rule() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let app = &kept.app;
    for _ in 0..27 {
        kept.back_up().await;
        app.clock.advance(SignedDuration::from_hours(1));
    }
    let would = app.house.forget_backups(&app.operator(), true, quiet()).await.unwrap();
    assert_eq!(would.forgotten.len(), 27 - would.kept);
    assert_eq!(kept.repository().list().unwrap().len(), 27);
    let did = app.house.forget_backups(&app.operator(), false, quiet()).await.unwrap();
    assert_eq!(did, would);
    let left = kept.repository().list().unwrap();
    // 24 hours, and the last of the day before.
    assert_eq!((left.len(), left.iter().all(|s| s.good)), (25, true));
    kept.repository().verify(Some(100.0), &quiet()).unwrap();
    assert!(kept.restic(&["check"]).contains("no errors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_or_lost_is_refused_in_words() {
    let kept = Kept::new(TestHouse::sqlite().await).await;
    let (li, ..) = ada_and_wang(&kept.app).await;
    let id = kept.back_up().await;
    let said = |result: domain::Result<Restored>| result.map(|_| ()).unwrap_err().to_string();
    let settings = &kept.settings;

    // A wrong password, a wrong identity, no escrow.
    let wrong = Repository::open(&settings.repo, "wrong".to_owned().into()).unwrap_err().to_string();
    assert_eq!(wrong, "the password does not open this repository");
    let (other, _) = domain::new_identity();
    fs::write(kept.at("other"), other.as_bytes()).unwrap();
    let keys =
        |dir: &str, identity: &str| Keys::Escrow { dir: kept.at(dir), opener: Opener::IdentityFile(kept.at(identity)) };
    let refused = said(kept.restore(&id, "r", keys("escrow", "other")).await);
    assert_eq!(refused, "the escrow does not open with this passphrase or identity");
    assert!(said(kept.restore(&id, "r", keys("nowhere", "identity")).await).starts_with("there is no escrow at"));
    // A folder with something in it.
    fs::create_dir(kept.at("living")).unwrap();
    fs::write(kept.at("living").join("file"), "").unwrap();
    assert!(said(kept.restore(&id, "living", kept.escrow()).await).contains("is not empty"));
    // A snapshot that is not there.
    assert!(said(kept.restore("ffffffff", "r", kept.escrow()).await).contains("no good snapshot"));
    // A changed line of the register, and a half one: the first is refused, the second is what a stop leaves.
    kept.app.house.erase(&kept.app.operator(), person(&kept.app, li_contact(&kept, &li).await).await).await.unwrap();
    let register = settings.escrow.join("register");
    let whole = fs::read_to_string(&register).unwrap();
    fs::write(&register, whole.replace("erased", "restricted")).unwrap();
    assert!(said(kept.restore(&id, "r", kept.escrow()).await).contains("line 1 of the erasure register"));
    fs::write(&register, format!("{whole}{{\"what\":")).unwrap();
    assert_eq!(kept.restore(&id, "r", kept.escrow()).await.unwrap().erased, 1);
    // Cut off its end or gone altogether: the escrow knows how far it went.
    let keep = fs::read(&register).unwrap();
    for cut in ["", &whole[..whole.find('\n').map_or(0, |at| at + 1) - 1]] {
        fs::write(&register, cut).unwrap();
        assert!(said(kept.restore(&id, "r2", kept.escrow()).await).contains("lines were removed"));
    }
    fs::remove_file(&register).unwrap();
    assert!(said(kept.restore(&id, "r2", kept.escrow()).await).contains("has 0 lines and had 1"));
    fs::write(&register, keep).unwrap();
    // The half line is cut off by the next one.
    kept.app.house.mirror_register().await.unwrap();
    assert_eq!(fs::read_to_string(&register).unwrap(), whole);
}

async fn li_contact(kept: &Kept, li: &Ctx) -> RecordId {
    kept.app.contact(li, &[("family_name", "Gone")], &["account_care"]).await;
    let page = kept.app.house.list(&kept.app.again(li), "contact", &ListAsk::default()).await.unwrap().page;
    page.rows.iter().map(|row| row.id).min().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_copied_in_one_snapshot_and_comes_back_on_either_database() {
    let kept = Kept::new(TestHouse::postgres().await).await;
    let (li, ada, _) = ada_and_wang(&kept.app).await;
    let app = &kept.app;
    let id = kept.back_up().await;
    assert!(kept.restic(&["check", "--read-data"]).contains("no errors"));
    app.house.erase(&app.operator(), person(app, ada).await).await.unwrap();
    kept.restore(&id, "folder", kept.escrow()).await.unwrap();
    let folder = kept.opened("folder").await;
    assert_eq!(names(app, &folder, &li).await, ["王"]);

    let url = TestHouse::postgres_database().await;
    let setup = || Setup { database: Some(url.clone()), ..kept.setup("beside") };
    let bring = |setup| Bring {
        repository: kept.repository(),
        snapshot: id.clone(),
        keys: kept.escrow(),
        setup,
        give_up: false,
    };
    let restored = bring_back(bring(setup()), quiet()).await.unwrap();
    assert_eq!(restored.erased, 1);
    let house = House::open(setup()).await.unwrap();
    assert_eq!((names(app, &house, &li).await.len(), house.database()), (1, "PostgreSQL"));
    let operator = house.command("test", "operator").unwrap();
    house.verify_ledger(&operator, None, |_, _| {}).await.unwrap();
    // A living database is not overwritten.
    let twice = Setup { database: Some(url.clone()), ..kept.setup("third") };
    let refused = bring_back(bring(twice), quiet()).await.unwrap_err().to_string();
    assert!(refused.contains("holds a Custos installation already"), "{refused}");
    app.house.drill(&app.operator(), None, quiet()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_moves_to_postgresql_and_back_with_ledger_keys_and_history() {
    let app = TestHouse::sqlite().await;
    let (li, ada, _) = ada_and_wang(&app).await;
    for n in 0..20 {
        app.contact(&li, &[("family_name", &format!("Mover {n:02}"))], &["account_care"]).await;
    }
    app.house.erase(&app.operator(), person(&app, ada).await).await.unwrap();
    let before = names(&app, &app.house, &li).await;
    assert_eq!(before.len(), 21);
    let url = TestHouse::postgres_database().await;
    let there = || Setup { database: Some(url.clone()), ..app.setup() };
    let entries = domain::move_house(&app.setup(), &there(), quiet()).await.unwrap();
    let house = House::open(there()).await.unwrap();
    assert_eq!(names(&app, &house, &li).await, before);
    let operator = || house.command("test", "operator").unwrap();
    let report = house.verify_ledger(&operator(), None, |_, _| {}).await.unwrap();
    assert!(report.size > entries);
    // The old place opens no more, and nobody moves into a living one.
    let left = House::open(app.setup()).await.map(drop).unwrap_err().to_string();
    assert!(left.contains("has moved"), "{left}");
    let again = domain::move_house(&app.setup(), &there(), quiet()).await.unwrap_err().to_string();
    assert!(again.contains("holds a Custos installation already"), "{again}");
    drop(house);
    let home = tempfile::tempdir().unwrap();
    let back = || Setup { data: home.path().join("home"), ..app.setup() };
    domain::move_house(&there(), &back(), quiet()).await.unwrap();
    let house = House::open(back()).await.unwrap();
    assert_eq!(names(&app, &house, &li).await, before);
    house.verify_ledger(&house.command("test", "operator").unwrap(), None, |_, _| {}).await.unwrap();
}
