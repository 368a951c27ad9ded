// Starts the client, or says in both languages why it cannot start; then asks for the page to be kept.

start();

async function start() {
  try {
    const client = await import("{{pingyi.js}}");
    await client.default({ module_or_path: "{{pingyi.wasm}}" });
  } catch (error) {
    console.error(error);
    document.getElementById(reason(error)).hidden = false;
    return;
  }
  document.getElementById("boot").remove();
  keep();
}

// Which of the page's sentences fits: the browser lacks something, the file did not arrive, or the client failed.
function reason(error) {
  if (typeof WebAssembly === "undefined" || typeof indexedDB === "undefined") return "boot-old";
  if (error instanceof SyntaxError || error instanceof WebAssembly.CompileError) return "boot-old";
  if (error instanceof WebAssembly.RuntimeError) return "boot-broken";
  return "boot-cut";
}

// After the start, so that the first visit downloads each file once: the worker takes them from the browser's cache.
function keep() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch((error) => console.warn(error));
}
