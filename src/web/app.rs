//! What every handler starts from: the running house, how it is run, and who is asking. `Signed` is
//! a person at a browser, `Caller` a program with a bearer token; without one of them a handler knows
//! nobody.

use std::future::Future;
use std::future::Ready;
use std::future::ready;
use std::pin::Pin;

use actix_web::FromRequest;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::Data;

use crate::acts::House;
use crate::acts::Look;
use crate::acts::Who;
use crate::acts::accounts::By;
use crate::acts::accounts::Member;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::frame::Viewer;
use crate::web::judged;
use crate::web::language::Reading;
use crate::web::live::Streams;
use crate::web::security::Guard;
use crate::web::view::Badge;

/// How a server is run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Everything is made up, and the door lists the people one can be.
    pub demo: bool,
    /// The address as people type it, when a proxy stands before us: `https://renkei.example`.
    pub public_origin: Option<String>,
    /// How many threads answer; as many as there are processors unless said.
    pub workers: Option<usize>,
}

/// The running house as handlers see it.
#[derive(Debug)]
pub struct App {
    /// The house.
    pub house: House,
    /// Whether everything is made up.
    pub demo: bool,
    /// The address as people type it.
    pub origin: String,
    /// Who listens at this moment.
    pub streams: Streams,
}

/// The house behind a request.
pub fn app(request: &HttpRequest) -> Result<Data<App>> {
    request.app_data::<Data<App>>().cloned().ok_or_else(|| Error::fault("no house is set up"))
}

/// The guard of the server.
pub fn guard(request: &HttpRequest) -> Result<Data<Guard>> {
    request.app_data::<Data<Guard>>().cloned().ok_or_else(|| Error::fault("no guard is set up"))
}

/// A person who is signed in at a browser.
#[derive(Debug)]
pub struct Signed {
    /// The person.
    pub member: Member,
    /// The house.
    pub app: Data<App>,
    /// How the page is to be read.
    pub reading: Reading,
    request: HttpRequest,
}

impl Signed {
    /// The house.
    pub fn house(&self) -> &House {
        &self.app.house
    }

    /// The texts in the reader's language.
    pub fn t(&self) -> Text {
        Text(self.reading.lang)
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.reading.lang
    }

    /// This person as the author of an act.
    pub fn who(&self) -> Who {
        Who::person(self.member.id)
    }

    /// The frame of a page that this person sees.
    pub fn frame(&self, title: impl Into<String>) -> Result<Frame> {
        Ok(Frame::new(&self.request, title)?.seen_by(self.viewer()).demo(self.app.demo))
    }

    fn viewer(&self) -> Viewer {
        Viewer {
            name: self.member.card.name.clone(),
            badge: Badge::new(self.member.profession, self.reading.lang),
            office: self.member.office_name.clone(),
            waiting: 0,
        }
    }

    /// The logs of an act on one patient's record.
    pub fn on(&self, patient: PatientId) -> Vec<LogId> {
        vec![patient.log()]
    }

    /// The request.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }
}

impl FromRequest for Signed {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let member = match judged::known(&request) {
                Some(member) => member,
                None => member_of_session(&request).await?,
            };
            let reading = Reading::of(&request);
            Ok(Self { member, app, reading, request })
        })
    }
}

/// Whoever comes with a session that nobody has looked up yet: for a page that does so in the same reading as
/// what it shows.
#[derive(Debug)]
pub struct Arriving {
    app: Data<App>,
    request: HttpRequest,
}

impl Arriving {
    /// Finds out who it is, and opens a patient's record for them.
    pub async fn look<T: Send + 'static>(
        self,
        patient: PatientId,
        what: &'static str,
        read: impl FnOnce(&mut Look<'_>, &Member) -> Result<T> + Send + 'static,
    ) -> Result<(Signed, T)> {
        let Self { app, request } = self;
        let (secret, used) = session(&request)?;
        let (member, seen) = app.house.look_of_session((&secret, used), patient, what, read).await?;
        let reading = Reading::of(&request);
        Ok((Signed { member, app, reading, request }, seen))
    }
}

impl FromRequest for Arriving {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(app(request).map(|app| Self { app, request: request.clone() }))
    }
}

/// A program with a person's token.
#[derive(Debug)]
pub struct Caller {
    /// Whose token it is.
    pub member: Member,
    /// The house.
    pub app: Data<App>,
}

impl Caller {
    /// The house.
    pub fn house(&self) -> &House {
        &self.app.house
    }

    /// This person as the author of an act.
    pub fn who(&self) -> Who {
        Who::person(self.member.id)
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let member = match judged::known(&request) {
                Some(member) => member,
                None => member_of_token(&request).await?,
            };
            Ok(Self { member, app })
        })
    }
}

/// Whoever's session the request carries.
pub(super) async fn member_of_session(request: &HttpRequest) -> Result<Member> {
    let (secret, used) = session(request)?;
    app(request)?.house.member_of_session(&secret, used).await
}

/// The session's secret, and whether somebody uses it: what a page fetches by itself is no sign that somebody
/// sits before it.
fn session(request: &HttpRequest) -> Result<(String, bool)> {
    let secret = guard(request)?.session_token(request).ok_or(Error::SignedOut)?;
    let by_itself = *request.method() == Method::GET && request.headers().contains_key("x-part");
    Ok((secret, !by_itself))
}

/// Whoever's token the request carries; a token without the scope gets no further.
pub(super) async fn member_of_token(request: &HttpRequest) -> Result<Member> {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret =
        sent.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim).ok_or(Error::SignedOut)?;
    let member = app(request)?.house.member_of_token(secret).await?;
    let needed = if *request.method() == Method::GET { "read" } else { "write" };
    match &member.by {
        By::Token(_, scopes) if scopes.iter().any(|scope| scope == needed) => Ok(member),
        _ => Err(Error::Forbidden(Words::of(Text::token_may_not))),
    }
}

texts! {
    token_may_not {
        ja: "このトークンではできない操作です。「書く」を許したトークンを使ってください。",
        en: "This token does not allow that. Use a token that may write."
    }
}
