//! The canary: marked values in every personal field of every object, then every route, every command and the jobs at
//! trace level, through the real binary. Afterwards logs, errors, temporary files, database files, the ledger and what
//! was exported are searched for the marks, as they are and as UTF-16, hex and base64.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use model::{Catalog, Field, Kind, Object, Protect};
use serde_json::{Value, json};
use testkit::{Answer, Client, Custos, PASSWORD, Raw, TestHouse, basis};

/// Every purpose a person of the import has.
const PURPOSES: [&str; 7] =
    ["account_care", "quoting", "order_fulfilment", "quality_safety", "marketing", "legal_duty", "security"];

/// What is planted, and what was planted of it.
#[derive(Default)]
struct Planted {
    /// Marks of sealed values and of words that are sealed: nowhere in plain.
    sealed: Vec<String>,
    /// Marks of personal values in plain columns: in the data's own tables, and nowhere else.
    plain: Vec<String>,
}

impl Planted {
    /// A mark: a word that stands nowhere by chance.
    fn word(&mut self) -> String {
        let n = self.sealed.len() + self.plain.len();
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        format!("zqxv{}{}kanarie", letter(n / 26), letter(n))
    }

    fn sealed(&mut self) -> String {
        let word = self.word();
        self.sealed.push(word.clone());
        word
    }

    /// A value of a personal field with a mark in it, where the kind has room for one.
    fn value(&mut self, field: &Field) -> String {
        let word = self.word();
        let (mark, value) = match &field.kind {
            Kind::Text { check: None, max } if *max >= word.len() => (word.clone(), word),
            Kind::LongText { .. } => (word.clone(), format!("{word} 穹苍金丝雀")),
            Kind::Email => (word.clone(), format!("{word}@mark.example")),
            Kind::Url => (word.clone(), format!("https://{word}.example/")),
            Kind::Phone => {
                let number = format!("1512738{:04}", 1_000 + self.sealed.len());
                (number.clone(), format!("+49{number}"))
            }
            Kind::Choice(all) | Kind::ManyChoice(all) => return all[0].value.clone(),
            Kind::YesNo => return "true".into(),
            Kind::Date => return "2026-10-01".into(),
            Kind::Time => return "2026-10-01T08:00:00Z".into(),
            Kind::Number { .. } | Kind::Money { .. } => return "1".into(),
            Kind::Text { .. } | Kind::Link(_) | Kind::File => return String::new(),
        };
        let marks = if field.protect == Protect::Cell { &mut self.sealed } else { &mut self.plain };
        marks.push(mark);
        value
    }
}

/// A file with one row: every personal field, and what the object cannot do without.
fn row(object: &Object, planted: &mut Planted) -> String {
    let mut cells: Vec<(String, String)> = Vec::new();
    for field in object.fields() {
        let value = if field.is_personal() {
            planted.value(field)
        } else if field.required {
            match &field.kind {
                Kind::Choice(all) => all[0].value.clone(),
                Kind::Link(_) => "Plain Ltd".into(),
                _ => "Plain Ltd".into(),
            }
        } else {
            continue;
        };
        if !value.is_empty() {
            cells.push((field.name.to_string(), value));
        }
    }
    let join = |at: fn(&(String, String)) -> &String| cells.iter().map(at).cloned().collect::<Vec<_>>().join(";");
    format!("{}\n{}\n", join(|c| &c.0), join(|c| &c.1))
}

/// An installation and everything it said.
struct Trial {
    data: PathBuf,
    database: Option<String>,
    planted: Planted,
    /// Standard error of every command, by command.
    said: BTreeMap<String, Vec<u8>>,
}

