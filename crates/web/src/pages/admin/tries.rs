//! Looking through the eyes of a role or a person: read only, and no more than one may see oneself.

use axum::body::Bytes;

use crate::pages::{
    Answer, Desk, Fault,
    address::{see_other, value},
    sheet::typed,
};

/// Where it ends; the one change that whoever tries may send.
pub const END: &str = "/admin/tries/end";

/// `POST /admin/tries`
pub async fn create(desk: Desk, body: Bytes) -> Answer {
    let sent = typed(&body)?;
    let whose = value(&sent, "whose").ok_or_else(Fault::missing)?;
    desk.house().try_as(&desk.ctx, whose).await?;
    Ok(see_other("/"))
}

/// `POST /admin/tries/end`
pub async fn end(desk: Desk) -> Answer {
    desk.house().stop_trying(&desk.ctx).await?;
    Ok(see_other("/admin"))
}
