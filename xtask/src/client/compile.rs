//! Compiles the client to wasm and binds it to JavaScript with the very version of wasm-bindgen that it links.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;

use crate::client::Profile;
use crate::failure::Failure;
use crate::{progress, repository};

/// The compilation target of the phone.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The client as a browser can load it.
pub struct Compiled {
    /// The JavaScript module that loads the wasm.
    pub script: Vec<u8>,
    /// The WebAssembly module.
    pub wasm: Vec<u8>,
    /// Scripts that the module imports by relative path.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Adds the wasm target to the toolchain when it is missing.
pub fn ensure_target() -> Result<(), Failure> {
    if has_target() {
        return Ok(());
    }
    if !repository::answers("rustup", "--version") {
        return Err(Failure::Missing {
            program: "The wasm32-unknown-unknown target (and rustup, which would add it)",
            advice: "Install rustup from https://rustup.rs, or your system's package of Rust's wasm32 target, \
                     and run the command again.",
        });
    }
    let mut rustup = Command::new("rustup");
    rustup.current_dir(repository::root()).args(["target", "add", TARGET]);
    progress::run("rustup target add", &mut rustup)
}

fn has_target() -> bool {
    let asked = Command::new("rustc")
        .current_dir(repository::root())
        .args(["--print", "target-libdir", "--target", TARGET])
        .stderr(Stdio::null())
        .output();
    asked.is_ok_and(|output| {
        output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    })
}

/// The programs that run in a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The client itself.
    Client,
    /// The storage script on the browser's database.
    Storage,
}

impl Program {
    /// Returns how cargo selects it, and its name.
    fn selection(self) -> [&'static str; 2] {
        match self {
            Self::Client => ["--bin", "pingyi-app"],
            Self::Storage => ["--example", "storage"],
        }
    }
}

/// Compiles a program and binds it.
pub fn compile(program: Program, profile: Profile) -> Result<Compiled, Failure> {
    let mut cargo = repository::cargo();
    let [kind, name] = program.selection();
    cargo.args(["build", "--package", "pingyi-app", kind, name, "--target", TARGET]);
    cargo.args(["--profile", profile.name(), "--message-format", "json-render-diagnostics"]);
    let messages = progress::capture(&format!("compiling {name}"), &mut cargo)?;
    bind(&wasm_among(&messages, name).ok_or(Failure::NoWasm)?, profile)
}

/// Finds a program's wasm among cargo's messages, wherever the target folder is.
fn wasm_among(messages: &str, program: &str) -> Option<PathBuf> {
    let names = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == program)
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten();
    names.filter_map(|name| name.as_str().map(PathBuf::from)).find(|path| path.extension().is_some_and(|e| e == "wasm"))
}

fn bind(wasm: &Path, profile: Profile) -> Result<Compiled, Failure> {
    let mut bindgen = Bindgen::new();
    // Names of functions make a panic of a journey readable; a phone does not download them.
    bindgen.input_path(wasm).out_name("pingyi").remove_name_section(profile == Profile::Client);
    bindgen.remove_producers_section(true);
    let mut output = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .map_err(|error| Failure::Bindgen { reason: format!("{error:#}") })?;

    let inline = output.snippets().iter().flat_map(|(name, texts)| {
        let numbered = texts.iter().enumerate();
        numbered.map(move |(number, text)| (format!("snippets/{name}/inline{number}.js"), text.clone().into_bytes()))
    });
    let local = output.local_modules().iter();
    let local = local.map(|(path, text)| (format!("snippets/{path}"), text.clone().into_bytes()));
    let mut snippets: Vec<_> = inline.chain(local).collect();
    // The library keeps local modules in a hash map; the build is the same every time.
    snippets.sort();

    let script = output.js().to_owned().into_bytes();
    Ok(Compiled { script, wasm: output.wasm_mut().emit_wasm(), snippets })
}