impl Trial {
    fn try_command(&mut self, args: &[&str], input: &str) -> (bool, String) {
        let mut all = args.to_vec();
        all.extend(["--log", "trace"]);
        if let Some(url) = &self.database {
            all.extend(["--database", url]);
        }
        let out = Custos::fed(&self.data, &all, input);
        let name = args.iter().take_while(|a| a.chars().all(|c| c.is_ascii_lowercase() || c == '-')).take(2);
        let name = name.copied().collect::<Vec<_>>().join(" ");
        self.said.entry(name).or_default().extend(&out.stderr);
        (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned())
    }

    fn command(&mut self, args: &[&str]) -> String {
        let (done, said) = self.try_command(args, "");
        assert!(done, "custos {}: {said}", args[0]);
        said
    }

    fn json(&mut self, args: &[&str]) -> Value {
        serde_json::from_str(&self.command(&[args, &["--json"]].concat())).unwrap()
    }

    /// No answer that refuses, and no head of any answer, repeats a mark.
    fn judge(&self, what: &str, answer: &Answer) {
        let head: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let body = String::from_utf8_lossy(&answer.body);
        let title = body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
        let problem = head.contains("problem+json");
        for mark in self.planted.sealed.iter().chain(&self.planted.plain) {
            let bad = [head.as_str(), title, if problem { &body } else { "" }];
            assert!(
                !bad.iter().any(|text| text.to_lowercase().contains(mark)),
                "{what}: {mark} in {} {head}",
                answer.status
            );
        }
    }
}

fn leaves(path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let help = Custos::help(path);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<String> = lines.filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect();
    if names.is_empty() {
        found.push(path.clone());
    }
    for name in names.into_iter().filter(|name| name != "help") {
        path.push(name);
        leaves(path, found);
        path.pop();
    }
}

#[test]
fn the_canary_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let trial = story(dir.path(), None);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    collect(&trial.data, &mut files);
    let of_data = |name: &str| name.starts_with("custos.db");
    search(&trial, &files, of_data);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_canary_is_silent_on_postgresql() {
    let dir = tempfile::tempdir().unwrap();
    let url = TestHouse::postgres_database().await;
    let trial = tokio::task::block_in_place(|| story(dir.path(), Some(url.clone())));
    let dump = Raw::Postgres(url).dump().await;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    collect(&trial.data, &mut files);
    // Bytes come as hex, and are looked at as bytes too.
    for (column, cell) in dump {
        if cell.len() % 2 == 0 && cell.bytes().all(|b| b.is_ascii_hexdigit()) {
            let bytes = (0..cell.len() / 2).filter_map(|at| u8::from_str_radix(&cell[2 * at..2 * at + 2], 16).ok());
            files.push((column.clone(), bytes.collect()));
        }
        files.push((column, cell.into_bytes()));
    }
    search(&trial, &files, |name| name.starts_with("data.r_"));
}

