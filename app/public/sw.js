// Keeps the page: hashed files are kept, the page opens offline, a new version waits to be told.

const VERSION = "{{version}}";
const FILES = [{{files}}];
const PAGE = "/";
const PREFIX = "pingyi-";
const CACHE = PREFIX + VERSION;

// Every file is durable progress: a cut connection repeats one file and nothing else. A file that an older version
// already keeps under the same hashed name is copied, not downloaded.
async function keepAll() {
  const cache = await caches.open(CACHE);
  for (const path of FILES) {
    if (await cache.match(path)) continue;
    await cache.put(path, (await caches.match(path)) ?? (await arrived(path, "default")));
  }
  // Last, and past the browser's cache: the page must be of this version, not of an older one.
  const page = await arrived(PAGE, "reload");
  if (!(await page.clone().text()).includes(`content="${VERSION}"`)) throw new Error("the page is of another version");
  await cache.put(PAGE, page);
}

async function arrived(path, mode) {
  const response = await fetch(path, { cache: mode });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

// Once this version is in charge, only its own files stay.
async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") event.respondWith(kept(PAGE, event.request));
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname, event.request));
});

// A new version never interrupts: only a person's consent, passed on by the page, makes it take over.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});
