//! Desks, account, joining, office and region, with made-up content.

use crate::kernel::profession::Profession;
use crate::web::account;
use crate::web::desks;
use crate::web::frame::Frame;
use crate::web::frame::Place;
use crate::web::gallery::Look;
use crate::web::gallery::NOON;
use crate::web::gallery::care::filter;
use crate::web::region;
use crate::web::team::Fact;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::Mark;
use crate::web::view::Tone;

pub(super) fn referrals_page(l: Look) -> desks::ReferralsPage {
    let card = |marks: Vec<Mark>, next: Option<String>| desks::BoardCard {
        href: "/letters/1".to_owned(),
        title: l.s("歯科 連絡・申込み用紙", "Dental referral"),
        patient: l.s("田中 ハル（86歳・要介護3）", "Haru Tanaka (86, care need 3)"),
        says: l.s(
            "義歯が合わず痛みがあり、食事量が半分になっています。",
            "Dentures do not fit and hurt; she eats half of her meals.",
        ),
        from: l.nurse(),
        since: l.when(NOON),
        marks,
        next,
    };
    let column = |ja: &str, en: &str, cards| desks::BoardColumn { title: l.s(ja, en), cards };
    let clock = Mark::new(Tone::Due, l.s("受付の期限 本日17:00", "accept by 17:00 today"));
    let late = Mark::new(Tone::Harm, l.s("報告の期限 1日超過", "report 1 day late"));
    desks::ReferralsPage {
        t: l.t(),
        frame: l.frame("紹介・申込みの受付", "Referrals desk", Place::Letters).wide(),
        filters: vec![filter(l, "受付中", "Open", 2, true), filter(l, "終わった申込み", "Closed", 14, false)],
        board: vec![
            column("新しい申込み", "New", vec![card(vec![clock], Some(l.s("受け付ける", "Accept")))]),
            column("日程調整", "Fixing a visit", vec![]),
            column("訪問予定", "Visit fixed", vec![]),
            column(
                "報告待ち",
                "Report due",
                vec![card(vec![late], Some(l.s("報告を書く", "Write the report")))],
            ),
        ],
    }
}

pub(super) fn admissions_page(l: Look) -> desks::AdmissionsPage {
    let office = ("居宅介護支援つるぎ", "Tsurugi Care Managers");
    let manager = l.person(Profession::CareManager, "山本 由美", "Yumi Yamamoto", office);
    let sheet = |title: String, mark| desks::SheetState { href: "/letters/1".to_owned(), title, mark };
    let row = |planned, manager, alarms| desks::StayRow {
        href: "/patients/2".to_owned(),
        patient: l.s("小林 正男", "Masao Kobayashi"),
        about: l.s("昭和13年1月8日（88歳）要介護2", "8 Jan 1938 (88), care need 2"),
        place: l.s("上市総合病院 3階病棟", "Kamiichi Hospital, ward 3"),
        admitted: l.when("2026-11-10T01:00:00Z"),
        planned,
        manager,
        sheets: vec![
            sheet(
                l.s("入院時情報提供書", "Admission sheet"),
                Mark::new(Tone::Done, l.s("受け取り済み", "received")),
            ),
            sheet(
                l.s("退院・退所情報記録書", "Discharge sheet"),
                Mark::new(Tone::Act, l.s("下書き", "draft")),
            ),
        ],
        days: l.s("12日目", "day 12"),
        alarms,
    };
    let alarm = Mark::new(Tone::Due, l.s("退院まで4日", "4 days to discharge"));
    desks::AdmissionsPage {
        t: l.t(),
        frame: l.frame("入院中の患者", "Current stays", Place::Letters).wide(),
        filters: vec![filter(l, "入院中", "In hospital", 2, true)],
        rows: vec![
            row(Some(l.when("2026-11-26T01:00:00Z")), Some(manager), vec![alarm]),
            row(None, None, vec![]),
        ],
    }
}

pub(super) fn account_page(l: Look) -> account::AccountPage {
    account::AccountPage {
        t: l.t(),
        frame: l.frame("アカウント", "Account", Place::Mine),
        me: vec![
            Fact::new(l.s("氏名", "Name"), l.nurse().name),
            Fact::new(l.s("職種", "Profession"), l.nurse().badge.name()),
            Fact::new(l.s("サインイン名", "Sign-in name"), "ito"),
        ],
        sign_in_name: "ito".to_owned(),
        reading: account::reading_fields(l.t(), l.0.code(), false),
        password: account::password_fields(l.t(), &[]),
        sessions: vec![
            account::SessionRow {
                device: "Chrome, Android".to_owned(),
                here: true,
                since: l.when(NOON),
                seen: l.when(NOON),
                end: String::new(),
            },
            account::SessionRow {
                device: "Edge, Windows".to_owned(),
                here: false,
                since: l.when("2026-11-20T01:00:00Z"),
                seen: l.when("2026-11-21T01:00:00Z"),
                end: "/account/sessions/2".to_owned(),
            },
        ],
        tokens: vec![],
        new_token: vec![Field::new("text", "name", l.s("何に使いますか", "What for")).must()],
        fresh_token: Some("renkei_0a1b2c3d4e5f60718293a4b5c6d7e8f9".to_owned()),
        flaws: vec![],
    }
}

