//! `ichiba serve`: the process that answers; `ichiba link`: a way in for whoever runs the machine.

use crate::{
    clock,
    config::Config,
    http::{self, Site},
    live, secret, worker,
};
use anyhow::Context as _;
use domain::{id::PersonId, sign_in};
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};
use storage::{Store, sign_in::NewLink};
use tokio::net::TcpListener;

/// How long runs are given to keep what they have found when the process is told to stop.
const LAST_WORDS: Duration = Duration::from_secs(10);

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let store = super::open(&config).await?;
    let (listener, site) = listen(config, store).await?;
    println!("Ichiba serves on {}", site.config.base_url);
    serve(listener, site).await
}

/// Takes the address and builds what all requests share.
pub(super) async fn listen(config: Config, store: Store) -> anyhow::Result<(TcpListener, Arc<Site>)> {
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "{} cannot be listened on (is something else running there? choose another port)",
            config.listen
        )
    })?;
    Ok((listener, Arc::new(Site::new(config, store)?)))
}

/// Serves until the process is told to stop; requests that have begun are answered.
pub(super) async fn serve(listener: TcpListener, site: Arc<Site>) -> anyhow::Result<ExitCode> {
    let work = tokio::spawn(worker::run(site.clone()));
    let watch = tokio::spawn(worker::watch(site.clone()));
    let sweep = tokio::spawn(worker::sweep(site.clone()));
    let live = tokio::spawn(live::run(site.clone()));
    let store = site.store.clone();
    let routes = http::router(site).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, routes)
        .with_graceful_shutdown(told_to_stop())
        .await?;
    // What runs have found so far is kept.
    if tokio::time::timeout(LAST_WORDS, store.stop_runs()).await.is_err() {
        tracing::warn!("a run did not end in time; its claim ends with its lease");
    }
    work.abort();
    watch.abort();
    sweep.abort();
    live.abort();
    Ok(ExitCode::SUCCESS)
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            signal.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}

/// A link that signs a person in, in any browser, once, within ten minutes.
pub(super) async fn link_for(config: &Config, store: &Store, person: PersonId, next: &str) -> anyhow::Result<String> {
    let token = secret::secret()?;
    let link = NewLink {
        secret: token.clone(),
        person,
        browser: None,
        code: None,
    };
    store.keep_link(link, clock::now()).await?;
    let next = if next.is_empty() {
        String::new()
    } else {
        format!("&next={next}")
    };
    Ok(format!("{}/sign-in/enter?token={token}{next}", config.base_url))
}

pub(super) async fn link(config: &Config, email: &str) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let person = store.person_by_email(email).await?;
    let person = person.with_context(|| format!("nobody has the mail address {email}"))?;
    println!("{}", link_for(config, &store, person.id, "").await?);
    println!("It holds for {} minutes and works once.", sign_in::LINK_HOLDS.as_mins());
    Ok(ExitCode::SUCCESS)
}
