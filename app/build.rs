//! Turns the locale files into checked code: every file of `locales/zh-CN` is a namespace, with its twin in `locales/en`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use leptos_i18n_build::options::CodegenOptions;
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

/// The language that is written first; what it lacks does not exist.
const FIRST: &str = "zh-CN";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");

    let mut namespaces = Vec::new();
    for entry in fs::read_dir(PathBuf::from("locales").join(FIRST))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            namespaces.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    namespaces.sort();

    // Widgets take strings, so sentences with a gap have to become strings as well.
    let strings = ParseOptions::new().interpolate_display(true);
    let config = Config::new(FIRST)?.add_locale("en")?.add_namespaces(&namespaces)?.parse_options(strings);
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    let options = CodegenOptions::new()
        .top_level_attributes(Some(
            "#![allow(missing_docs, clippy::all, clippy::expect_used, clippy::unwrap_used)]".parse()?,
        ))
        .gen_docs(false);
    translations.generate_i18n_module_with_options(PathBuf::from(env::var("OUT_DIR")?).join("i18n"), options)?;
    Ok(())
}
