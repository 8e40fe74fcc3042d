//! Whoever sends something is judged by the table of addresses before a byte of it is read: who they
//! are, and whether the row lets them. What the body says, and whether it can be read at all, is told
//! only to those whom it concerns.

use std::str::FromStr;

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::Next;

use crate::access::library::LibraryNeed;
use crate::access::library::library;
use crate::acts::accounts::Member;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::record::payload::Rank;
use crate::web::app;
use crate::web::form;
use crate::web::routes;
use crate::web::routes::May;

/// Who was found to be asking, for the handler that follows.
struct Known(Member);

/// Whoever was judged before this handler ran; `None` where nothing is sent.
pub(super) fn known(request: &HttpRequest) -> Option<Member> {
    request.extensions_mut().remove::<Known>().map(|Known(member)| member)
}

/// Middleware of every address: judges what brings a body. A refused body is let pass by unread, so that
/// its sender hears the answer.
pub(super) async fn judge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method().is_safe() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    match may(request.request()).await {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(why) => {
            form::let_pass(request.take_payload()).await;
            Ok(request.error_response(why))
        }
    }
}

async fn may(request: &HttpRequest) -> Result<()> {
    // A method that the address does not know is answered behind us.
    let Some(row) = routes::row(request) else { return Ok(()) };
    if row.may == May::Anyone {
        return Ok(());
    }
    let member = match request.path().starts_with("/api/") {
        true => app::member_of_token(request).await?,
        false => app::member_of_session(request).await?,
    };
    let app = app::app(request)?;
    match row.may {
        May::Anyone | May::Member => {}
        May::OfficeAdmin if member.rank == Rank::Member => return Err(admins_only()),
        May::Author => library(member.profession, member.rank, LibraryNeed::Write)?,
        May::RegionAdmin if member.rank != Rank::RegionAdmin => return Err(admins_only()),
        // Whose office it is about, the act judges.
        May::OfficeAdmin | May::RegionAdmin => {}
        May::Patient(need) => app.house.may(member.id, named(request, "patient")?, need).await?,
        May::Letter(need) => app.house.may_letter(member.id, named(request, "letter")?, need).await?,
    }
    request.extensions_mut().insert(Known(member));
    Ok(())
}

fn admins_only() -> Error {
    Error::Forbidden(Words::of(Text::admins_only))
}

/// The id in the path; what is no id at all was never there.
fn named<T: FromStr>(request: &HttpRequest, name: &str) -> Result<T> {
    request.match_info().get(name).and_then(|id| id.parse().ok()).ok_or(Error::Missing)
}
