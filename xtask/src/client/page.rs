//! Puts the page together: the files it needs, its version, and the list for the service worker.

use crate::client::assets::{Assets, hash};
use crate::client::compile::Compiled;
use crate::client::styles;
use crate::failure::Failure;
use crate::repository;

/// Names a phone needs to open the page without a network; icons are for the home screen only.
const KEPT: [&str; 5] = ["boot.js", "icon.svg", "pingyi.css", "pingyi.js", "pingyi.wasm"];

/// Fills the assets and returns the version: a hash over the page and everything it needs.
pub fn assemble(assets: &mut Assets, compiled: Compiled) -> Result<String, Failure> {
    let app = repository::root().join("app");
    let public = app.join("public");
    let mut script = String::from_utf8_lossy(&compiled.script).into_owned();
    let mut kept: Vec<String> = KEPT.map(str::to_owned).to_vec();

    for (path, content) in compiled.snippets {
        assets.add(&path, content);
        if let Some(published) = assets.published(&path) {
            script = script.replace(&format!("./{path}"), &format!("/{published}"));
        }
        kept.push(path);
    }
    assets.add("pingyi.js", script.into_bytes());
    assets.add("pingyi.wasm", compiled.wasm);
    assets.add("pingyi.css", styles::bundle(&repository::root().join("style"))?.into_bytes());

    let mut templates = Vec::new();
    for path in repository::files_below(&public)? {
        let name = path.strip_prefix(&public).unwrap_or(&path).to_string_lossy().into_owned();
        match name.as_str() {
            "sw.js" => {}
            // These name other files, so they are filled when those have their names.
            _ if name.ends_with(".js") || name.ends_with(".webmanifest") => templates.push((name, path)),
            _ => assets.add(&name, repository::read(&path)?),
        }
    }
    for (name, path) in templates {
        let filled = assets.fill(&name, &repository::read_text(&path)?, &[])?;
        assets.add(&name, filled.into_bytes());
    }

    let template = repository::read_text(&app.join("index.html"))?;
    let unversioned = assets.fill("index.html", &template, &[("version", "")])?;
    let mut files: Vec<String> = Vec::new();
    for name in &kept {
        let published = assets.published(name);
        let missing = || Failure::UnknownAsset { file: "sw.js".to_owned(), asset: name.clone() };
        files.push(format!("/{}", published.ok_or_else(missing)?));
    }
    files.sort();
    let worker = repository::read_text(&public.join("sw.js"))?;
    let version = hash(format!("{unversioned}\n{worker}\n{}", files.join("\n")).as_bytes());

    let page = assets.fill("index.html", &template, &[("version", &version)])?;
    assets.add_plain("index.html", page.into_bytes());
    let list: Vec<String> = files.iter().map(|file| format!("\"{file}\"")).collect();
    let worker = assets.fill("sw.js", &worker, &[("version", &version), ("files", &list.join(", "))])?;
    assets.add_plain("sw.js", worker.into_bytes());
    Ok(version)
}
