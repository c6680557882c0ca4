//! What every request shares: the house, the counters, who asks.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, header, request::Parts},
};
use domain::{Ctx, House};

use crate::{
    metrics::Metrics,
    problem::{Problem, Told},
};

/// The application.
#[derive(Clone)]
pub struct App {
    /// The running system.
    pub house: Arc<House>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Whether this installation shows its demo users on the sign-in page.
    pub demo: bool,
}

impl App {
    /// An application over a house.
    pub fn new(house: Arc<House>, demo: bool) -> Self {
        Self { house, metrics: Arc::default(), demo }
    }
}

impl FromRef<App> for Arc<House> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.house)
    }
}

/// The address a request came from; set by the server for each connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Its text, for throttling and the sealed part of a sign-in entry.
    pub fn of(parts: &Parts) -> String {
        parts.extensions.get::<Self>().map_or_else(|| "local".to_owned(), |peer| peer.0.to_string())
    }
}

/// A program with a token.
#[derive(Clone, Debug)]
pub struct Client(pub Ctx);

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let secret = value.and_then(|v| v.strip_prefix("Bearer ")).ok_or_else(|| {
            Problem(Told::new(
                StatusCode::UNAUTHORIZED,
                "signed_out",
                "send an API token: `Authorization: Bearer custos_…` (an administrator makes one)",
            ))
        })?;
        let ctx = app.house.token(secret.trim()).await?;
        Ok(Self(ctx))
    }
}

impl OptionalFromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some)
        } else {
            Ok(None)
        }
    }
}