fn story(top: &Path, database: Option<String>) -> Trial {
    let data = top.join("data");
    let mut trial = Trial { data, database, planted: Planted::default(), said: BTreeMap::new() };
    trial.command(&["init"]);
    trial.command(&["team", "add", "Sales"]);
    let (purposes, objects) = model::shipped();
    let catalog = Catalog::parse(&purposes, &objects).unwrap();

    // Accounts: a colleague's name and address are personal too.
    let mut emails = Vec::new();
    for (role, team) in [("sales_manager", true), ("dpo", false), ("administrator", false)] {
        let (name, email) = (trial.planted.sealed(), format!("{}@mark.example", trial.planted.sealed()));
        let mut args = vec!["user", "add", &name, &email, "--role", role];
        if team {
            args.extend(["--team", "Sales"]);
        }
        let (done, said) = trial.try_command(&args, &format!("{PASSWORD}\n"));
        assert!(done, "{said}");
        emails.push(email);
    }
    let wrong = trial.planted.sealed();
    assert!(
        !trial.try_command(&["user", "password", &format!("{wrong}@mark.example")], &format!("{wrong}{wrong}\n")).0
    );
    assert!(trial.try_command(&["user", "password", &emails[2]], &format!("{wrong} and more\n")).0);
    let token = |trial: &mut Trial, role: &str, purpose: &str| {
        let mut args = vec!["token", "add", role, "--role", role, "--purpose", purpose];
        if role != "dpo" {
            args.extend(["--team", "Sales"]);
        }
        let secret = trial.json(&args)["secret"].as_str().unwrap().to_owned();
        trial.planted.sealed.push(secret.to_lowercase());
        secret
    };
    let manager = token(&mut trial, "sales_manager", "account_care");
    let dpo = token(&mut trial, "dpo", "legal_duty");
    let log = top.join("data.log");
    let mut place = vec!["--log", "trace"];
    let url = trial.database.clone();
    place.extend(url.iter().flat_map(|url| ["--database", url.as_str()]));
    let server = Custos::serve(&trial.data, &log, &place);

    // Every personal field of every object, by file.
    let mut ids: BTreeMap<String, Vec<(String, Option<String>)>> = BTreeMap::new();
    let (source, evidence) = (trial.planted.sealed(), trial.planted.sealed());
    for name in ["company", "contact", "lead", "opportunity", "activity", "part"] {
        let object = catalog.object(name).unwrap();
        for turn in 0..2 {
            if turn == 1 && !object.fields().iter().any(|field| field.find.exact()) {
                continue;
            }
            let file = top.join(format!("{name}.csv"));
            std::fs::write(&file, row(object, &mut trial.planted)).unwrap();
            let file = file.to_str().unwrap().to_owned();
            let bases: Vec<_> = PURPOSES.iter().map(|purpose| basis(purpose)).collect();
            let mut args = vec!["import", name, &file, "--source", &source, "--evidence", &evidence, "--team", "Sales"];
            if object.subject == model::Subject::Person {
                for basis in &bases {
                    args.extend(["--purpose", &basis.purpose, "--basis", &basis.basis]);
                }
            }
            let said = trial.json(&args);
            assert_eq!((&said["created"], &said["refused"]), (&json!(1), &json!(0)), "{said}");
            let problems = said["problems"].as_array().unwrap();
            assert!(problems.iter().all(|p| p["code"] == "no_such_record"), "every value is taken: {said}");
            let text = said.to_string();
            assert!(trial.planted.sealed.iter().all(|mark| !text.contains(mark)), "{text}");
        }
        let mut client = Client::connect(&server.address, &manager).unwrap();
        let page = client.ask("GET", &format!("/api/v1/{name}?fields="), &[], None).unwrap();
        if page.status == 200 {
            let rows = page.json()["records"].as_array().unwrap().clone();
            let id = |row: &Value, key: &str| row[key].as_str().map(str::to_owned);
            let rows = rows.iter().map(|row| (id(row, "id").unwrap(), id(row, "person")));
            ids.insert(name.into(), rows.collect());
        }
    }
    // A row that is wrong in every cell is refused without a word of it.
    let bad = trial.planted.sealed();
    let file = top.join("bad.csv");
    std::fs::write(&file, format!("family_name;email;mobile\n{bad};{bad};{bad}\n")).unwrap();
    let file = file.to_str().unwrap().to_owned();
    let args = ["import", "contact", &file, "--purpose", "account_care", "--basis", "contract", "--source", "x"];
    let (_, said) = trial.try_command(&[&args[..], &["--json"]].concat(), "");
    assert!(said.contains("phone_form") && !said.contains(&bad), "{said}");

    let contacts = ids["contact"].clone();
    let (contact, person) = (contacts[0].0.clone(), contacts[0].1.clone().unwrap());
    let (spare, spare_person) = (contacts[1].0.clone(), contacts[1].1.clone().unwrap());
    // The canary sings for whom it may.
    let mut client = Client::connect(&server.address, &manager).unwrap();
    let answer = client.ask("GET", &format!("/api/v1/contact/{contact}"), &[], None).unwrap();
    let shown = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(trial.planted.sealed.iter().filter(|mark| shown.contains(*mark)).count() > 3, "{shown}");
    // The job that follows other processes' writes has read the imported rows into the index.
    let needle = trial.planted.sealed.iter().find(|mark| shown.contains(*mark)).unwrap().clone();
    loop {
        let found = client.ask("GET", &format!("/api/v1/contact?q={needle}"), &[], None).unwrap().json();
        if !found["records"].as_array().unwrap().is_empty() {
            break;
        }
    }

    routes(&mut trial, &server, [&manager, &dpo], (&contact, &person), (&spare, &spare_person));
    pages(&mut trial, &server, &emails, &contact);
    commands(&mut trial, top, &emails, &contact, &person, &needle);
    let verified = trial.json(&["ledger", "verify"]);
    assert_eq!(verified["holds"], true);
    drop(server);
    let logged = std::fs::read(&log).unwrap();
    assert!(logged.len() > 1_000, "a log at trace level: {} bytes", logged.len());
    trial.said.insert("serve".into(), logged);
    trial
}

