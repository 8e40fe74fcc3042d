//! Prepares what browsers fetch: joins the style sheets, names every file after its content,
//! compresses it, and writes the table that `web::assets` serves; and gathers the stories beside the shipped
//! pathways. Nothing else is built here.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use sha2::Digest;

type Done<T> = Result<T, Box<dyn Error>>;

const SOURCE: &str = "src/web/static";

fn main() -> Done<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SOURCE}");
    println!("cargo::rerun-if-changed=src/web/pages");
    println!("cargo::rerun-if-changed=askama.toml");
    println!("cargo::rerun-if-changed=pathways");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?).join("assets");
    fs::create_dir_all(&out)?;
    let named = name_by_content(read_sources(Path::new(SOURCE))?)?;
    fs::write(out.join("table.rs"), table(&out, &named)?)?;
    fs::write(out.with_file_name("stories.rs"), stories(Path::new("pathways"))?)?;
    Ok(())
}

/// The stories beside the pathways that come with the program: pathway, file, text.
fn stories(folder: &Path) -> Done<String> {
    let mut rows = Vec::new();
    for pathway in fs::read_dir(folder)? {
        let pathway = pathway?.path();
        let Ok(cases) = fs::read_dir(pathway.join("cases")) else { continue };
        let id = pathway.file_name().and_then(|name| name.to_str()).ok_or("a folder name is not UTF-8")?;
        for case in cases {
            let case = case?.file_name();
            let name = case.to_str().ok_or("a file name is not UTF-8")?;
            let place = format!("/pathways/{id}/cases/{name}");
            rows.push(format!(
                "    ({id:?}, {name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {place:?}))),\n"
            ));
        }
    }
    rows.sort();
    Ok(format!("&[\n{}]\n", rows.concat()))
}

/// Reads every file; the style sheets become one, tokens first (layers decide the rest).
fn read_sources(folder: &Path) -> Done<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut sheets = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("css") => sheets.insert((name != "tokens.css", name.to_owned()), fs::read(&path)?),
            _ => files.insert(name.to_owned(), fs::read(&path)?),
        };
    }
    files.insert("renkei.css".to_owned(), sheets.into_values().collect::<Vec<_>>().join(&b'\n'));
    Ok(files)
}

/// Puts a digest into each name. A module that imports another is named after that one is,
/// so that its own digest covers what it imports.
fn name_by_content(mut waiting: BTreeMap<String, Vec<u8>>) -> Done<BTreeMap<String, (String, Vec<u8>)>> {
    let mut named: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting
            .iter()
            .filter(|(name, bytes)| !waiting.keys().any(|other| other != *name && imports(bytes, other)))
            .map(|(name, _)| name.clone())
            .collect();
        if ready.is_empty() {
            return Err("modules import each other in a circle".into());
        }
        for name in ready {
            let mut bytes = waiting.remove(&name).unwrap_or_default();
            if name.ends_with(".js") {
                let mut text = String::from_utf8(bytes)?;
                for (other, (hashed, _)) in &named {
                    text = text.replace(&format!("\"./{other}\""), &format!("\"./{hashed}\""));
                }
                bytes = text.into_bytes();
            }
            let (stem, extension) = name.rsplit_once('.').ok_or("a file has no extension")?;
            let digest: String =
                sha2::Sha256::digest(&bytes).iter().take(8).fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
            named.insert(name.clone(), (format!("{stem}-{digest}.{extension}"), bytes));
        }
    }
    Ok(named)
}

fn imports(module: &[u8], other: &str) -> bool {
    let wanted = format!("\"./{other}\"");
    module.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}

/// Writes the files and their compressed forms, and the Rust table that names them.
fn table(out: &Path, named: &BTreeMap<String, (String, Vec<u8>)>) -> Done<String> {
    let mut rows = String::new();
    let mut names = String::new();
    let mut scripts = String::new();
    for (name, (hashed, bytes)) in named {
        fs::write(out.join(hashed), bytes)?;
        let squeezed = !name.ends_with(".png") && bytes.len() > 256;
        if squeezed {
            fs::write(out.join(format!("{hashed}.gz")), gzip(bytes)?)?;
            fs::write(out.join(format!("{hashed}.br")), brotli(bytes)?)?;
        }
        let include = |suffix: &str| {
            format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{hashed}{suffix}\"))")
        };
        let (gzip, brotli) = match squeezed {
            true => (format!("Some({})", include(".gz")), format!("Some({})", include(".br"))),
            false => ("None".to_owned(), "None".to_owned()),
        };
        writeln!(
            rows,
            "    Asset {{ name: {hashed:?}, kind: {:?}, plain: {}, gzip: {gzip}, brotli: {brotli} }},",
            kind(name)?,
            include("")
        )?;
        let constant = name.replace(['.', '-'], "_").to_uppercase();
        writeln!(names, "/// Where `{name}` is served.\npub const {constant}: &str = \"/assets/{hashed}\";")?;
        if name.ends_with(".js") {
            writeln!(scripts, "    {constant},")?;
        }
    }
    Ok(format!(
        "/// Everything that is served, sorted by name as it stands in the address.\npub static ASSETS: &[Asset] = &[\n{rows}];\n\n{names}\n\
         /// Every module, for the page's head.\npub const SCRIPTS: &[&str] = &[\n{scripts}];\n"
    ))
}

fn kind(name: &str) -> Done<&'static str> {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("png") => Ok("image/png"),
        _ => Err(format!("{name}: no content type is known for this kind of file").into()),
    }
}

fn gzip(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

fn brotli(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut squeezed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut squeezed, &params)?;
    Ok(squeezed)
}
