//! The shape of the repository itself: what each file says of itself, which layer names which, and that the map is true.

use std::collections::{BTreeMap, BTreeSet};

use harness::repository::{self, File, contains_word, files, read, sources};

/// Entries allowed beside the hidden ones at the root.
const ROOT: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "rust-toolchain.toml",
    "server",
    "shared",
    "style",
    "tests",
    "xtask",
];

/// What tools and the relay leave at the root; never part of the repository.
const MADE: [&str; 3] = ["data", "data.new", "target"];

#[test]
fn every_file_opens_with_its_sentence() {
    for (ending, open) in [(".rs", "//! "), (".css", "/* "), (".js", "// ")] {
        let silent = files(ending).into_iter().filter(|file| {
            let sentence = file.text.lines().next().and_then(|line| line.strip_prefix(open));
            sentence.is_none_or(|words| words.split_whitespace().count() < 3)
        });
        none(silent.map(|file| file.path), "these files do not say what they are for in line one");
    }
}

#[test]
fn modules_are_named_after_what_they_hold() {
    let empty = ["mod", "prelude", "util", "utils", "helpers", "misc"];
    let nameless = files(".rs").into_iter().filter(|file| empty.contains(&stem(&file.path)));
    none(nameless.map(|file| file.path), "a file is one noun, verb, page or widget");
}

#[test]
fn nothing_else_lies_at_the_root() {
    let entries = std::fs::read_dir(repository::root()).unwrap().map(|entry| entry.unwrap().file_name());
    let entries = entries.map(|name| name.into_string().unwrap()).filter(|name| !name.starts_with('.'));
    let strange = entries.filter(|name| !ROOT.contains(&name.as_str()) && !MADE.contains(&name.as_str()));
    none(strange, "these do not belong at the root");
}

#[test]
fn nobody_s_machine_is_named() {
    // Put together here so that this file does not name them either.
    let folders = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let starts = |text: &str, folder: &str| {
        text.match_indices(folder)
            .any(|(at, _)| !text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || ".-_}*".contains(c)))
    };
    let endings = [".rs", ".toml", ".md", ".css", ".js", ".html", ".json", ".csv"];
    let at_root = ["README.md", "Cargo.toml"].map(|path| File { path: path.to_owned(), text: read(path) });
    let texts = endings.iter().flat_map(|ending| files(ending)).chain(at_root);
    let naming = texts.filter(|file| folders.iter().any(|folder| starts(&file.text, folder)));
    none(naming.map(|file| file.path), "a path of one machine means nothing on another");
}

#[test]
fn comments_read_the_same_in_a_year() {
    let passing = [["for", "now"], ["right", "now"]].map(|words| words.join(" "));
    let marks = [["TO", "DO"], ["FIX", "ME"]].map(|parts| parts.concat());
    let found = files(".rs").into_iter().flat_map(|file| {
        let aged = |line: &str| passing.iter().chain(&marks).any(|word| contains_word(line, word));
        file.comments().filter(|(_, line)| aged(line)).map(|(n, _)| format!("{}:{n}", file.path)).collect::<Vec<_>>()
    });
    none(found, "these comments speak of a moment");
}

#[test]
fn the_domain_does_not_know_that_it_is_replicated() {
    let outside = [
        "automerge",
        "minicbor",
        "crate::document",
        "crate::replica",
        "crate::identity",
        "crate::wire",
        "crate::store",
        "crate::access",
        "crate::cbor",
        "crate::simulation",
        "web_sys",
        "rand_core",
    ];
    none(naming(sources("shared/src/domain"), &outside), "the domain holds plain values and pure functions");
}

#[test]
fn layers_of_shared_point_inwards() {
    none(
        naming(sources("shared/src/document"), &["crate::replica", "crate::simulation", "crate::store"]),
        "documents do not know how they travel",
    );
    for layer in ["identity", "access", "wire", "store"] {
        let outside = ["crate::domain", "crate::document", "crate::replica", "crate::simulation", "automerge"];
        none(
            naming(sources(&format!("shared/src/{layer}")), &outside),
            "these know only identifiers, time and each other",
        );
    }
    let not_document = sources("shared/src").into_iter().filter(|file| {
        !["shared/src/document", "shared/src/replica", "shared/src/simulation"]
            .iter()
            .any(|at| file.path.starts_with(at))
    });
    none(naming(not_document, &["automerge"]), "only the document layer owns a document");
}

#[test]
fn shared_never_touches_the_world() {
    let world = [
        "SystemTime",
        "std::fs",
        "std::net",
        "std::thread",
        "std::env",
        "std::time",
        "std::process",
        "async",
        "thread_rng",
    ];
    none(naming(sources("shared/src"), &world), "time, randomness and bytes are arguments, wishes are values");
}

