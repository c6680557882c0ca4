//! Follow-ups: logged from a record's page; done, put off and pinned from a timeline.

use axum::{body::Bytes, extract::Path, http::StatusCode, response::IntoResponse};
use domain::{Error, FollowUp};
use kernel::RecordId;

use super::{
    Answer, Desk, Fault,
    address::{Pairs, address, local, see_other, value},
    desk::list_path,
    records::{self, record_id},
    sheet::typed,
    timeline::{Typed, cure},
};

/// `POST /{object}/{id}/follow-ups`
pub async fn create(desk: Desk, Path((object, id)): Path<(String, String)>, body: Bytes) -> Answer {
    let definition = desk.object(&object)?;
    let id = record_id(&definition, &id)?;
    let sent = typed(&body)?;
    let text = |key: &str| value(&sent, key).unwrap_or_default().to_owned();
    let what = FollowUp { kind: text("kind"), text: text("text"), next: text("next"), next_on: text("next_on") };
    match desk.house().follow_up(&desk.ctx, &object, id, &what).await {
        Ok(_) => {
            let done = desk.purpose_pair().into_iter().chain([("done", "logged".to_owned())]);
            Ok(see_other(&address(&format!("{}/{id}", list_path(&definition)), done)))
        }
        Err(Error::Invalid(wrong)) => {
            let wrong = wrong.iter().map(|error| cure(&desk, error)).collect();
            let page = records::page(desk, &object, id, &Typed { sent: what, wrong }).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /activity/{id}/done`
pub async fn done(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let act = Sent::read(&id, &body)?;
    desk.house().done(&desk.ctx, act.id, act.version, true).await?;
    Ok(act.back("task-done"))
}

/// `POST /activity/{id}/snooze`
pub async fn snooze(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let act = Sent::read(&id, &body)?;
    let days = value(&act.sent, "days").and_then(|days| days.parse().ok()).unwrap_or(0);
    desk.house().snooze(&desk.ctx, act.id, act.version, days).await?;
    Ok(act.back("snoozed"))
}

/// `POST /activity/{id}/pin`
pub async fn pin(desk: Desk, Path(id): Path<String>, body: Bytes) -> Answer {
    let act = Sent::read(&id, &body)?;
    let on = value(&act.sent, "on").is_some();
    desk.house().pin(&desk.ctx, act.id, act.version, on).await?;
    Ok(act.back("changed"))
}

/// `POST /notices/{id}`
pub async fn put_aside(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = id.parse().map_err(|_| Fault::missing())?;
    desk.house().put_aside(&desk.ctx, id).await?;
    Ok(see_other("/"))
}

/// A button of a timeline that was pressed.
struct Sent {
    id: RecordId,
    version: i64,
    sent: Pairs,
}

impl Sent {
    fn read(id: &str, body: &Bytes) -> Result<Self, Fault> {
        let sent = typed(body)?;
        let id = id.parse().map_err(|_| Fault::missing())?;
        let version = value(&sent, "version").and_then(|v| v.parse().ok()).unwrap_or(0);
        Ok(Self { id, version, sent })
    }

    /// Back to the record whose timeline it was.
    fn back(&self, done: &str) -> axum::response::Response {
        let back = value(&self.sent, "back").and_then(local).unwrap_or("/");
        let sign = if back.contains('?') { '&' } else { '?' };
        see_other(&format!("{back}{sign}done={done}#timeline"))
    }
}
