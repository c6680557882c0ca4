//! Who asks for a page, what for, in which look; and the frame the page is drawn in.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use domain::{Ctx, House};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use kernel::{ActorId, EntryId, PurposeName};
use model::Object;
use seal::policy::{Act, SystemAct};

use super::{
    Fault,
    address::{Pairs, address, see_other, without},
    admin,
    admin::tries,
    session,
};
use crate::{
    Lang,
    api::records::pairs,
    app::{App, Peer},
    ui::{self, Icon, Look, Message, NavGroup, NavItem, Recorded, SIGN_IN, Shell, Tone, User},
};

/// The object of colleagues: its records are made and changed with their accounts, not by a form.
pub const ACCOUNTS: &str = "user";
/// Keys of a query that say what has just happened, not what is shown.
const PASSING: &[&str] = &["done", "seen"];

/// What a request says of itself.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session's secret.
    secret: Option<String>,
    headers: HeaderMap,
    /// The path.
    pub path: String,
    /// The query, as it came.
    query: Option<String>,
    /// Where it came from, for throttling and the sealed part of a sign-in entry.
    pub peer: String,
}

impl FromRequestParts<App> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self { peer: Peer::of(parts), ..Self::read(&parts.headers, &parts.uri) })
    }
}

impl Visit {
    /// Reads it.
    pub fn read(headers: &HeaderMap, uri: &Uri) -> Self {
        Self {
            secret: session::secret(headers).map(str::to_owned),
            headers: headers.clone(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            peer: String::new(),
        }
    }

    /// The query.
    pub fn pairs(&self) -> Result<Pairs, Fault> {
        Ok(pairs(self.query.as_deref())?)
    }

    /// Whether a session's cookie came along, good or not.
    pub fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// The session's secret, for the second step of signing in.
    pub fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// Path and query, to come back to.
    pub fn here(&self) -> String {
        let pairs = pairs(self.query.as_deref()).unwrap_or_default();
        address(&self.path, without(&pairs, PASSING))
    }

    /// The frame of a page for nobody in particular.
    pub fn shell(&self, app: &App) -> Shell {
        let look = session::look(&self.headers, None);
        Shell {
            look,
            house: house_name(app, look.lang),
            user: None,
            nav: Vec::new(),
            here: self.here(),
            csrf: String::new(),
            messages: Vec::new(),
            recorded: None,
        }
    }
}

/// The desk somebody signed in sits at: a handler's first argument.
#[derive(Clone)]
pub struct Desk {
    /// The application.
    pub app: App,
    /// The circumstances of the request, with the purpose that its address states.
    pub ctx: Ctx,
    /// The query.
    pub pairs: Pairs,
    visit: Visit,
    look: Look,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let visit = Visit { peer: Peer::of(parts), ..Visit::read(&parts.headers, &parts.uri) };
        match Self::open(app, visit.clone()).await {
            Err(domain::Error::SignedOut) => {
                // Only a view can be come back to; what a form held is not carried through a sign-in.
                let next = if parts.method == Method::GET { visit.here() } else { "/".into() };
                Err(Fault::Away(Box::new(see_other(&address(SIGN_IN, [("next", next)])))))
            }
            Err(error) => Err(error.into()),
            // Whoever looks through another's eyes changes nothing but that.
            Ok(desk) if desk.ctx.tries.is_some() && parts.method != Method::GET && visit.path != tries::END => {
                Err(domain::Error::NotForRole("try").into())
            }
            Ok(mut desk) => {
                desk.pairs = visit.pairs()?;
                if let Some((_, purpose)) = desk.pairs.iter().find(|(key, _)| key == "purpose") {
                    let known = PurposeName::new(purpose).map_err(|_| Fault::missing())?;
                    desk.ctx.purpose = Some(known);
                }
                Ok(desk)
            }
        }
    }
}

impl Desk {
    /// The desk of a session, or that there is none.
    pub async fn open(app: &App, visit: Visit) -> domain::Result<Self> {
        let secret = visit.secret.as_deref().ok_or(domain::Error::SignedOut)?;
        let signed = app.house.session(secret, None).await?;
        let look = session::look(&visit.headers, Some(&signed.language));
        Ok(Self { app: app.clone(), ctx: signed.ctx, pairs: Vec::new(), visit, look })
    }