pub(super) fn join_page(l: Look, over: bool) -> account::JoinPage {
    let invitation = vec![
        Fact::new(l.s("氏名", "Name"), l.s("高橋 誠", "Makoto Takahashi")),
        Fact::new(l.s("職種", "Profession"), l.s("歯科医師", "Dentist")),
        Fact::new(l.s("事業所", "Office"), l.s("高橋歯科医院", "Takahashi Dental Clinic")),
    ];
    account::JoinPage {
        t: l.t(),
        frame: Frame::sample(l.0, &l.s("参加の手続き", "Join")).narrow(),
        region: l.s("中新川", "Nakaniikawa"),
        invitation: if over { vec![] } else { invitation },
        fields: vec![
            Field::new("text", "name", l.s("サインイン名", "Sign-in name")).must().fills("username"),
            Field::new("password", "password", l.s("パスワード", "Password")).must().fills("new-password"),
        ],
        action: "/join/x".to_owned(),
        flaws: vec![],
    }
}

fn offices(l: Look) -> Vec<region::OfficeRow> {
    let row = |ja: &str, en: &str, kind: String, people| region::OfficeRow {
        href: "/admin/offices/1".to_owned(),
        name: l.s(ja, en),
        kind,
        town: l.s("上市町", "Kamiichi"),
        contact: "076-000-0000".to_owned(),
        people,
    };
    vec![
        row("つるぎ訪問看護ステーション", "Tsurugi Visiting Nurses", l.s("訪問看護", "visiting nurses"), 6),
        row("佐藤内科医院", "Sato Clinic", l.s("診療所", "clinic"), 3),
        row("高橋歯科医院", "Takahashi Dental Clinic", l.s("歯科診療所", "dental clinic"), 2),
    ]
}

pub(super) fn region_page(l: Look) -> region::RegionPage {
    region::RegionPage {
        t: l.t(),
        frame: l.frame("地域", "Region", Place::Region).wide(),
        region: l.s("中新川", "Nakaniikawa"),
        doors: region::doors(l.t(), true, true, true),
        filters: vec![filter(l, "すべて", "All", 64, true), filter(l, "診療所", "Clinics", 20, false)],
        query: String::new(),
        offices: offices(l),
    }
}

pub(super) fn office_page(l: Look) -> region::OfficePage {
    let row = |id: &str, who, active| region::StaffRow {
        id: id.to_owned(),
        who,
        state: if active {
            Mark::new(Tone::Done, l.s("利用中", "active"))
        } else {
            Mark::new(Tone::Due, l.s("停止中", "suspended"))
        },
        rank: l.s("職員", "member"),
        seen: active.then(|| l.when(NOON)),
        action: "/office/people/1".to_owned(),
        back: "/office".to_owned(),
        active,
        ranks: vec![
            Choice::new("member", l.s("利用者", "member"), "member"),
            Choice::new("office_admin", l.s("事業所の管理者", "office administrator"), "member"),
        ],
    };
    region::OfficePage {
        t: l.t(),
        frame: l.frame("事業所の人", "Staff", Place::Region).wide(),
        office: l.nurse().office,
        edit: Some("/admin/offices/1/card".to_owned()),
        staff: vec![row("s1", l.nurse(), true), row("s2", l.nurse(), false)],
        invitations: vec![region::InvitationRow {
            says: l.s("岡田 玲（訪問看護師）", "Rei Okada (visiting nurse)"),
            until: l.when("2026-11-29T08:00:00Z"),
            end: "/office/invitations/1".to_owned(),
        }],
        invite: vec![
            Field::new("text", "name", l.s("氏名", "Name")).must(),
            Field::new("select", "profession", l.s("職種", "Profession"))
                .of(Profession::ALL.iter().map(|p| Choice::new(p.code(), p.name().say(l.0), "")).collect()),
        ],
        action: "/office/invitations".to_owned(),
        invitation: "0193f2b0-0000-7000-8000-000000000008".to_owned(),
        fresh_link: Some("https://renkei.example/join/0a1b2c3d4e5f60718293a4b5c6d7e8f9".to_owned()),
        flaws: vec![],
    }
}

pub(super) fn admin_page(l: Look) -> region::AdminPage {
    region::AdminPage {
        t: l.t(),
        frame: l.frame("地域の管理", "Administration", Place::Region).wide(),
        offices: offices(l),
        new_office: vec![Field::new("text", "name", l.s("名称", "Name")).must()],
        office: "0193f2b0-0000-7000-8000-000000000009".to_owned(),
        attention: vec![],
        duplicates: vec![],
        flaws: vec![],
    }
}