/// Every route of the API, as two roles, with what is there and with what is wrong.
fn routes(trial: &mut Trial, server: &Custos, tokens: [&str; 2], good: (&str, &str), spare: (&str, &str)) {
    let wrong = trial.planted.sealed();
    let bodies = [
        json!({ "fields": { "family_name": wrong, "email": wrong, "mobile": wrong, "company": wrong } }).to_string(),
        json!({ "fields": ["email"], "reason": wrong }).to_string(),
        json!({ "purpose": wrong, "law": wrong, "basis": wrong, "evidence": wrong, "until": wrong }).to_string(),
        format!("{{\"fields\": \"{wrong}"),
        json!({ "pack": wrong, "request": wrong }).to_string(),
    ];
    for token in tokens {
        let mut client = Client::connect(&server.address, token).unwrap();
        for (path, methods) in web::API.iter().chain(&[("/metrics", &["get"] as &[&str])]) {
            for method in methods.iter() {
                let (record, person) = if *method == "get" { good } else { spare };
                let address = path
                    .replace("/people/{id}", &format!("/people/{person}"))
                    .replace("{object}", "contact")
                    .replace("{id}", record)
                    .replace("{basis}", record)
                    .replace("{seq}", "1")
                    .replace("{pack}", "gdpr")
                    .replace("{question}", "due");
                let method = method.to_uppercase();
                let queries = ["".into(), format!("?q={wrong}"), format!("?email={wrong}&sort={wrong}&cursor={wrong}")];
                for query in &queries {
                    let answer = client.ask(&method, &format!("{address}{query}"), &[], None).unwrap();
                    trial.judge(&format!("{method} {path}"), &answer);
                }
                for body in bodies.iter().filter(|_| method != "GET") {
                    let headers = [("if-match", "\"99\""), ("idempotency-key", wrong.as_str())];
                    let answer = client.send(&method, &address, "application/json", &headers, body).unwrap();
                    trial.judge(&format!("{method} {path}"), &answer);
                }
            }
        }
    }
    let mut stranger = Client::connect(&server.address, &wrong).unwrap();
    let answer = stranger.ask("GET", &format!("/api/v1/contact/{}", good.0), &[], None).unwrap();
    assert_eq!(answer.status, 401);
    trial.judge("a stranger", &answer);
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Every page, as three users, and the forms that take words.
fn pages(trial: &mut Trial, server: &Custos, emails: &[String], contact: &str) {
    let mut client = Client::connect(&server.address, "").unwrap();
    let wrong = trial.planted.sealed();
    let body = format!("email={wrong}%40mark.example&password={wrong}&next=/");
    let answer = client.send("POST", "/sign-in", FORM, &[], &body).unwrap();
    trial.judge("sign-in", &answer);
    for email in &emails[..2] {
        let body = format!("email={}&password={}&next=/", email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let answer = client.send("POST", "/sign-in", FORM, &[], &body).unwrap();
        assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
        let cookie = answer.headers.iter().find(|(name, _)| name == "set-cookie").unwrap().1.clone();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        trial.planted.sealed.push(cookie.split('=').nth(1).unwrap().to_lowercase());
        for (path, methods) in web::pages::PATHS {
            let address = path.replace("{object}", "contact").replace("{id}", contact).replace("{seq}", "1");
            let address = address.replace("{file}", "custos.css");
            if path.contains("sign-out") {
                continue;
            }
            for method in *methods {
                let query = if path.contains("reveal") { "?field=email" } else { "" };
                let word = trial.planted.sealed();
                let keys =
                    ["q", "family_name", "email", "mobile", "reason", "why", "words", "notes", "source", "version"];
                let mut body: Vec<String> = keys.iter().map(|key| format!("{key}={word}")).collect();
                body.push("purpose=account_care".into());
                // The erasure's page is looked at; the deed is done by the command.
                if path.contains("erasure") && *method == "post" {
                    body.clear();
                }
                let body = if *method == "get" { String::new() } else { body.join("&") };
                let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
                let method = method.to_uppercase();
                let kind = if method == "GET" { "" } else { FORM };
                let answer = client.send(&method, &format!("{address}{query}"), kind, &headers, &body).unwrap();
                let log = || std::fs::read_to_string(trial.data.with_extension("log")).unwrap_or_default();
                assert!(answer.status < 500, "{method} {address}: {}\n{}", answer.status, log());
                trial.judge(&format!("{method} {path}"), &answer);
                if answer.status == 303 {
                    let to = answer.headers.iter().find(|(name, _)| name == "location").unwrap().1.clone();
                    let answer = client.send("GET", &to, "", &headers[..1], "").unwrap();
                    trial.judge(&format!("GET {to}"), &answer);
                }
            }
        }
    }
}

/// Every command; those that need more than their name get it, the others are run bare.
fn commands(trial: &mut Trial, top: &Path, emails: &[String], contact: &str, person: &str, needle: &str) {
    let folder = |name: &str| top.join("data").join(name).to_str().unwrap().to_owned();
    let (policies, ledger) = (folder("policies"), folder("ledger"));
    let layer = top.join("layer.toml");
    let field = "label = { en = \"Badge\", zh = \"徽章\" }\nkind = \"text\"\nmax = 20\ncategory = \"employment\"\n\
                 purposes = [\"account_care\"]\nmask = \"all\"\nprotect = \"disk\"\n";
    std::fs::write(&layer, format!("extend = \"contact\"\n[fields.badge]\n{field}")).unwrap();
    let layer = layer.to_str().unwrap();
    let words = trial.planted.sealed();
    for args in [
        vec!["user", "list"],
        vec!["user", "change", &emails[2], "--role", "auditor"],
        vec!["team", "list"],
        vec!["token", "list"],
        vec!["export", "contact", "--role", "sales_manager", "--team", "Sales"],
        vec!["search", "contact", needle, "--role", "sales_manager", "--team", "Sales"],
        vec!["explain", "contact", contact, "--user", &emails[0]],
        vec!["object", "list"],
        vec!["object", "plan", layer],
        vec!["object", "apply", layer],
        vec!["policy", "export", &policies],
        vec!["person", "show", person],
        vec![
            "person",
            "add-basis",
            person,
            "--purpose",
            "quoting",
            "--law",
            "gdpr",
            "--basis",
            "legitimate_interests",
            "--evidence",
            &words,
            "--source",
            &words,
        ],
        vec!["key", "list"],
        vec!["key", "rotate"],
        vec!["ledger", "list"],
        vec!["ledger", "key"],
        vec!["ledger", "prove", "1"],
        vec!["ledger", "export", &ledger],
        vec!["law", "packs"],
    ] {
        trial.command(&args);
    }
    let bases = trial.json(&["person", "show", person]);
    let ending = bases["bases"][0]["id"].as_str().unwrap().to_owned();
    trial.command(&["person", "end-basis", person, &ending]);
    trial.command(&["person", "erase", person, "--yes"]);
    let mut all = Vec::new();
    leaves(&mut Vec::new(), &mut all);
    assert!(all.len() > 25, "{all:?}");
    for path in all {
        let name = path.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
        let known = trial.said.keys().any(|said| said == &name || said.split(' ').next() == Some(&name));
        if !known && name != "serve" && name != "demo" {
            let args: Vec<&str> = path.iter().map(String::as_str).collect();
            trial.try_command(&args, "");
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
        }
    }
}

/// Every form in which a mark is looked for, without its ends where an encoding mixes them with neighbours.
fn forms(mark: &str) -> Vec<Vec<u8>> {
    let wide = |f: fn(u16) -> [u8; 2]| mark.encode_utf16().flat_map(f).collect::<Vec<u8>>();
    let hex: String = mark.bytes().map(|b| format!("{b:02x}")).collect();
    let mut forms = vec![mark.as_bytes().to_vec(), wide(u16::to_le_bytes), wide(u16::to_be_bytes), hex.into_bytes()];
    for shift in 0..3 {
        let shifted = [vec![0; shift], mark.as_bytes().to_vec()].concat();
        let text = STANDARD_NO_PAD.encode(shifted);
        forms.push(text.as_bytes()[if shift == 0 { 0 } else { shift + 1 }..text.len() - 2].to_vec());
    }
    forms
}

fn search(trial: &Trial, files: &[(String, Vec<u8>)], of_data: impl Fn(&str) -> bool) {
    let mut temporary = Vec::new();
    collect(&Custos::temporary(&trial.data), &mut temporary);
    let said = trial.said.iter().map(|(name, bytes)| (format!("what `{name}` said"), bytes.clone()));
    let places: Vec<(String, Vec<u8>)> = files.iter().cloned().chain(temporary).chain(said).collect();
    assert!(trial.planted.sealed.len() > 30 && trial.planted.plain.len() > 2, "marks worth the name");
    let sealed = Needles::of(&trial.planted.sealed);
    let plain = Needles::of(&trial.planted.plain);
    let mut sung = false;
    for (name, bytes) in &places {
        let lower = bytes.to_ascii_lowercase();
        for text in [&lower, bytes] {
            if let Some(mark) = sealed.first_in(text) {
                panic!("{mark} stands in {name}");
            }
            if let Some(mark) = plain.first_in(text) {
                sung = true;
                assert!(of_data(name), "{mark} stands in {name}, outside the data's tables");
            }
        }
    }
    assert!(sung, "a search that finds: the plain columns hold their marks");
}

/// Every form of every mark, found in one pass.
struct Needles<'a> {
    /// Which pairs of bytes begin a form: most places are passed over at once.
    begins: Vec<bool>,
    forms: HashMap<[u8; 4], Vec<(&'a str, Vec<u8>)>>,
}

impl<'a> Needles<'a> {
    fn of(marks: &'a [String]) -> Self {
        let mut needles = Self { begins: vec![false; 1 << 16], forms: HashMap::new() };
        for mark in marks {
            for form in forms(mark) {
                let start: [u8; 4] = form[..4].try_into().unwrap();
                needles.begins[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
                needles.forms.entry(start).or_default().push((mark, form));
            }
        }
        needles
    }

    fn first_in(&self, text: &[u8]) -> Option<&'a str> {
        for at in 0..text.len().saturating_sub(3) {
            let pair = u16::from_be_bytes([text[at], text[at + 1]]);
            if !self.begins[usize::from(pair)] {
                continue;
            }
            let found =
                self.forms.get(&text[at..at + 4]).and_then(|all| all.iter().find(|(_, f)| text[at..].starts_with(f)));
            if let Some((mark, _)) = found {
                return Some(mark);
            }
        }
        None
    }
}
