//! The live stream: pointers reach those who may know, nobody else, and end with the session.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use renkei::acts::accounts::Computer;
use renkei::kernel::id::PersonId;

use crate::support::site::Site;
use crate::support::site::in_each_site;

/// A browser's event stream, line by line.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(site: &Site, who: PersonId) -> Self {
        let secret = site.runtime.block_on(site.ward.house.begin_session(who, Computer::Own)).unwrap();
        let host = site.address.trim_start_matches("http://");
        let mut wire = TcpStream::connect(host).unwrap();
        wire.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        write!(wire, "GET /live HTTP/1.1\r\nhost: {host}\r\ncookie: renkei={secret}\r\n\r\n").unwrap();
        let mut stream = Self(BufReader::new(wire));
        assert!(stream.hears("retry:"), "the stream opens");
        stream
    }

    /// Whether a line with these words comes before the stream falls silent.
    fn hears(&mut self, words: &str) -> bool {
        let mut line = String::new();
        loop {
            line.clear();
            match self.0.read_line(&mut line) {
                Ok(0) | Err(_) => return false,
                Ok(_) if line.contains(words) => return true,
                Ok(_) => {}
            }
        }
    }

    /// Whether the server ends the stream before it falls silent.
    fn ends(&mut self) -> bool {
        let mut line = String::new();
        loop {
            line.clear();
            match self.0.read_line(&mut line) {
                Ok(0) => return true,
                Ok(_) if line.trim() == "0" => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }
}

#[test]
fn a_post_is_pointed_out_to_the_team_and_to_nobody_else() {
    in_each_site(|site| {
        let mut doctor = Stream::open(site, site.ward.sato);
        let mut outsider = Stream::open(site, site.ward.okada);
        let mut admin = Stream::open(site, site.ward.nakamura);
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        nurse.send(&thread, "送る", &[("body", "発熱37.8度")]).is(200).says("届いた");
        let patient = site.ward.tanaka.to_string();
        assert!(doctor.hears(&format!("data: {patient}")));
        assert!(doctor.hears("data: me"));
        assert!(!outsider.hears("data:"), "an outsider hears nothing");
        assert!(!admin.hears("data:"), "an administrator hears nothing");
        // Whom the pointer reached is noted, before anything was opened.
        let mut page = nurse.get(&site.thread());
        for _ in 0..20 {
            if page.words().contains("届いた 1") {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
            page = nurse.get(&site.thread());
        }
        page.says("届いた 1").says("開いた 0");
    });
}

#[test]
fn a_stream_ends_with_its_session_and_a_person_holds_only_so_many() {
    in_each_site(|site| {
        let mut streams: Vec<Stream> = (0..4).map(|_| Stream::open(site, site.ward.sato)).collect();
        let (doctor, _) = site.signed_in("sato");
        doctor.get("/live").is(503);
        let account = doctor.get("/account");
        doctor.send(&account, "ほかの端末をすべてサインアウトさせる", &[]).is(200);
        let mut first = streams.remove(0);
        assert!(first.hears("data: *"), "it is told to look once more");
        assert!(first.ends(), "and then it is over");
    });
}
