//! For whoever watches over the machine: is the process alive, can it serve.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::kernel::error::Result;
use crate::web::app::App;

/// `GET /healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// `GET /readyz`: the database answers, and the keys open it.
pub async fn ready(app: Data<App>) -> Result<HttpResponse> {
    app.house.region().await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}
