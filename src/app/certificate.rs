//! Looks at the certificate's files while the server runs, so that a renewed one is shown without a stop.

use std::sync::{Arc, Mutex, PoisonError};

use axum_server::tls_rustls::RustlsConfig;

use crate::{
    base::{Tasks, utc},
    config::SettingError,
    edge::{Shared, redirect::Target},
    tls::Certificate,
};

/// From now on looks at the files every so often, and when the certificate's bell rings. Connections that are open keep
/// what they were shown, and go on. Answers with what new connections are accepted by, and where plain HTTP leads to: the
/// names of the certificate, at `port`.
pub(super) fn watch(
    site: &Shared,
    tasks: &Tasks,
    certificate: Option<Certificate>,
    port: u16,
) -> (Arc<Target>, Option<RustlsConfig>) {
    let names = certificate.as_ref().map(Certificate::names);
    let origin = site.ctx.settings.public_url.clone();
    let target = Arc::new(Target::new(origin, port, names.unwrap_or_default()));
    let Some(certificate) = certificate else {
        return (target, None);
    };
    let config = RustlsConfig::from_config(certificate.config());
    let every = site.ctx.settings.limits.certificate_check;
    let (site, bell) = (Arc::clone(site), certificate.bell());
    let (shown, leads) = (config.clone(), Arc::clone(&target));
    tasks.until_stopped(async move {
        let certificate = Arc::new(Mutex::new(certificate));
        let mut problem = None;
        loop {
            let asked = tokio::time::timeout(every, bell.notified()).await.is_ok();
            let (certificate, now) = (Arc::clone(&certificate), utc(site.ctx.clock.as_ref()));
            let look = move || {
                let mut certificate = certificate.lock().unwrap_or_else(PoisonError::into_inner);
                let new = certificate.look_again(now)?;
                Ok((new, certificate.config(), certificate.names()))
            };
            let seen: Result<_, SettingError> = site.ctx.disk.run(look).await;
            match seen {
                Ok((new, config, names)) => {
                    if new {
                        shown.reload_from_config(config);
                        leads.set_names(names);
                        tracing::info!("new connections are shown the new certificate");
                    } else if asked {
                        tracing::info!("the certificate's files hold what is shown already");
                    }
                    problem = None;
                }
                // Said once, and not with every look.
                Err(error) => {
                    let text = error.to_string();
                    if asked || problem.as_ref() != Some(&text) {
                        tracing::error!(error = %error, "the certificate's files cannot be used; the one before is still shown");
                    }
                    problem = Some(text);
                }
            }
        }
    });
    (target, Some(config))
}
