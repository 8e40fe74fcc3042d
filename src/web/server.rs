//! The server: one house, one listening socket, until it is told to stop. Then no new request is
//! taken, live streams end, what is in flight is answered, and what is noted is written.

use std::future::Future;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::App as Site;
use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use tokio::sync::watch;

use crate::acts::House;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::seal::Key;
use crate::web::app::App;
use crate::web::app::Options;
use crate::web::live;
use crate::web::live::Streams;
use crate::web::respond;
use crate::web::routes;
use crate::web::security;
use crate::web::security::Guard;
use crate::web::trace;

/// The largest form: 256 KiB of urlencoded Japanese is some 29 000 characters, a full sheet.
const FORM_MAX: usize = 256 << 10;
/// How long a request may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what is in flight may take once we stop, in seconds.
const FAREWELL_SECONDS: u64 = 20;

/// Serves until `stop` comes true.
pub async fn serve(
    house: House,
    listener: TcpListener,
    options: Options,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let broken = |cause: std::io::Error| Error::fault(format!("the server cannot run: {cause}"));
    let origin = match options.public_origin {
        Some(origin) => origin,
        None => format!("http://{}", listener.local_addr().map_err(broken)?),
    };
    let (stopping, stopped) = watch::channel(false);
    let guard = Data::new(Guard::new(origin.clone(), form_key(&house)?, FORM_MAX));
    let app = Data::new(App {
        house: house.clone(),
        demo: options.demo,
        origin,
        streams: Streams::new(stopped.clone()),
    });
    let dispatching = tokio::spawn(live::dispatch(app.clone()));
    let keeping = tokio::spawn({
        let house = house.clone();
        async move { house.keep(stopped).await }
    });
    let server = listen(app, guard, listener, options.workers).map_err(broken)?;
    let handle = server.handle();
    let mut serving = tokio::spawn(server);
    let early = tokio::select! {
        () = stop => None,
        served = &mut serving => Some(served),
    };
    let _ = stopping.send(true);
    let served = match early {
        Some(served) => served,
        None => {
            handle.stop(true).await;
            serving.await
        }
    };
    let _ = tokio::join!(dispatching, keeping);
    // What was opened while we were stopping is noted too.
    house.flush_accesses().await?;
    served.map_err(|_| Error::fault("the server ended early"))?.map_err(broken)
}

/// The server with the whole site, about to run.
fn listen(
    app: Data<App>,
    guard: Data<Guard>,
    listener: TcpListener,
    workers: Option<usize>,
) -> std::io::Result<Server> {
    let site = move || {
        Site::new()
            .app_data(app.clone())
            .app_data(guard.clone())
            .wrap(from_fn(respond::explain))
            .wrap(from_fn(security::guard))
            .wrap(from_fn(trace::trace))
            .configure(routes::register)
    };
    let mut server = HttpServer::new(site)
        .client_request_timeout(PATIENCE)
        // A browser that left takes its live stream's place with it at once.
        .h1_allow_half_closed(false)
        .shutdown_timeout(FAREWELL_SECONDS)
        .disable_signals();
    if let Some(workers) = workers {
        server = server.workers(workers.max(1));
    }
    Ok(server.listen(listener)?.run())
}

/// The key of form tokens: the same on every node and after every start, so that a page that was
/// open meanwhile can still be sent.
fn form_key(house: &House) -> Result<Key> {
    let bytes = house.keys().look_up("form tokens", "1");
    Key::from_bytes(&bytes).ok_or_else(|| Error::fault("a look-up value has the wrong length"))
}