#[test]
fn numbers_are_exact_and_orders_are_fixed() {
    none(naming(sources("shared/src"), &["f32", "f64"]), "no binary float takes part in a result");
    none(naming(sources("shared/src"), &["HashMap", "HashSet"]), "every device reads in the same order");
}

#[test]
fn the_relay_does_not_understand_the_product() {
    // Commands that calculate or record as a device speak the domain's language; what relays does not.
    let speaks = ["server/src/cli", "server/src/sample", "server/src/headless"];
    let relays = sources("server/src").into_iter().filter(|file| !speaks.iter().any(|at| file.path.starts_with(at)));
    none(naming(relays, &["shared::domain"]), "the relay knows scopes, documents, hashes and devices");
}

#[test]
fn only_platform_and_widgets_touch_the_browser() {
    let touches = ["app/src/platform", "app/src/ui"];
    let others = sources("app/src").into_iter().filter(|file| !touches.iter().any(|at| file.path.starts_with(at)));
    none(naming(others, &["web_sys", "js_sys", "idb", "wasm_bindgen", "gloo_storage"]), "the platform is a leaf");
}

#[test]
fn widgets_know_nothing_of_the_product() {
    // The keypad draws a machine of its own, which knows marks and aspects and nothing of meetings.
    let widgets = sources("app/src/ui").into_iter().filter(|file| !file.path.starts_with("app/src/ui/keypad"));
    none(naming(widgets, &["shared", "crate::state", "crate::pages", "crate::shell"]), "a widget is given words");
}

#[test]
fn pages_see_view_models() {
    // What the engine and the browser have to say of themselves is shown; how they do it is not reached into.
    let behind = [
        "shared::document",
        "shared::wire",
        "shared::replica::Replica",
        "crate::shell::engine",
        "indexed_db",
        "web_sys",
    ];
    none(naming(sources("app/src/pages"), &behind), "pages see neither documents, bytes nor sockets");
}

#[test]
fn only_the_shell_sets_the_workspace() {
    let others = sources("app/src").into_iter().filter(|file| !file.path.starts_with("app/src/shell"));
    none(naming(others, &["set_workspace"]), "state goes down as a signal, wishes go up as a call");
}

#[test]
fn every_sentence_is_in_both_languages() {
    let (chinese, english) = (locale("zh-CN"), locale("en"));
    let keys = |locale: &BTreeMap<String, String>| locale.keys().cloned().collect::<BTreeSet<_>>();
    let only_one: Vec<_> = keys(&chinese).symmetric_difference(&keys(&english)).cloned().collect();
    none(only_one, "these sentences are in one language only");
    none(chinese.iter().chain(&english).filter(|(_, text)| text.is_empty()).map(|(key, _)| key), "these say nothing");
}

#[test]
fn the_interface_avoids_what_offices_may_not_do() {
    // DOMAIN section 5: scoring a meeting is fine, scoring the use of an app is not.
    let avoided = ["打卡", "排行榜", "黑名单", "活跃度", "在线时长"];
    let mut said = files(".json");
    said.extend(files(".html"));
    said.extend(files(".webmanifest"));
    let found = said.iter().filter(|file| file.path.starts_with("app/"));
    let found = found.filter(|file| avoided.iter().any(|word| file.text.contains(word)));
    none(found.map(|file| &file.path), "words to avoid in the interface");
}

#[test]
fn the_interface_speaks_from_its_locale_files() {
    let chinese = |line: &str| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    // Reads what people type: there Chinese is understood, not said.
    let says = |file: &File| stem(&file.path) != "tests" && file.path != "app/src/state/units.rs";
    let spoken = sources("app/src").into_iter().filter(says).flat_map(|file| {
        let before_tests = file.text.lines().position(|line| line.contains("#[cfg(test)]")).unwrap_or(usize::MAX);
        let lines = file.code().filter(|(number, line)| *number <= before_tests && chinese(line));
        lines.map(|(number, _)| format!("{}:{number}", file.path)).collect::<Vec<_>>()
    });
    none(spoken, "what the app says stands in app/locales");
}

#[test]
fn every_stylesheet_is_listed_once() {
    let entry = read("style/main.css");
    let listed = entry.lines().filter_map(|line| line.strip_prefix("@import \"")?.split('"').next());
    let listed: Vec<String> = listed.map(|name| format!("style/{name}")).collect();
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(set.len(), listed.len(), "a stylesheet is imported twice");
    let there: BTreeSet<String> =
        files(".css").into_iter().map(|file| file.path).filter(|p| p != "style/main.css").collect();
    none(set.symmetric_difference(&there), "listed or there, but not both");
}

#[test]
fn styles_win_by_layer_and_not_by_force() {
    let forced = files(".css").into_iter().filter(|file| file.text.contains("!important"));
    none(forced.map(|file| file.path), "layers decide");
}

