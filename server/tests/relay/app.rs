//! The app's files: types that browsers insist on, compression, caching, and what a page may load.

use std::fs;

use server::Config;

#[tokio::test]
async fn files_are_served_as_browsers_want_them() {
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("index.html", "<p>page"),
        ("index.html.br", "small page"),
        ("app.0123456789abcdef.wasm", "code"),
        ("app.0123456789abcdef.wasm.gz", "small code"),
        ("sw.js", "worker"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    fs::write(data.path().join("secret.txt"), "secret").unwrap();
    let config = Config { assets: Some(folder.path().to_owned()), ..Config::local(data.path()) };
    let running = server::start(&config).await.unwrap();
    let client = reqwest::Client::new();
    let address = running.address;
    let get = |path: &'static str, accept: &'static str| {
        let request = client.get(format!("http://{address}{path}")).header("accept-encoding", accept);
        async move {
            let response = request.send().await.unwrap();
            let header =
                |name: &str| response.headers().get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
            let line = ["content-type", "content-encoding", "cache-control"].map(header).join(" | ");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert_eq!(header("strict-transport-security"), "-", "{path}: there is no TLS");
            assert!(header("content-security-policy").contains("'wasm-unsafe-eval'"), "{path}");
            assert!(!header("content-security-policy").contains("unsafe-inline"), "{path}");
            format!("{} {line} {}", response.status().as_u16(), response.text().await.unwrap())
        }
    };
    let immutable = "public, max-age=31536000, immutable";
    assert_eq!(get("/", "identity").await, "200 text/html; charset=utf-8 | - | no-cache <p>page");
    assert_eq!(get("/meeting", "gzip, br").await, "200 text/html; charset=utf-8 | br | no-cache small page");
    assert_eq!(get("/sw.js", "br").await, "200 text/javascript; charset=utf-8 | - | no-cache worker");
    let wasm = get("/app.0123456789abcdef.wasm", "gzip").await;
    assert_eq!(wasm, format!("200 application/wasm | gzip | {immutable} small code"));
    for path in ["/missing.js", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/healthz/../../secret.txt"] {
        assert!(get(path, "identity").await.starts_with("404"), "{path}");
    }
    assert_eq!(get("/healthz", "identity").await, "200 text/plain; charset=utf-8 | - | - ok\n");
}
