//! The export of a list as a file.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{Csv, Error, Export, MAX_EXPORT, Xlsx};
use model::Field;
use seal::policy::Act;
use tokio::sync::mpsc;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, value, without},
    asked::{Asked, PLACE},
    desk::list_path,
    lists::Columns,
    sheet::typed,
    views, words,
};
use crate::{
    Lang,
    ui::Link,
    view::{ExportForm, export},
};

/// The page that a list's export begins with, for those who may.
pub fn offered(desk: &Desk, asked: &Asked) -> Option<String> {
    let object = &asked.definition;
    desk.house()
        .may(&desk.ctx, &object.name, Act::Export)
        .then(|| address(&format!("{}/export", list_path(object)), asked.said(without(&asked.pairs, PLACE))))
}

/// `GET /{object}/export`
pub async fn show(desk: Desk, Path(object): Path<String>) -> Answer {
    let asked = Asked::read(&desk, &object).await?;
    if !desk.house().may(&desk.ctx, &object, Act::Export) {
        return Err(desk.house().refuse(&desk.ctx, &asked.definition.name, &[], Act::Export).await.into());
    }
    drawn(&desk, &asked, String::new(), None).await
}

async fn drawn(desk: &Desk, asked: &Asked, reason: String, wrong: Option<String>) -> Answer {
    let lang = desk.lang();
    let object = &asked.definition;
    let n = desk.house().export_count(&desk.ctx, &object.name, &asked.ask).await?;
    let names = Columns::named(asked, desk).names(object);
    let labels: Vec<String> = names.iter().filter_map(|name| words::field_label(lang, object, name)).collect();
    let list: Pairs = without(&asked.pairs, PLACE);
    let view = ExportForm {
        heading: lang.with(
            "export-heading",
            &[
                ("n", n.min(MAX_EXPORT).into()),
                ("objects", desk.inside(if n == 1 { &object.label } else { &object.plural }).into()),
            ],
        ),
        back: Link::new(desk.label(&object.plural), asked.href(list)),
        action: address(&format!("{}/export", list_path(object)), desk.purpose_pair()),
        query: asked.query(),
        columns: labels.join(lang.t("list-comma")),
        reason,
        wrong,
        cut: (n > MAX_EXPORT).then(|| lang.with("export-cut", &[("n", MAX_EXPORT.into())])),
    };
    Ok(export(&desk.shell(), &view).into_response())
}

/// `POST /{object}/export`
pub async fn create(desk: Desk, Path(object): Path<String>, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let asked = views::of_form(&desk, &object, &sent).await?;
    let reason = value(&sent, "reason").unwrap_or_default();
    let begun = match desk.house().begin_export(&desk.ctx, &object, &asked.ask, reason).await {
        Ok(begun) => begun,
        Err(Error::Invalid(_)) => {
            let wrong = Some(desk.lang().t("export-short").to_owned());
            return drawn(&desk, &asked, reason.to_owned(), wrong).await;
        }
        Err(error) => return Err(error.into()),
    };
    let day = desk.ctx.at.strftime("%Y-%m-%d").to_string();
    let name = format!("{object}-{day}");
    match value(&sent, "format") {
        Some("xlsx") => {
            let bytes = workbook(&desk, begun).await?;
            let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(file(&format!("{name}.xlsx"), media, Body::from(bytes)))
        }
        _ => Ok(file(&format!("{name}.csv"), "text/csv; charset=utf-8", lines(&desk, begun))),
    }
}

fn heads(lang: Lang) -> impl Fn(&Field) -> String {
    move |field| field.label.of(lang.is_zh()).to_owned()
}

async fn workbook(desk: &Desk, mut begun: Export) -> Result<Vec<u8>, Fault> {
    let mut book = Xlsx::default();
    while let Some(page) = desk.house().next_export(&desk.ctx, &mut begun).await? {
        book.page(heads(desk.lang()), &page)?;
    }
    let done = tokio::task::spawn_blocking(move || book.finish()).await;
    Ok(done.map_err(|_| Error::Setup("the workbook could not be written".into()))??)
}

/// The lines as they are read: no more than two pages are held. What breaks off is no whole file, and the browser says so.
fn lines(desk: &Desk, mut begun: Export) -> Body {
    let (to, from) = mpsc::channel::<Result<Bytes, Error>>(2);
    let (house, ctx, lang) = (Arc::clone(desk.house()), desk.ctx.clone(), desk.lang());
    tokio::spawn(async move {
        let mut csv = Csv::default();
        loop {
            let part = match house.next_export(&ctx, &mut begun).await {
                Ok(Some(page)) => csv.page(heads(lang), &page).map(Bytes::from),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            let broken = part.is_err();
            if to.send(part).await.is_err() || broken {
                return;
            }
        }
    });
    Body::from_stream(futures::stream::unfold(from, |mut from| async move { Some((from.recv().await?, from)) }))
}

fn file(name: &str, media: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
