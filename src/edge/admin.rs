//! The admin address: metrics for Prometheus, and the same health checks as the public one. It asks nobody who they
//! are, so it belongs on an address that only the owner reaches.

use std::{fmt, sync::Arc};

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text::encode},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

use super::{Shared, router::ready};
use crate::base::Tasks;

/// The media type of the text format (`OpenMetrics` 1.0, section "Protocol Negotiation").
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The routes of the admin address.
pub fn routes(site: &Shared, tasks: &Tasks) -> Router {
    let figures = Figures {
        site: Arc::clone(site),
        tasks: tasks.clone(),
    };
    Router::new()
        .route("/metrics", get(async move || metrics(figures)))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Arc::clone(site))
}

fn metrics(figures: Figures) -> Response {
    let mut registry = Registry::with_prefix("parlor");
    registry.register_collector(Box::new(figures));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What is counted, read anew for each scrape.
#[derive(Debug, Clone)]
struct Figures {
    site: Shared,
    tasks: Tasks,
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let stored = self.site.ctx.store.stats();
        let gauges = [
            (
                "sockets",
                "Live Socket.IO connections",
                self.site.hub.everybody().len(),
            ),
            (
                "rooms_heard",
                "Rooms that somebody listens to",
                self.site.hub.rooms_heard(),
            ),
            ("tasks", "Background tasks", self.tasks.count()),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        let counters = [
            ("store_commits", "Transactions committed", stored.commits),
            (
                "store_changes",
                "Changes in these transactions",
                stored.changes,
            ),
            (
                "passwords_compared",
                "Passwords compared with a hash, at a login or to confirm who somebody is",
                self.site.ctx.passwords.compared(),
            ),
        ];
        for (name, help, value) in counters {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        Ok(())
    }
}
