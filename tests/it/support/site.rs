//! A ward with its server running: what a story over HTTP walks into.

use std::net::TcpListener;

use renkei::web::Options;
use tokio::sync::oneshot;

use super::on_each_database;
use super::visitor::Page;
use super::visitor::Visitor;
use super::ward::PASSWORD;
use super::ward::Ward;

/// A ward whose pages are being served.
pub struct Site {
    /// The ward.
    pub ward: Ward,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    /// For the house's own verbs, beside the pages.
    pub runtime: tokio::runtime::Runtime,
}

/// Tells a story to a running server with a fresh ward, on each kind of database. The server is asked
/// to stop at the end, and has to.
pub fn in_each_site(story: impl Fn(&Site)) {
    in_each_site_with(Options::default(), story);
}

/// The same for a server that is run in a certain way.
pub fn in_each_site_with(options: Options, story: impl Fn(&Site)) {
    on_each_database(|kind| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let ward = runtime.block_on(Ward::build(&kind.fresh()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let options = Options { workers: Some(2), ..options.clone() };
        let serving = runtime.spawn(renkei::web::serve(ward.house.clone(), listener, options, async {
            let _ = stopped.await;
        }));
        let site = Site { ward, address, runtime };
        story(&site);
        stop.send(()).unwrap();
        site.runtime.block_on(serving).unwrap().unwrap();
    });
}

impl Site {
    /// A browser of nobody in particular.
    pub fn visitor(&self) -> Visitor {
        Visitor::of(&self.address)
    }

    /// Someone of the ward, signed in with the ward's password, and the page they land on.
    #[track_caller]
    pub fn signed_in(&self, name: &str) -> (Visitor, Page) {
        let visitor = self.visitor();
        let door = visitor.get("/sign-in");
        let page = visitor.send(&door, "サインインする", &[("name", name), ("password", PASSWORD)]);
        page.is(200);
        (visitor, page)
    }

    /// The address of 田中さん's thread.
    pub fn thread(&self) -> String {
        format!("/patients/{}", self.ward.tanaka)
    }
}