#[test]
fn tests_wait_for_what_happens() {
    let tests = files(".rs").into_iter().filter(|file| !file.path.starts_with("xtask/"));
    let tests = tests.filter(|file| file.path.starts_with("tests/") || file.path.contains("/tests"));
    let tests: Vec<File> = tests.filter(|file| file.path != "tests/tidy.rs").collect();
    none(naming(tests.clone(), &["sleep"]), "a pause proves nothing");
    none(naming(tests, &["ignore"]), "a test that does not run proves nothing");
}

#[test]
fn the_map_is_true() {
    let map = read("README.md");
    let missing = ["app", "server", "shared"].into_iter().flat_map(|part| {
        let modules = files(".rs").into_iter().filter_map(move |file| {
            let name = file.path.strip_prefix(&format!("{part}/src/"))?.strip_suffix(".rs")?.to_owned();
            (!name.contains('/') && name != "lib" && name != "main").then_some(name)
        });
        modules.map(move |module| (part, module)).collect::<Vec<_>>()
    });
    let missing = missing.filter(|(_, module)| !contains_word(&map, module));
    none(missing.map(|(part, module)| format!("{part}/src/{module}.rs")), "the README's map does not name these");
}

#[test]
fn every_refusal_is_provoked() {
    let (page, reasons) = (read(".github/REFUSALS.md"), read("shared/src/wire/refusal.rs"));
    let numbered = reasons.split_once("pub const ALL").expect("the list of reasons").1;
    let numbered = numbered.split_once("];").expect("its end").0;
    let names = numbered.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.strip_suffix(','));
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 20, "the list was not found: {names:?}");
    let row = |name: &str| page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
    none(names.iter().filter(|name| row(name).is_none()), "these refusals are not on the page");
    let tests: BTreeSet<String> = files(".rs").into_iter().flat_map(|file| functions(&file.text)).collect();
    let snake = |word: &&str| word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let named = |line: &str| line.split('`').filter(snake).map(str::to_owned).collect::<Vec<_>>();
    none(page.lines().flat_map(named).filter(|name| !tests.contains(name)), "the page names tests that are not there");
    let silent = names.iter().filter_map(|name| row(name).map(|line| (name, line)));
    let silent = silent.filter(|(_, line)| named(line).is_empty() && !line.contains("not provoked:"));
    none(silent.map(|(name, _)| name), "these refusals name no test and no reason");
}

#[test]
fn every_mechanism_and_edge_case_has_its_line() {
    let page = read(".github/MECHANISMS.md");
    let has = |name: String| page.lines().any(|line| line.starts_with('|') && line.contains(&name));
    none(
        (1..=29).map(|number| format!("| M{number} ")).filter(|name| !has(name.clone())),
        "these mechanisms have no line",
    );
    let case = |number: u32| {
        let is_named = |cell: &str| cell.split(", ").any(|name| name.trim() == format!("E{number}"));
        page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).any(is_named)
    };
    none((1..=50).filter(|number| !case(*number)), "these edge cases have no line");
    let tests: BTreeSet<String> = files(".rs").into_iter().flat_map(|file| functions(&file.text)).collect();
    let is_test = |word: &&str| {
        word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let named = page.lines().flat_map(|line| line.split('`').filter(is_test).map(str::to_owned).collect::<Vec<_>>());
    none(named.filter(|name| !tests.contains(name)), "the page names tests that are not there");
}

/// Returns the names of the functions that a file declares.
fn functions(text: &str) -> Vec<String> {
    let name = |line: &str| Some(line.split_once("fn ")?.1.split(['(', '<']).next()?.to_owned());
    text.lines().filter_map(name).collect()
}

/// Fails with the list when there is anything in it.
fn none<T: std::fmt::Display>(found: impl IntoIterator<Item = T>, rule: &str) {
    let found: Vec<String> = found.into_iter().map(|item| item.to_string()).collect();
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Lists where files name any of some words in their code.
fn naming(files: impl IntoIterator<Item = File>, words: &[&str]) -> Vec<String> {
    files.into_iter().flat_map(|file| file.naming(words)).collect()
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or(path)
}

/// Reads every sentence of a language, keyed by file and path within it.
fn locale(language: &str) -> BTreeMap<String, String> {
    let folder = format!("app/locales/{language}/");
    let mut sentences = BTreeMap::new();
    for file in files(".json").into_iter().filter(|file| file.path.starts_with(&folder)) {
        let value: serde_json::Value =
            serde_json::from_str(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.path));
        flatten(stem(&file.path), &value, &mut sentences);
    }
    assert!(!sentences.is_empty(), "no sentence in {language}");
    sentences
}

fn flatten(key: &str, value: &serde_json::Value, sentences: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (name, value) in entries {
                flatten(&format!("{key}.{name}"), value, sentences);
            }
        }
        serde_json::Value::String(text) => {
            sentences.insert(key.to_owned(), text.clone());
        }
        other => panic!("{key} is {other}, not a sentence"),
    }
}
