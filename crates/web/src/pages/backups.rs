//! How backups stand, for whoever runs the installation.

use std::sync::Arc;

use axum::response::IntoResponse;
use domain::{Drilled, Failure, Last, Progress, Standing};

use super::{Answer, Desk, address::see_other};
use crate::{
    ui::Act,
    view::{Backups, backups},
};

/// `GET /backups`
pub async fn show(desk: Desk) -> Answer {
    let stand = desk.house().backups_stand(&desk.ctx).await?;
    Ok(backups(&desk.shell(), &filled(&desk, &stand)).into_response())
}

/// `POST /backups`: makes one now.
pub async fn create(desk: Desk) -> Answer {
    desk.house().allow(&desk.ctx, seal::policy::SystemAct::BackUp).await?;
    // What went wrong stands on the page that follows.
    let (house, ctx) = (Arc::clone(desk.house()), desk.ctx.clone());
    // Whoever closes the page does not stop it.
    let made = tokio::spawn(async move {
        if let Err(error) = house.back_up(&ctx, nobody()).await {
            tracing::error!(target: "custos::backup", %error, "a backup failed");
        }
    });
    let _ = made.await;
    Ok(see_other("/backups"))
}

/// `POST /backups/drill`: restores the newest one into a scratch folder now.
pub async fn drill(desk: Desk) -> Answer {
    desk.house().allow(&desk.ctx, seal::policy::SystemAct::BackUp).await?;
    let (house, ctx) = (Arc::clone(desk.house()), desk.ctx.clone());
    let drilled = tokio::spawn(async move {
        if let Err(error) = house.drill(&ctx, None, nobody()).await {
            tracing::error!(target: "custos::backup", %error, "a drill failed");
        }
    });
    let _ = drilled.await;
    Ok(see_other("/backups"))
}

fn nobody() -> Progress {
    Arc::new(|_, _| {})
}

fn filled(desk: &Desk, stand: &Standing) -> Backups {
    let lang = desk.lang();
    let figure = |key: &'static str, text: String| (lang.t(key).to_owned(), text);
    let set = stand.settings.is_some();
    let mut wrong = Vec::new();
    if !set {
        wrong.push(lang.t("backups-unset").to_owned());
    } else if stand.last.is_none() {
        wrong.push(lang.t("backups-none").to_owned());
    } else if stand.stale {
        wrong.push(lang.t("backups-stale").to_owned());
    }
    if set && stand.unproven {
        wrong.push(lang.t("backups-unproven").to_owned());
    }
    let failed = |key: &'static str, failure: &Option<Failure>| {
        failure.as_ref().map(|f| lang.with(key, &[("at", desk.moment(f.at).into()), ("what", f.what.clone().into())]))
    };
    wrong.extend(failed("backups-failed", &stand.failure));
    wrong.extend(failed("backups-drill-failed", &stand.drill_failure));
    let act = |key: &'static str, action: &str| {
        set.then(|| Act { label: lang.t(key).to_owned(), action: action.into(), fields: Vec::new() })
    };
    let mut view = Backups {
        wrong,
        make: act("backups-make", "/backups"),
        rehearse: act("backups-rehearse", "/backups/drill"),
        ..Backups::default()
    };
    if let Some(Last { id, at, size, added, took_ms }) = &stand.last {
        view.backup = vec![
            figure("backups-at", desk.moment(*at)),
            figure("backups-snapshot", id.chars().take(8).collect()),
            figure("backups-size", bytes(*size)),
            figure("backups-added", bytes(*added)),
            figure("backups-took", span(*took_ms)),
        ];
    }
    view.backup.push(figure("backups-good", stand.good.to_string()));
    view.backup.push(figure("backups-repository", bytes(stand.size)));
    if let Some(Drilled { at, recovery_ms, point_ms, entries, with_escrow, .. }) = &stand.drill {
        let escrow = if *with_escrow { "backups-escrow-opened" } else { "backups-escrow-closed" };
        view.drill = vec![
            figure("backups-at", desk.moment(*at)),
            figure("backups-recovery", span(*recovery_ms)),
            figure("backups-point", span(*point_ms)),
            figure("backups-entries", entries.to_string()),
            figure("backups-escrow", lang.t(escrow).to_owned()),
        ];
    } else {
        view.drill = vec![figure("backups-at", lang.t("backups-never").to_owned())];
    }
    if let Some(settings) = &stand.settings {
        let keep = settings.keep();
        let kept = [("h", keep.hours), ("d", keep.days), ("w", keep.weeks), ("m", keep.months)];
        let kept = kept.map(|(name, n)| (name, i64::from(n).into()));
        view.settings = vec![
            figure("backups-place", settings.repo.clone()),
            figure("backups-escrow", settings.escrow.display().to_string()),
            figure("backups-every", lang.with("backups-minutes", &[("n", i64::from(settings.every_minutes).into())])),
            figure("backups-kept", lang.with("backups-rule", &kept)),
            figure("backups-epochs", lang.with("backups-days", &[("n", i64::from(settings.keep_epoch_days).into())])),
        ];
    }
    view
}

/// A size as people say it, in powers of 1024.
fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = n;
    let mut rest = 0;
    let mut unit = 0;
    while value >= 1024 && unit + 1 < UNITS.len() {
        rest = value % 1024 * 10 / 1024;
        value /= 1024;
        unit += 1;
    }
    if unit == 0 { format!("{value} B") } else { format!("{value}.{rest} {}", UNITS[unit]) }
}

/// A length of time in the unit that suits it.
fn span(ms: i64) -> String {
    match ms {
        ..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..7_200_000 => format!("{} min", ms / 60_000),
        _ => format!("{} h", ms / 3_600_000),
    }
}
