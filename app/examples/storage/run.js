// Lets the journey call one step after the other.

import init, { step } from "/pingyi.js";

await init({ module_or_path: "/pingyi.wasm" });
window.step = step;
document.getElementById("said").textContent = "ready";
