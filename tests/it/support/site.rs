//! A ward with its server running: what a story over HTTP walks into.

use std::net::TcpListener;

use renkei::acts::House;
use renkei::web::Options;
use tokio::sync::oneshot;

use super::browser::Browser;
use super::browser::Screen;
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
        let runtime = runtime();
        let ward = runtime.block_on(Ward::build(&kind.fresh()));
        let serving = Serving::start(&runtime, ward.house.clone(), options.clone());
        let site = Site { ward, address: serving.address.clone(), runtime };
        story(&site);
        serving.stop(&site.runtime);
    });
}

/// What a house and its server run on.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A server in this process.
pub struct Serving {
    /// `http://127.0.0.1:PORT`
    pub address: String,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<renkei::kernel::error::Result<()>>,
}

impl Serving {
    /// Serves a house on a port of its own.
    pub fn start(runtime: &tokio::runtime::Runtime, house: House, options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let options = Options { workers: Some(2), ..options };
        let task = runtime.spawn(renkei::web::serve(house, listener, options, async {
            let _ = stopped.await;
        }));
        Self { address, stop, task }
    }

    /// Asks it to stop, and it has to.
    pub fn stop(self, runtime: &tokio::runtime::Runtime) {
        self.stop.send(()).unwrap();
        runtime.block_on(self.task).unwrap().unwrap();
    }
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

    /// Someone of the ward at a real browser, signed in and on the page that asks for them.
    #[track_caller]
    pub fn at_a_browser(&self, name: &str, screen: Screen) -> Browser {
        let browser = Browser::open(&self.address, screen);
        browser.go("/");
        browser.see("サインイン");
        browser.write("サインイン名", name);
        browser.write("パスワード", PASSWORD);
        browser.press("サインインする");
        browser.see("自分あて");
        browser
    }

    /// The address of 田中さん's thread.
    pub fn thread(&self) -> String {
        format!("/patients/{}", self.ward.tanaka)
    }
}