    /// The house.
    pub fn house(&self) -> &Arc<House> {
        &self.app.house
    }

    /// The language of the page.
    pub fn lang(&self) -> Lang {
        self.look.lang
    }

    /// A label in it.
    pub fn label<'a>(&self, label: &'a model::Label) -> &'a str {
        label.of(self.lang().is_zh())
    }

    /// The object of a path; a page that is not there for any other.
    pub fn object(&self, name: &str) -> Result<Arc<Object>, Fault> {
        self.house().catalog().object(name).cloned().ok_or_else(Fault::missing)
    }

    /// The value of a key of the query.
    pub fn asked(&self, key: &str) -> Option<&str> {
        super::address::value(&self.pairs, key)
    }

    /// The frame of a page.
    pub fn shell(&self) -> Shell {
        let lang = self.lang();
        let mut shell = self.visit.shell(&self.app);
        shell.look = self.look;
        shell.house = house_name(&self.app, lang);
        shell.user = Some(User { name: self.me(), role: self.roles().join(lang.t("list-comma")) });
        shell.nav = self.nav();
        if self.ctx.emergency {
            shell.messages.push(Message::new(Tone::Warn, lang.t("emergency-open")));
        }
        if let Some(tried) = &self.ctx.tries {
            let role = self.roles().join(lang.t("list-comma"));
            let whom = if tried.id == self.ctx.actor.id { role } else { self.name(tried.id) };
            let undo = ui::Act { label: lang.t("try-end").to_owned(), action: tries::END.into(), fields: Vec::new() };
            let text = lang.with("trying", &[("whom", whom.into())]);
            shell.messages.push(Message { undo: Some(undo), ..Message::new(Tone::Warn, text) });
        }
        let done = match self.asked("done") {
            Some("created") => Some("done-created"),
            Some("changed") => Some("done-changed"),
            Some("same") => Some("done-same"),
            Some("erased") => Some("done-erased"),
            Some("emergency") => Some("done-emergency"),
            Some("mailed") => Some("done-mailed"),
            Some("noted") => Some("done-noted"),
            Some("view-saved") => Some("done-view-saved"),
            Some("view-dropped") => Some("done-view-dropped"),
            Some("end") => Some("done-end"),
            Some("none-ticked") => Some("done-none-ticked"),
            Some("logged") => Some("done-logged"),
            Some("task-done") => Some("done-task"),
            Some("snoozed") => Some("done-snoozed"),
            _ => None,
        };
        if let Some(done) = done {
            shell.messages.push(Message::new(Tone::Ok, lang.t(done)));
        }
        shell
    }

    /// The frame of a page whose values were recorded under this entry.
    pub fn recorded(&self, entry: EntryId) -> Shell {
        let reads = self.house().may_system(&self.ctx, SystemAct::ReadLedger);
        let href = reads.then(|| address("/ledger", [("actor", self.ctx.actor.id.to_string())]));
        let mut shell = self.shell();
        shell.recorded = Some(Recorded { entry: short(&entry), href, at: self.moment(self.ctx.at) });
        shell
    }

    /// The same for a page that was drawn in answer to a form: its address is that of the view.
    pub fn framed(&self, here: String, entry: EntryId) -> Shell {
        let shell = self.recorded(entry);
        if self.visit.path == here { shell } else { Shell { here, ..shell } }
    }

    /// The frame of a form that was sent back: its address is that of the form, not of where it was sent.
    pub fn framing(&self, here: String) -> Shell {
        Shell { here, ..self.shell() }
    }

    /// Path and query of this page, to come back to.
    pub fn here(&self) -> String {
        self.visit.here()
    }

    /// A colleague's name; for machines, what they are.
    pub fn name(&self, actor: ActorId) -> String {
        self.house()
            .name_of(actor)
            .unwrap_or_else(|| self.lang().with("actor-unknown", &[("id", short(&actor).into())]))
    }

    fn me(&self) -> String {
        self.name(self.ctx.actor.id)
    }

    /// The labels of the actor's roles.
    pub fn roles(&self) -> Vec<String> {
        let rules = self.house().rules();
        let label = |role: &kernel::RoleName| rules.matrix().roles.get(role).map(|r| self.label(&r.label).to_owned());
        self.ctx.eyes().roles.iter().filter_map(label).collect()
    }

    /// The objects that the actor may look at, in the order of menus.
    pub fn objects(&self) -> Vec<Arc<Object>> {
        let ctx = Ctx { purpose: None, ..self.ctx.clone() };
        let catalog = self.house().catalog();
        catalog.objects().filter(|object| self.house().may(&ctx, &object.name, Act::View)).cloned().collect()
    }

    fn nav(&self) -> Vec<NavGroup> {
        let lang = self.lang();
        let item = |label: &str, href: String, icon: Icon| NavItem {
            label: label.to_owned(),
            current: self.visit.path == href || href != "/" && self.visit.path.starts_with(&format!("{href}/")),
            href,
            icon,
        };
        let mut first = vec![item(lang.t("home"), "/".into(), Icon::Home)];
        first.extend(
            self.objects()
                .iter()
                .map(|object| item(self.label(&object.plural), list_path(object), Icon::named(&object.icon))),
        );
        let mut oversight = Vec::new();
        if self.house().may_system(&self.ctx, SystemAct::ReadLedger) {
            oversight.push(item(lang.t("ledger"), "/ledger".into(), Icon::Ledger));
        }
        if self.house().may_system(&self.ctx, SystemAct::ReadBases) {
            oversight.push(item(lang.t("law-nav"), "/law".into(), Icon::Calendar));
        }
        if self.house().may_system(&self.ctx, SystemAct::EmergencyAccess) {
            oversight.push(item(lang.t("emergency"), "/emergency".into(), Icon::Alarm));
        }
        if self.house().may_system(&self.ctx, SystemAct::BackUp) {
            oversight.push(item(lang.t("backups"), "/backups".into(), Icon::Archive));
        }
        let mut nav = vec![NavGroup { label: None, items: first }];
        if admin::any(self) {
            oversight.push(item(lang.t("administration"), "/admin".into(), Icon::Settings));
        }
        if !oversight.is_empty() {
            nav.push(NavGroup { label: Some(lang.t("oversight").to_owned()), items: oversight });
        }
        nav
    }

    /// Where this house is reached, as the browser has it: `https://crm.nord.example`.
    pub fn origin(&self) -> String {
        let host = self.visit.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        format!("https://{}", host.unwrap_or("localhost"))
    }

    /// The address the request came from.
    pub fn peer(&self) -> String {
        self.visit.peer.clone()
    }

    /// An instant as the page writes it; times are told in UTC, and say so.
    pub fn moment(&self, at: Timestamp) -> String {
        format!("{} UTC", self.lang().moment(civil(at)))
    }

    /// The day of an instant.
    pub fn day(&self, at: Timestamp) -> String {
        self.lang().date(civil(at).date())
    }

    /// `New contact`.
    pub fn new_label(&self, object: &Object) -> String {
        self.lang().with("new-object", &[("object", self.inside(&object.label).into())])
    }

    /// A label inside a sentence: small in English.
    pub fn inside(&self, label: &model::Label) -> String {
        let text = self.label(label);
        if self.lang().is_zh() { text.to_owned() } else { text.to_lowercase() }
    }

    /// Whether a form may make or change records of this object at all.
    pub fn has_form(&self, object: &Object) -> bool {
        object.name.as_str() != ACCOUNTS
    }

    /// The purpose that the address states, to be kept in links.
    pub fn purpose_pair(&self) -> Option<(&'static str, String)> {
        self.asked("purpose").map(|purpose| ("purpose", purpose.to_owned()))
    }
}

/// Who runs this house.
fn house_name(app: &App, lang: Lang) -> String {
    if app.demo { lang.t("house-demo").to_owned() } else { "Custos".to_owned() }
}

/// An instant in UTC.
pub fn civil(at: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(at)
}

/// The path of an object's list.
pub fn list_path(object: &Object) -> String {
    format!("/{}", object.name)
}

/// An id, short enough to say: its last eight characters, which are chance alone.
pub fn short(id: &impl ToString) -> String {
    let text = id.to_string();
    text.get(text.len().saturating_sub(8)..).unwrap_or_default().to_owned()
}
